"""What is known of the work at hand that its next step needs: where it lies, what is to come out, what was answered."""

from __future__ import annotations

from itertools import islice

from handoff_cli.core import tool_names
from handoff_cli.core.paths import AT_LINE, MARKDOWN, name_of, with_folder
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.transcript import GAVE
from handoff_cli.documents.extract.commands.command_lines import without_folder
from handoff_cli.documents.extract.facts import Task, Wanted
from handoff_cli.documents.extract.files.changes import between, change_line
from handoff_cli.documents.extract.files.edits import digest, lie_beside
from handoff_cli.documents.extract.files.looped import looped_over
from handoff_cli.documents.extract.language.announced import MUSES, goes_on
from handoff_cli.documents.extract.language.denials import claims
from handoff_cli.documents.extract.language.invites import invitation
from handoff_cli.documents.extract.language.objections import disputes, objects
from handoff_cli.documents.extract.language.words import ASKING, beginning, clipped, identifiers, sentences
from handoff_cli.documents.extract.progress.open_todos import names_told
from handoff_cli.documents.extract.progress.tests_first import said_tests_first
from handoff_cli.documents.extract.progress.work_tree import branch_of, is_clean, listed_besides, loose_before
from handoff_cli.documents.extract.requests.replies import unanswered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from handoff_cli.core.transcript import Transcript


def task_of(transcript: Transcript, asked: int) -> Task:
    """Return what is known of the work since ``asked``."""
    request = next((it.text for it in reversed(transcript.messages) if it.role == "user"), "")
    since, left = _parts_edited(transcript, request, asked)
    to_write = _to_write(transcript, request, asked)
    return Task(
        verdict=_verdict(transcript, asked),
        reply=_reply(transcript, asked),
        places=tuple(_commented(transcript, asked)),
        to_write=to_write,
        called_alike=tuple(_called_alike(to_write, transcript)),
        unanswered=unanswered(transcript),
        read=_read_for(transcript, asked),
        since=since,
        not_since=left,
        wanted=_wanted(transcript, asked),
        left_open=_left_open(transcript, asked),
        to_come=_to_come(transcript, asked),
        invites=invitation(_said_last(transcript, asked)),
        set_out=_set_out(transcript, asked),
        after_it=_after_it(transcript, asked),
        instead=_instead(transcript, asked),
        branch=branch_of(transcript),
        clean=is_clean(transcript),
        beside=lie_beside(transcript),
        listed=listed_besides(transcript),
        loose=loose_before(transcript),
        tests_first=said_tests_first(transcript, asked),
    )


