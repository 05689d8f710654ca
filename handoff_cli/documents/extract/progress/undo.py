"""What is left to do that no list has: stashes to take back, what was to be put back by its words, what was put off."""

from __future__ import annotations

from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.transcript import REFUSED
from handoff_cli.documents.extract.commands.checks import is_check
from handoff_cli.documents.extract.facts import Stashed
from handoff_cli.documents.extract.language.findings import LEAST_CHARS, same, subject_of
from handoff_cli.documents.extract.language.words import ASKING, clipped, identifiers, is_code_name, plain, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Command, Edit, Message, Transcript
    from handoff_cli.documents.extract.runs.commits import Committed


def stashed(transcript: Transcript, commits: Sequence[Committed] = ()) -> tuple[Stashed, ...]:
    """Return the stashes that commands made and none took back, the latest first; not those the user ordered.

    What was edited before the last of the ``commits`` is not said to lie in one.
    """
    left: list[Stashed] = []
    for command in transcript.commands:
        if "stash" not in command.text or (command.error or "").startswith(REFUSED):
            continue
        for part in _PARTS.split(command.text):
            stash = _STASH.match(part.strip())
            if stash and (stash[1] or "push") in ("push", "save"):
                if not _made_none(command) and not _ordered(transcript, command.position):
                    since = max((it.position for it in commits if it.position <= command.position), default=-1)
                    edits = [it for it in transcript.edits if since < it.position < command.position]
                    left.append(_told(stash[2] or "", edits))
            elif (stash or _FROM_STASH.search(part)) and left and not _kept(command):
                number = _NUMBER.search(part)
                at = len(left) - 1 - int(number[1]) if number else len(left) - 1
                if stash and stash[1] == "clear":
                    left.clear()
                elif (not stash or stash[1] in ("pop", "apply", "drop", "branch")) and 0 <= at < len(left):
                    del left[at]
    return tuple(reversed(left))


_PARTS = lazily(r"&&|\|\||[;\n|()]")
_STASH = lazily(
    r"(?:sudo )?git(?: -[cC] \S+)* stash(?: (push|save|pop|apply|drop|clear|branch|list|show|create|store))?\b(.*)"
)
_FROM_STASH = lazily(r"git (?:checkout|restore|read-tree)\b.*\bstash(?:@|\b)")
_NUMBER = lazily(r"stash@\{(\d{1,3})\}")


def _made_none(command: Command) -> bool:
    """Return whether a command that is to stash did not: there was nothing, or it ended before."""
    nothing = "No local changes" in (command.output or "")
    return nothing or (command.outcome == "failed" and not _PARTS.search(command.text))


def _kept(command: Command) -> bool:
    return bool(_STILL_THERE.search(f"{command.output or ''}\n{command.error or ''}"))


_STILL_THERE = lazily(r"stash entry is kept|No stash entries|would be overwritten by merge|could not restore untracked")


def _ordered(transcript: Transcript, position: int) -> bool:
    """Return whether the user spoke of a stash in the request that a command at ``position`` works on."""
    asked = [it.text for it in transcript.messages if it.role == "user" and it.position < position]
    return bool(asked) and "stash" in asked[-1].lower()


def _told(options: str, edits: Sequence[Edit]) -> Stashed:
    """Return a stash with the paths it was made of, and the files of ``edits`` that lie in it."""
    named = options.partition(" -- ")[2].split()
    paths = tuple(it.strip("\"'") for it in named if not it.startswith(("-", ">", "2>")))
    edited = dict.fromkeys(it.path for it in edits)
    there = (it for it in edited if not paths or any(_is_in(it, path) for path in paths))
    return Stashed(paths, tuple(there))


def _is_in(file: str, path: str) -> bool:
    name, path = file.replace("\\", "/"), path.rstrip("/")
    return name == path or name.endswith(f"/{path}") or f"/{path}/" in name or path == "."


def to_put_back(transcript: Transcript, told: Sequence[tuple[str, str]] = ()) -> tuple[str, ...]:
    """Return the sentences that say that something is to be put back, which no later call does, the latest first.

    What ``temporary`` tells is ``told`` already: a sentence said beside the edit that brought it needs no line.
    """
    spoken = sorted((*transcript.messages, *transcript.reasonings), key=lambda it: it.position)
    found: list[str] = []
    every = "\n".join(it.text for it in spoken)
    what, abroad = ([it for it in words if it in every] for words in (_WHAT, _ABROAD))
    for place in range(len(spoken) - 1, -1, -1):
        text = spoken[place].text
        here = any(it in text for it in what) and any(it in text for it in _WHEN)
        here = here or any(it in text for it in abroad)
        if not here or len(text) > _MOST_READ or not puts_back(text):
            continue
        said = [plain(it) for it in sentences(text)]
        for at, sentence in enumerate(said):
            if len(sentence) < LEAST_CHARS or sentence.endswith(ASKING) or not puts_back(sentence):
                continue
            subject = subject_of(sentence)
            if any(same(subject, subject_of(other), _MUCH) for other in found):
                continue
            if not (_is_done(sentence, spoken, place, transcript) or _is_told(spoken, place, told, transcript)):
                about = f"{said[at - 1]} " if at and _OF_BEFORE.match(sentence) else ""
                made = _made_beside(spoken, place, transcript) if _DELETES.search(sentence) else ""
                found.append(f"{clipped(f'{about}{sentence}', _MOST_CHARS)}{made}")
    return tuple(found[:_MOST])


_DELETES = caseless(r"\b(?:delet|remov)\w*\b")


def _made_beside(spoken: Sequence[Message], place: int, transcript: Transcript) -> str:
    """Return as an aside which file was written first after the words that it is to be deleted, empty where none was.

    One that they name, or that is gone since, is not told.
    """
    since, until = spoken[place].position, next((it.position for it in spoken[place + 1 :]), None)
    within = (it for it in transcript.edits if it.position > since and (until is None or it.position < until))
    made = next((it.path for it in within if it.action == "created"), "")
    known = not made or name_of(made) in spoken[place].text
    return "" if known else f" ({name_of(made)})"


_OF_BEFORE = caseless(r"(?:must|needs?|has|have|should|to|will|gets?|(?:it|this|that|they|these)(?:'ll)?)\b")
"""How a sentence begins whose subject stands in the one before."""

_MOST_READ, _MOST_CHARS, _MOST, _MUCH = 6_000, 170, 3, 0.5
_ABROAD = (
    *("temporal", "provis", "volver a", "vor\xfcbergehend", "wieder", "sp\xe4ter", "danach", "am ende", "temporair"),
    *("remettre", "temporar", "temporane", "\u4e34\u65f6", "\u6682\u65f6", "\u6539\u56de", "\u8fd8\u539f"),
    *("\u4e00\u65f6", "\u0432\u0440\u0435\u043c\u0435\u043d\u043d\u043e"),
)
_WHAT = ("back", " again", "emporarily", "for now", "evert", "undo", "restor", "remov", "delet", "dropp")
_WHEN = (
    *(" after", " later", " before", " once", " when", " at the end", "emporarily", "for now", " again"),
    *(" be set", " be put", " be sw", " be tu", " be sc", " be ta", " be br"),
)
"""One of each is in every text that the pattern below could match."""

_PUTS_BACK = caseless(
    r"\b(?:(?:set|put|switch(?:ed)?|turn(?:ed)?|scaled?|taken?|changed?|brought|bring|raised?|lower(?:ed)?) "
    r"(?:[\w`'./-]+ ){0,5}?(?:back|out again|off again|on again|in again)"
    r"(?: (?:to|on|in|up|down|off) [\w`'./-]+)? (?:after|afterwards|later|before|when|once|at the end)\b"
    r"|(?:to be|must be|needs to be|has to be|should be) (?:set|put|switched|turned|scaled|taken|brought) "
    r"(?:back|out again|off again|on again)\b"
    r"|(?:to be|must be|needs to be|has to be|should be|don'?t forget to|remember to|will|i'?ll|to) (?:be )?"
    r"(?:(?:remov|delet|dropp|revert|undo|undone|restor)\w*(?: [\w`'./-]+){0,4}? "
    r"(?:afterwards?|later|at the end|again|before (?:merging|committing|(?:we|the) (?:merge|commit|release)))"
    r"|(?:revert|undo|undone|restor)\w*(?: [\w`'./-]+){0,4}? (?:(?:once|when|after|before) (?:it|this|that|the|we)))\b"
    r"|temporarily (?:set|disabl|enabl|skip|chang|point|rais|lower|scal|pinn|hard-?cod|comment|add|turn|switch"
    r"|remov|patch|allow)\w*"
    r"|(?:disabled|skipped|hard-?coded|commented out|scaled|pinned|switched off|turned off|turned on|bypassed"
    r"|stubbed|mocked) (?:[^.;:]|\.\w){0,60}\bfor now\b"
    r"|i(?:['\u2019](?:ve|ll|m)| have| will| am)? (?:now )?(?:pin|skip|disabl|hard-?cod|stub|mock|bypass|lower|rais"
    r"|comment out)\w* (?:[^.;:]|\.\w){0,60}\bfor now\b"
    r"|temporalmente\b|provisionalmente\b|volver a (?:poner|dejar|activar)\w*|vor\xfcbergehend\b"
    r"|(?:wieder|sp\xe4ter|danach|am ende) (?:zu )?(?:entfern|r\xfcckg\xe4ngig|zur\xfcck|einschalt|aktivier)\w*"
    r"|(?:temporair|provisoir)ement\b|\xe0 remettre\b|temporariamente\b|temporaneamente\b)"
    r"|(?:\u4e34\u65f6|\u6682\u65f6)(?:\u6539|\u628a|\u5173|\u52a0|\u6ce8\u91ca|\u6307\u5411|\u8df3\u8fc7)"
    r"|\u6539\u56de|\u8fd8\u539f\u56de|\u4e00\u65f6\u7684\u306b|\u0432\u0440\u0435\u043c\u0435\u043d\u043d\u043e"
)