def _instead(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return what the agent chose since ``asked`` in place of what was deleted; empty where nothing was."""
    if not any(it.action == "deleted" for it in transcript.files):
        return ()
    from handoff_cli.documents.extract.requests.instead import chosen_instead

    return chosen_instead(transcript, asked)


def _verdict(transcript: Transcript, asked: int) -> str:
    """Return the last opinion that the agent gave to the user since ``asked``, with the sentence after it."""
    said = [it for it in transcript.messages if it.position > asked and it.role != "user"]
    for message in reversed(said):
        told = sentences(message.text)
        place = next((at for at in range(len(told) - 1, -1, -1) if _JUDGES.search(told[at])), None)
        if place is not None:
            return " ".join(told[place : place + 2])
    return ""


def _reply(transcript: Transcript, asked: int) -> str:
    """Return how the first message begins that the agent wrote since ``asked`` and that says something."""
    told = (it.text for it in transcript.messages if it.position > asked and it.role != "user")
    first = next((it for it in told if len(it) >= _SAYS_SOMETHING), "")
    return clipped(beginning(first, 2 * _REPLY_CHARS), _REPLY_CHARS)


_SAYS_SOMETHING, _REPLY_CHARS = 120, 600
_JUDGES = caseless(
    r"\bi (?:fully |completely |mostly |partly )?(?:dis)?agree\b(?! to\b)|\bmy (?:assessment|opinion|view|verdict)\b"
    r"|\b(?:valid|fair|good) (?:concern|point|suggestion)\b|\bi(?:['\u2019]d| would)? recommend\b"
    r"|\b(?:the )?(?:comment|review\w*|suggestion|concern|bot) is (?:not )?(?:right|correct|valid|wrong)\b"
)


def _commented(transcript: Transcript, asked: int) -> Iterator[str]:
    """Yield the places that comments of a review, fetched since ``asked``, are about."""
    for command in reversed(transcript.commands):
        if command.position <= asked:
            return
        output = command.output or ""
        if '"diff_hunk"' in output or '"in_reply_to_id"' in output or "/comments" in command.text:
            found = {(path, line) for path, line in _COMMENT.findall(output)}
            if 0 < len(found) <= _FEW_COMMENTS:
                yield from (f"{name_of(path)}:{line}" for path, line in sorted(found))
                return


_COMMENT = lazily(r"\"path\":\s*\"([^\"]+)\"(?:(?!\"path\":)[\s\S]){0,4000}?\"(?:original_)?line\":\s*(\d+)")
_FEW_COMMENTS, _SPOKEN_CHARS = 3, 2_000


def _to_write(transcript: Transcript, request: str, asked: int) -> tuple[str, ...]:
    """Return the files that the ``request`` names as what is to come out of it and that were not written since.

    So is one of several that it orders to be changed, where another was and nothing since names this one.
    """
    written = {name_of(it.path) for it in transcript.edits if it.position > asked}
    ran = "\n".join(it.text for it in transcript.commands if it.position > asked and it.outcome != "failed")
    named = dict.fromkeys(it[1].removeprefix("./") for it in _OUT.finditer(request[:_SPOKEN_CHARS]))
    left = [it for it in named if name_of(it) not in written and f"> {it}" not in ran and f">{it}" not in ran]
    ordered = [it for order in _TO_CHANGE.findall(request[:_SPOKEN_CHARS]) for it in _NAMED_FILE.findall(order)]
    if len(ordered) > 1:
        said = "\n".join(it.text for it in transcript.messages if it.position > asked)
        known = [it for it in ordered if name_of(it) in written or name_of(it) in said or name_of(it) in ran]
        left += [it for it in ordered if known and it not in known]
    return tuple(dict.fromkeys(left))


_TO_CHANGE = lazily(
    r"(?i)\b(?:update|change|edit|fix|bump|adjust|adapt|mend|rewrite|clean up)\b"
    r"([^.!?\n]{0,80}(?:\.\w[^.!?\n]{0,40}){2,4})"
)
_NAMED_FILE = lazily(r"(?<![\w/.-])[\w/-]*[\w-]\.(?:md|txt|json|ya?ml|csv|html|css|py|tsx?|jsx?|go|rs|sh|sql|toml)\b")
_OUT = lazily(
    r"(?i)\b(?:create|write|save|generate|produce|put|store|export|document)\b[^.\n]{0,60}?\b(?:as|to|in|into|at|called|named|file)"
    r"\s+[`'\"]?(\.?[\w/\\-]*[\w-]\.(?:md|txt|json|ya?ml|csv|html|py|ts|tsx|js|go|rs|sh|sql|toml))\b"
)


def _called_alike(to_write: Sequence[str], transcript: Transcript) -> Iterator[str]:
    """Yield the first files that listings show, not read, whose names end as that of one which is ``to_write``.

    "SYSTEM-SUMMARY.md" may tell how "STANDARD-SUMMARY.md" is to be.
    """
    ends = {found[0] for it in to_write if (found := _LAST_WORD.search(name_of(it)))}
    listed = (it.output or "" for it in transcript.commands if ends and _LISTS.match(without_folder(it.text)))
    lines = dict.fromkeys(line.strip() for output in listed for line in output.split("\n")[:_MOST_LISTED])
    alike = [it for it in lines if " " not in it and it.endswith(tuple(ends))] if ends else []
    known = {*_met(transcript), *map(name_of, to_write)} if alike else set()
    yield from islice((it for it in alike if not _is_among(name_of(it), known)), _FEW_ALIKE)


def _is_among(name: str, known: Collection[str]) -> bool:
    """Return whether a file's ``name`` is one of those ``known``, or one of their patterns means it."""
    if name in known:
        return True
    from fnmatch import fnmatchcase  # it loads what few documents need

    return any(fnmatchcase(name, it) for it in known if "*" in it)


def _met(transcript: Transcript) -> Iterator[str]:
    """Yield the names, or patterns of names, of the files of the whole session that more than a listing dealt with."""
    yield from (name_of(AT_LINE.sub("", it.asked)) for it in transcript.lookups if it.kind == "read")
    yield from (name_of(it.path) for it in transcript.edits)
    for command in transcript.commands:
        if command.outcome in GAVE:
            for part in _PARTED.split(without_folder(command.text)):
                if not _LISTS.match(part):
                    yield from map(name_of, _FILES_NAMED.findall(part))


_LAST_WORD, _MOST_LISTED, _FEW_ALIKE = lazily(r"[-_.][A-Za-z]{4,30}\.\w{1,5}$"), 2_000, 3
_LISTS = lazily(r"(?:rg --files|find|fd|ls|git ls-files)\b")
_PARTED, _FILES_NAMED = lazily(r"(?:&&|\|\|?|[;\n])\s*"), lazily(r"(?<![\w.@+*/-])[\w.@+*/-]+\.\w+")


def _read_for(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return the files that were read since ``asked``, in order, where nothing was edited since."""
    if any(it.position > asked for it in transcript.edits):
        return ()
    read = [(it.position, it.asked) for it in transcript.lookups if it.kind == "read" and it.position > asked]
    read += [
        (it.position, found[1])
        for it in transcript.commands
        if it.position > asked and it.outcome in GAVE and (found := _PRINTS.match(without_folder(it.text)))
    ]
    read += [
        (it.position, path)
        for it in transcript.commands
        if it.position > asked and it.outcome in GAVE
        for path in looped_over(it.text)
    ]
    names = dict.fromkeys(AT_LINE.sub("", _name_read(path)) for _, path in sorted(read))
    return tuple(it for it in names if _FILE.fullmatch(it) and it != "SKILL.md")  # what agents are told of their tools


def _name_read(path: str) -> str:
    """Return how a file that was read is named; a pattern of names says little without its folder."""
    return with_folder(path) if "*" in path else name_of(path)


_FILE = lazily(r"[\w.@+*/-]+\.\w+")
_PRINTS = lazily(r"(?:cat|nl -ba|sed -n ['\"]?[\d,]+p['\"]?)\s+([\w./~@+\\ -]+?\.\w+)\s*(?:$|\||2>)")


def _parts_edited(transcript: Transcript, request: str, asked: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the parts of documents edited since ``asked``, and those edited for the request before only.

    Only where the request objects or disputes, so that what was written before may be what it is about.
    """
    before = max((it for it in transcript.asked_at if it < asked), default=-1)
    gone = {it.path for it in transcript.edits if it.action == "deleted"}
    late = {it.path for it in transcript.edits if it.position > asked}
    if request.rstrip().endswith(ASKING) or not (objects(request) or disputes(request)):
        return (), ()
    parts: dict[str, bool] = {}
    for edit in transcript.edits:
        if edit.position > before and edit.path.endswith(MARKDOWN) and edit.path in (late or {edit.path}) - gone:
            where = [it for file in digest([edit]) for change in file.changes for it in change.where]
            for part in _parts_of(edit.old, edit.new, where):
                parts[part] = parts.get(part, False) or edit.position > asked
    replaced = "\n".join(it.old for it in (*transcript.edits, *transcript.wanted) if it.position > asked)
    since = tuple(part for part, late_too in parts.items() if late_too)
    # a heading that was replaced, or is just being, may have another name now
    left = tuple(part for part, late_too in parts.items() if not late_too and part not in replaced)
    return since[-_MOST_PARTS:], left[:_MOST_PARTS]


def _parts_of(old: str, new: str, where: Sequence[str]) -> Sequence[str]:
    """Return the parts of a document that an edit changed: where it lies, else the first heading it left."""
    return where or [it[1].strip(" *#") for it in _HEADING.finditer(new if "\n#" in new or new[:1] == "#" else old)][:1]


_HEADING = lazily(r"(?m)^#{1,6} +(.+)$")
_MOST_PARTS = 6


def _wanted(transcript: Transcript, asked: int) -> tuple[Wanted, ...]:
    """Return the edits under way since ``asked``, the latest last; a log that records no results tells of none."""
    if not any(it.outcome for it in transcript.tool_calls):
        return ()
    late = [it for it in transcript.wanted if it.position > asked]
    told = []
    for edit in late[-_MOST_WANTED:]:
        changes = [change_line(change) for file in digest([edit]) for change in file.changes[:1]]
        told.append(Wanted(edit.path, changes[0] if changes else "", between(edit)))
    return tuple(told)


_MOST_WANTED = 3


def _left_open(transcript: Transcript, asked: int) -> str:
    """Return what the agent's last message since ``asked`` says is not done, comes next, could not be done or fails."""
    said = _said_last(transcript, asked)
    mended = max((at for at, it in enumerate(said) if claims(it)), default=-1)
    said = [it if len(it) >= _LEAST_OPEN else "" for it in said]  # of fewer words nobody knows what they are about
    told = [it for at, it in enumerate(said) if _LEFT_OPEN.search(it) or (at > mended and _FAILS_NOW.search(it))]
    return " ".join(dict.fromkeys((*told[-_FEW_LEFT:], *filter(None, (_to_come(transcript, asked),)))))


_LEAST_OPEN = 24
_FAILS_NOW = caseless(
    r"^(?!.*\b(?:as expected|expected(?:ly)?|on purpose|was meant|before|without|if|when|once|unless|would|used to"
    r"|because|no|none|never|any ?more|longer)\b)"
    r".*\b(?:tests?|test_\w+|\w+_test|build|suite|lint\w*|ci|pipeline|check|typecheck)\b[^.]{0,50}"
    r"\b(?:fails?|is (?:still |now )?(?:failing|red|broken)|schl\xe4gt fehl|ist rot|falla|\xe9choue)\b"
)
"""What an agent's answer tells of a check that fails now; after a sentence that claims a fix, it is what was mended."""


def _to_come(transcript: Transcript, asked: int) -> str:
    """Return the sentence of the agent's last message since ``asked`` by which a step remains, or comes next."""
    said = _said_last(transcript, asked)
    position = transcript.messages[-1].position if said else 0
    if any(it.position >= position for it in transcript.edits):
        return ""
    if said and goes_on(said[-1]) and not any(it.position >= position for it in transcript.tool_calls):
        return said[-1]
    return next((it for it in reversed(said) if _REMAINS.search(it)), "")


def _after_it(transcript: Transcript, asked: int) -> str:
    """Return what the agent named in its last words since ``asked`` as coming after the step at hand, else nothing.

    "The last review before finishing the branch" tells of two steps.
    """
    said = [it.text for it in transcript.messages if it.position > asked and it.role != "user"][-_LAST_WORDS:]
    told = filter(None, (_BEFORE_IT.search(text[-_SPOKEN_CHARS:]) for text in reversed(said)))
    return next((found[1].strip() for found in told), "")


_LAST_WORDS = 3
_BEFORE_IT = caseless(
    r"\b(?:i['\u2019]?ll|i will|let me|now|final|last|running|dispatching|doing)\b[^.!?\n]{0,120}"
    r"\bbefore ((?!doing|anything|going|moving|starting|getting|making|writing)\w+ing (?:the|a|this|it|all|our)\b"
    r"[^.;:!?,\n]{0,50})"
)


def _set_out(transcript: Transcript, asked: int) -> str:
    """Return what the agent said last since ``asked`` that it would edit, by its verb.

    Empty once an edit followed, or words that let it be.
    """
    calls = (it for it in transcript.tool_calls if tool_names.edits(it.name) and it.outcome == "ok")
    edited = max(*(it.position for it in transcript.edits), *(it.position for it in calls), 0, 0)
    told = [it for it in (*transcript.messages, *transcript.reasonings) if it.position > max(asked, edited)]
    for message in sorted((it for it in told if it.role != "user"), key=lambda it: -it.position):
        if _LETS_BE.search(message.text[-_CONCLUDES_IN:]):  # what a long thought weighs and drops lets nothing be
            return ""
        said = [it[found.start(1) :] for it in sentences(message.text) if (found := _SETS_OUT.match(it))]
        if said and not MUSES.search(said[-1]):
            return clipped(said[-1].rstrip(" :."), _SET_OUT_CHARS) + _test_meant(said[-1], transcript, asked)
    return ""


def _test_meant(step: str, transcript: Transcript, asked: int) -> str:
    """Return the test that the agent named last since ``asked``, with its file, where a ``step`` speaks of the test."""
    if not _THE_TEST.search(step) or identifiers(step):
        return ""
    named = names_told(it for it in (*transcript.messages, *transcript.reasonings) if it.position > asked)
    last = next((it for it in reversed(named) if _OF_A_TEST.match(it)), "")
    return f" ({', '.join(filter(None, (last, named[last])))})" if last else ""


_THE_TEST, _OF_A_TEST = caseless(r"\b(?:the|that|its) (?:existing |old )?test\b"), lazily(r"[Tt]est_?[A-Za-z_]\w+$")
_CONCLUDES_IN = 400
_LETS_BE = caseless(
    r"\b(?:that(?:['\u2019]s| is) (?:fine|ok(?:ay)?|enough|correct)|(?:not|isn['\u2019]t|un)\s?necessary|no need to"
    r"|(?:don['\u2019]t|do not) need to|never ?mind|leave (?:it|that|this) (?:as|alone)"
    r"|already (?:there|done|handled|exists?))\b"
)
"""Words by which an agent lets something be."""
_SETS_OUT = caseless(
    r"(?:(?:now|so|ok(?:ay)?|great|good|then|next|perfect),? )*(?:let me|i['\u2019]?ll|i will|i need to|i should)"
    r" (?:now |also |just |first )*((?:implement|fix|add|change|update|write|rewrite|refactor|remove|replace|rename"
    r"|move|create|extend|convert|migrate|delete|extract|mend|patch|simplify|wire)\b"
    r"(?! (?:that|you|nothing|direction|a (?:new )?(?:branch|summary))\b))"
)
"""How an agent sets out to edit something; the group begins at the verb."""
_SET_OUT_CHARS = 280


def _said_last(transcript: Transcript, asked: int) -> list[str]:
    """Return the sentences of the agent's last message since ``asked`` that ask nothing."""
    last = transcript.messages[-1] if transcript.messages else None
    if last is None or last.role == "user" or last.position <= asked:
        return []
    return [it for it in sentences(last.text) if not it.endswith(ASKING)]


_REMAINS = caseless(
    r"^(?:so |now |and )*(?:(?:what|all(?: that)?|the only (?:\w+ )?thing)(?: (?:that |still |now )?remains?\b"
    r"|(?:(?:['\u2019]s| is| that is| that['\u2019]s)(?: still)? (?:left|missing))\b)"
    r"|only\b.{1,80}\b(?:remains?|is left)\b)"
    r"|^\W*(?:(?:solo|s\xf3lo|ahora|a\xfan|todav\xeda|ya|y|s\xf3|ainda|agora) )*(?:me |nos )?"
    r"(?:falta[mnr]?|quedan?|resta[mn]?o?)\b(?! (?:claro|demostrad|confirmad|as\xed|bien|todo|de\b|\w+[ai]do\b))"
    r"|^\W*(?:il (?:ne |me |nous )*reste|restent?|il manque(?: encore)?|mancano?|rimane|rimangono)\b"
    r"|^\W*(?:(?:es|jetzt|nun|dann|also) )*(?:fehl(?:t|en)|bleib(?:t|en)) (?:\w+ ){0,2}noch\b|^\W*noch offen\b"
    r"|^\W*(?:offen|\xfcbrig) (?:ist|sind|bleib)|^\W*was noch fehlt"
    r"|^\W*(?:\u73b0\u5728)?(?:\u8fd8|\u53ea)(?:\u9700|\u8981(?!\u8bbe)|\u5dee|\u5269)|^\W*\u5269\u4e0b|^\W*\u5c1a\u672a"
    r"|^\W*\u6b8b\u308a|^\W*\u3042\u3068\u306f|^\W*\ub0a8\uc740 "
    r"|^\W*\u043e\u0441\u0442\u0430(?:\u043b\u043e\u0441\u044c|\u0451\u0442)"
)
"""How a sentence tells the step that is left."""

_FEW_LEFT = 2
_LEFT_OPEN = caseless(
    r"\b(?:is|are|remains?|stays?) (?:still )?(?:open|unfinished|incomplete|untested|to be done|outstanding)\b"
    r"|\bnot (?:yet )?(?:done|implemented|tested|verified|covered|committed|pushed|run|deployed)(?: yet)?\b"
    r"|\bnot (?!supported|released|needed|expected|published)\w{2,20}(?:ed|wn|en) (?:\S+ ){0,6}yet\b"
    r"|^\W*in progress:"
    r"|\bstill (?:needs?|fails?|has to|have to|missing|open|to do|failing)\b|\bleft to (?:do|fix|write|test)\b"
    r"|\bi (?:did not|didn['\u2019]t|could not|couldn['\u2019]t|was (?:not able|unable)|have not|left)\b"
)