def puts_back(sentence: str) -> bool:
    """Return whether a sentence says that something is to be put back."""
    return bool(_PUTS_BACK.search(sentence))


def _is_done(sentence: str, spoken: Sequence[Message], place: int, transcript: Transcript) -> bool:
    """Return whether a later call, or a later word of the agent, puts back what a ``sentence`` says is to be."""
    since, before = spoken[place].position, spoken[place - 1].position if place else -1
    until = spoken[place + 1].position if place + 1 < len(spoken) else None
    names = set(identifiers(sentence))
    beside = [it.text for it in transcript.commands if before < it.position <= (until or since)]
    parts = [_words(part) for text in beside for part in _PARTS.split(text)]
    for command in transcript.commands:
        if command.position <= since or command.outcome == "failed":
            continue
        if _UNDOES.search(command.text) and names & set(identifiers(command.text)):
            return True
        if not (command.text in beside or is_check(command.text)) and any(
            _turns_back(one, _words(it)) for it in _PARTS.split(command.text) for one in parts
        ):
            return True
    edits = [it for it in transcript.edits if before < it.position <= (until or since)]
    later = [it for it in transcript.edits if it.position > since and it not in edits]
    if any(name in it.old and name not in it.new for it in later for name in names if is_code_name(name)):
        return True
    if any(
        it.path == edit.path and (it.action == "deleted" or _takes_out(it.old, it.new, edit.new, edit.old))
        for edit in edits
        for it in later
    ):
        return True
    return any(_says_done(sentence, it.text) for it in spoken[place + 1 :] if it.role != "user")


_UNDOES = lazily(
    r"(?:^|[\s;&|])(?:rm|unset|git (?:checkout|restore|revert|reset|stash pop|clean))\b|\bsed -i[^;|&]*/d\b|\bdelete\b"
)


def _words(part: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(part))


_WORDS = lazily(r"[A-Za-z]{3,}")
_FEWEST, _SHARE = 3, 2


def _turns_back(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two commands are the same but for a value: the later sets what the earlier did."""
    few, many = sorted((one, other), key=len)
    return len(few) >= _FEWEST and few <= many and len(few) * _SHARE >= len(many)


def _takes_out(old: str, new: str, brought: str, instead: str) -> bool:
    """Return whether an edit takes out again the lines that another brought."""
    lines = {line.strip() for line in brought.split("\n")} - {line.strip() for line in instead.split("\n")} - {""}
    return any(line in old and line not in new for line in lines)


def _says_done(sentence: str, text: str) -> bool:
    """Return whether a ``text`` says of what a ``sentence`` is about that it was put back."""
    if not _DONE_HINT.search(text):
        return False
    about = subject_of(sentence)
    told = (it for it in sentences(text) if _DONE.search(it) and not _AHEAD.search(it))
    return any(len(about & subject_of(it)) >= _SHARED for it in told)


_SHARED = 2
_DONE_HINT = caseless(r"revert|restor|remov|delet|undone|\bback\b|again|\bout\b")
_DONE = caseless(
    r"\b(?:reverted|restored|removed|deleted|undone"
    r"|(?:is|are|was|were|set|put|switched|turned|scaled) (?:\w+ ){0,3}(?:back|out|off) ?(?:again|to|up)?)\b"
)
_AHEAD = caseless(r"\b(?:i'?ll|i will|let me|to be|must|should|needs? to|will|before|after)\b")


def _is_told(spoken: Sequence[Message], place: int, told: Sequence[tuple[str, str]], transcript: Transcript) -> bool:
    """Return whether an edit that a sentence was said beside is of a file of which something is ``told``."""
    before = spoken[place - 1].position if place else -1
    until = next((it.position for it in spoken[place + 1 :]), None)
    beside = [it for it in transcript.edits if it.position > before and (until is None or it.position <= until)]
    paths = {path for path, _ in told}
    return any(it.path in paths for it in beside)
