"""The steps of a command line: what of it surely ran, on which state of the tree, and what a server answered."""

from __future__ import annotations

import posixpath

from handoff_cli.core.light import bisect_left, bisect_right, lru_cache
from handoff_cli.core.patterns import DOTALL, MULTILINE, caseless, lazily
from handoff_cli.core.tool_names import UNDO_OF_AIDER
from handoff_cli.core.verdicts import answer_of_server
from handoff_cli.documents.extract.language.words import as_one_line, clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Sequence

    from handoff_cli.core.transcript import Command, Transcript


def masked(text: str) -> str:
    """Return ``text`` with other characters for what is quoted: it is as long, and holds no signs of a shell there."""
    return "\0" * len(text) if never_ends(text) else _QUOTED.sub(lambda it: "\0" * len(it[0]), text)


def never_ends(text: str) -> bool:
    """Return whether a command line begins so many here-documents that looking for their ends would take too long."""
    return text.count("<<") * len(text) > _MOST_STEPS


_MOST_STEPS = 2_000_000
"""For each here-document that is begun and never ended all of the command behind it is looked through."""


_QUOTED = lazily(
    r"\"\$\( ?cat ?<<-? ?['\"]?(\w+)['\"]?\n.*?^[ \t]*\1\n?[ \t]*\)\"|<<-? ?['\"]?(\w+)['\"]?\n.*?^[ \t]*\2\b"
    r"|\"(?:\\.|[^\"\\])*(?:\"|\Z)|'[^']*(?:'|\Z)|\d?>&\d|&>|\\;",
    DOTALL | MULTILINE,
)


def surely_ran(bare: str, step: tuple[int, int], command: Command) -> bool:
    """Return whether a ``step`` of a command line ran and succeeded, by what all of it returned.

    It does where nothing but ``&&`` joins what comes after it, and no ``||`` comes before it.
    """
    rest = bare[step[1] :].rstrip()
    return command.outcome == "ok" and not _ENDS_ALONE.search(rest) and "||" not in bare[: step[0] + 2]


_ENDS_ALONE = lazily(r"^\s*\|(?!\|)|[;\n]|\|\||(?<!&)&(?!&)")
"""What lets a command line return something else than what a step before it did."""


def steps_in(bare: str) -> Iterator[tuple[int, int]]:
    """Yield where each step of a command line lies that ``masked`` gave: a pipe and all in it is one."""
    begins = 0
    for found in _BETWEEN.finditer(bare):
        yield begins, found.start()
        begins = found.end()
    yield begins, len(bare)


_BETWEEN = lazily(r"&&|\|\||[;\n]")


def without_settings(text: str) -> str:
    """Return a command without the folder it goes to and the variables that are set for it alone."""
    bare = without_folder(text)
    return _SET.sub("", bare) if "=" in bare else bare


_SET = lazily(r"^(?:\w+=(?:\"[^\"]*\"|'[^']*'|\S*)\s+)+")


def without_folder(text: str) -> str:
    """Return a command without the folder it goes to first."""
    return text[len(way_in(text)) :]


def way_in(text: str) -> str:
    """Return how a command line begins that goes to a folder first, also where it goes on in the next line."""
    return went[0] if (went := _WENT.match(text)) else ""


def gone_to(text: str) -> str:
    """Return the folder that a command line goes to first, empty where to none that is told."""
    return posixpath.join("", *(it.strip("'\"") for it in _FOLDER.findall(way_in(text))))


_TOLD = r"(?:[^\s;&|'\"()]|'[^'\n]*'|\"[^\"\n]*\")+"
_FOLDER = lazily(rf"cd\s+({_TOLD})\s*[&;]")
_WENT = lazily(rf"\s*(?:cd\s+(?:{_TOLD}|\$\([^()\n]*\))\s*(?:&&|;)(?:\s|\\(?=\s))*)+")


def line_of(command: Command) -> str:
    """Return a command on one line, without an absolute folder it goes to: in another one it does something else."""
    return as_one_line(lines_of(command))


def lines_of(command: Command) -> str:
    """Return a command as ``line_of``, each of its lines a line."""
    text = command.text
    bare = text if never_ends(text) else _HERE_DOCUMENT.sub(_first_line, text)
    bare = bare.replace("\\\n", " ").strip()
    return without_folder(bare) if gone_to(bare)[:1] in "~/$" else bare


def _first_line(found: re.Match[str]) -> str:
    """Return a here-document as its first line that says something."""
    lines = [it for line in found[3].split("\n") if (it := line.strip(" #*"))]
    said = next((it for it in lines if _DOES.match(it)), lines[0] if lines else "")
    more = "…" if "\n" in found[3].strip() else ""
    return f'"{clipped(said, 80)}{more}"' if found[1] else f"<<{found[2]} {clipped(said, 60)}{more}"


_DOES = caseless(r"(?:create|alter|drop|insert|update|delete|truncate|select|copy|explain|grant|with)\s")
"""How a line of SQL begins that does something: settings stand before it."""

_HERE_DOCUMENT = lazily(
    r"(\"?\$\(\s*cat\s*)?<<-?\s*['\"]?(\w+)['\"]?[^\n]*\n(.*?)^[ \t]*\2\b(?(1)\s*\)\"?)", DOTALL | MULTILINE
)


@lru_cache(maxsize=1_024)
def only_looks(command: str) -> bool:
    """Return whether a shell command does nothing but look: each of its steps, of its pipes and of its loops."""
    looks, sign = False, ""
    for place, step in enumerate(_PARTED.split(masked(command))):
        if place % 2:
            sign = step
            continue
        part = step.strip()
        part = part[lead.end() :] if (lead := _LEADS.match(part)) else part
        if _LOOKING.match(part):
            looks = True
        elif not (_NEUTRAL.match(part) or (sign == "|" and _FILTERS.match(part))):
            return False
    return looks


def besides_files(command: str) -> str:
    """Return a command line from the first step that does more than change files to the last, with the folder it is in.

    Empty where no step does but for looking at what came of it, and where a text that is written is not told apart.
    """
    bare = masked(command)
    if "<<" in bare or never_ends(command):
        return ""
    steps = [at for at in steps_in(bare) if not _changes_files(command[slice(*at)], bare[slice(*at)])]
    acts = [at for at in steps if not _SETS.match(bare, at[0])]
    if not acts or only_looks(done := command[steps[0][0] : acts[-1][1]].strip()):
        return ""
    return f"{way_in(command)}{done}"


def _changes_files(step: str, bare: str) -> bool:
    """Return whether a step of a command line only changes files by the shell or a script, or does nothing."""
    part = bare.strip()
    part = part[lead.end() :] if (lead := _LEADS.match(part)) else part
    if _CHANGES.match(part) or (_NEUTRAL.match(part) and not _SETS.match(part)):
        return True
    return bool(_SCRIPT.match(part) and _SCRIPT_WRITES.search(step))


_SETS = lazily(r"\s*(?:export\s|\w+=[^\s&|;]*\s*(?:$|[;&\n]))")
_CHANGES = lazily(
    r"(?:(?:git )?rm|cp|mkdir|rmdir|touch|chmod|tee|(?:sed|yq|perl) (?:-\w+ )*-\w*i)(?![\w-])"
    r"|(?:cat|echo|printf|sed|awk|jq|yq|tr|sort|envsubst)\b[^|]*>(?!&)"
)
_SCRIPT = lazily(
    r"(?:\w+=\S* )*(?:(?:uv|poetry|pdm|pipenv) run )?(?:\S*/)?(?:python[\d.]*|node|ruby|perl|bun|deno)"
    r"\s(?:-\w*\s)*[\0\s]+$"
)
_SCRIPT_WRITES = lazily(r"write|open\(")
"""Scripts on the command line, and what tells of one that it writes files."""


def may_set(commands: Iterable[Command]) -> bool:
    """Return whether one of ``commands`` has a word that is in whatever makes a setting outside of the repository."""
    return any(word in it.text for it in commands for word in _MAY_SET)


_MAY_SET = ("set", "config", "export", "defaults", "user-secrets", "delete")


def moves_files(commands: Iterable[Command]) -> bool:
    """Return whether one of ``commands`` may move files, by a name that stands in it."""
    return any("mv " in it.text for it in commands)


def takes_back(commands: Iterable[Command]) -> bool:
    """Return whether one of ``commands`` may take commits or edits back, or remove files that were made."""
    return any(
        ("git " in it.text and (UNDOES.search(it.text) or (it.output is None and DIFF_OF.fullmatch(it.text.strip()))))
        or ("rm " in it.text and REMOVES.search(it.text))
        or it.text == UNDO_OF_AIDER
        for it in commands
    )


DIFF_OF = lazily(r"git diff(?: --stat)?(?: HEAD)? -- ([\w@%+=:,./-]+(?: [\w@%+=:,./-]+)*)(?: 2>(?:/dev/null|&1))?")
"""What shows whether files were changed, with these."""

BEGINS_STEP = r"(?:^|[;&|(]\s*|\n[^\S\n]*)"
"""What stands before a step of a command line: of empty lines the last, else each would be read from all before it."""
UNDOES = lazily(BEGINS_STEP + r"(?:sudo )?git (?:-C \S+ )?(reset|revert|checkout|restore)\b([^;&|\n]*)")
REMOVES = lazily(
    BEGINS_STEP + r"(?:sudo )?(?:git )?rm\s+(?:-\w{1,20}\s+){0,4}-\w{0,8}[rR]\w{0,8}\s+(?:-\w{1,20}\s+){0,4}"
    r"([^\n;&|<>()]+)"
)


_PARTED = lazily(r"(&&|\|\|?|[;&\n])")
_LEADS = lazily(
    r"(?:cmd(?:\.exe)? /[cC] |for \w+ in .*|while (?:IFS=\S* )?read .*|(?:do|then|else|if)(?=\s)|done\b|fi\b|[({])\s*"
)
_NEUTRAL = lazily(r"(?:cd|true|false|:|set|exit|export)(?![\w-])(?!.*\s>)|\w+=\S*$|#|[)}\s]*$")
"""Steps that change nothing and show nothing."""

_FILTERS = lazily(
    r"(?:cut|tr|uniq|sed(?! .*-\w*i)|paste|comm|rev|fold|xxd|hexdump|base64|\w*sum|yq|fmt"
    r"|python3? -(?:c|m json)|node -[ep]|ruby -n?e|perl -\w*[np]\w*e"
    r"|xargs(?: -\S+(?: \d+)?)* (?:cat|ls|grep|rg|head|tail|wc|stat|file))(?![\w-])(?!.*\s>)"
)
"""What a pipe is read by to show of it what matters."""

_LOOKING = lazily(
    r"(?:(?:ls|cat|e?grep|rg|ag|fd|find(?!.*\s-(?:delete|exec(?:dir)? (?:rm|mv)))|head"
    r"|tail|sed -n|nl|wc|which|test|stat|file|diff|jq|awk|strings|du|df|sleep|pwd|echo|printenv|env(?!\s+\w+=)|ps|pgrep"
    r"|type|command -v|column|sort|less|od|tree|\[\[?(?=\s)|dir|where|findstr|Select-String|Test-Path|Measure-Object"
    r"|Get-(?:Content|ChildItem|Item(?:Property)?|Command|Location|Process))(?![\w-])(?!.*\s>)"
    r"|git (?:-C \S+ |--no-pager )*(?:(?:log|show|diff|status|blame|grep|reflog|ls-\S+|rev-parse|describe)\b"
    r"|(?:branch|remote)\b(?!\s+(?:-[dDmMcCfu]|--(?:delete|move|set)|\w)))"
    r"|gh (?:api(?!.*(?:-X|--method|-f |--field|--input))|\w+ (?:view|diff|list|status|checks))\b)"
)


def of_another_tree(commands: Sequence[Command], edited: Sequence[int] = ()) -> frozenset[int]:
    """Return the places in ``commands`` of those between putting the work away and taking it back.

    One command line may do both. What was put away and never came back is no such thing: it may be meant to be gone;
    nor is a time in which files were ``edited``, at these positions in the log, in order: work went on. And of those
    that go to a work tree made of another state, to compare.
    """
    found: set[int] = set()
    away: dict[str, int] = {}
    beside: set[str] = set()
    for place, command in enumerate(commands):
        beside.update(_TREE.findall(command.text) if "worktree" in command.text else ())
        if beside and any(it in beside for it in _GOES_TO.findall(command.text)):
            found.add(place)
        if not ("git" in command.text and _TELLS.search(command.text)):
            continue
        for kind, opens, closes in _PAIRS:
            if opened := opens.search(command.text):
                away[kind] = place if _MORE.search(command.text, opened.end()) else place + 1
            closed = closes.search(command.text, opened.end() if opened else 0)
            if closed and kind in away and command.outcome != "failed":
                rest = command.text[closed.end() :]
                whole = not _WORK.search(rest) or only_looks(_OTHERS.sub("", rest))
                first = away.pop(kind)
                begun = bisect_left(edited, commands[min(first, place)].position)
                if begun == bisect_right(edited, command.position):
                    found.update(range(first, place + whole))
    return frozenset(found)


_GIT = r"\bgit(?: -[cC] \S{1,200})? "
_TREE = lazily(
    rf"{_GIT}worktree add(?: (?!-b|-B)--?[\w-]+)* ([\w./~$-]+) (?:--detach )?"
    r"(?:main|master|trunk|develop|HEAD\S*|origin/\S+|upstream/\S+|v?\d+\.\d\S*|[0-9a-f]{7,40})(?=\s|$|[;&|])"
)
_GOES_TO = lazily(r"(?:\bcd|-C|--chdir|--directory) ([\w./~$-]+)")
"""A work tree of another state than the work's, and where a command goes."""

_TELLS = lazily(r"\b(?:stash|bisect)\b")
_PAIRS = (
    (
        "stash",
        lazily(rf"{_GIT}stash(?: (?:push|save)\b(?![^;&|\n]* --?k)| -(?!-? |k|-keep)|\s*(?:$|[;&|\n)]))"),
        lazily(rf"{_GIT}stash (?:pop|apply)\b"),
    ),
    ("bisect", lazily(rf"{_GIT}bisect start\b"), lazily(rf"{_GIT}bisect reset\b")),
)
"""What puts the work away, and what takes it back, by the command of git's that does it."""

_MORE = lazily(r"[;&|\n][ \t]*(?!\d)\w")
_OTHERS = lazily(r"^[^;&|\n]*")
_WORK = lazily(r"(?:&&|[;\n])[ \t]*(?!git\b|echo\b|true\b)\w")
"""What follows in a command line: another command; one that does more than to look at the tree."""


def with_servers_answers(transcript: Transcript) -> Transcript:
    """Return ``transcript``, its commands as failed that passed and printed a server's error.

    That is no failure where the agent's next words say that it is what was to be seen.
    """
    found = [_judged(it, transcript) for it in transcript.commands]
    changed = any(one is not other for one, other in zip(found, transcript.commands, strict=True))
    return transcript.replace(commands=tuple(found)) if changed else transcript


def _judged(command: Command, transcript: Transcript) -> Command:
    if command.outcome not in ("ok", "ended") or not command.output:
        return command
    if answer_of_server(command.text, command.output) != "failed" or _is_affirmed(command, transcript):
        return command
    return command.replace(outcome="failed", error=command.output)


def _is_affirmed(command: Command, transcript: Transcript) -> bool:
    """Return whether the agent's next words begin by saying that what ``command`` showed is as it should be."""
    said = transcript.messages
    after = bisect_right([it.position for it in said], command.position)
    return after < len(said) and said[after].role == "assistant" and bool(_AFFIRMS.match(said[after].text))


_AFFIRMS = caseless(
    r"\W*?[\u2705\u2714](?![^.\n]{0,80}(?:problem|issue|error|\bbug|fehler|\berro\b|erreur|fail|cause|\u95ee\u9898))"
    r"|(?:(?!\b(?:not|no|nicht|kein\w*|n\xe3o|pas|non)\b|n['\u2019]t\b|[.!?\n\u4e0d]).){0,60}"
    r"(?:\b(?:as (?:it should|expected)|exists|reachable|wie erwartet|como (?:se )?esper\w+|existe|comme pr\xe9vu"
    r"|\u043a\u0430\u043a \u043e\u0436\u0438\u0434\u0430\w+)\b|\u7b26\u5408\u9884\u671f|\u4e88\u60f3\u901a\u308a)"
)
"""How words begin by which something is as it should be, in some languages."""


@lru_cache(maxsize=1_024)
def checked_at(command: str) -> str:
    """Return the address at which a command asks a server whether all is well, empty where it asks for nothing such."""
    found = _ASKS_WHETHER.search(command) if "/" in command else None
    return found[1] if found else ""


_ASKS_WHETHER = caseless(
    r"\b(?:curl|wget|xh|https?|invoke-(?:webrequest|restmethod))\s[^\n]{0,400}?"
    r"((?:https?://|localhost:|127\.0\.0\.1:)[^\s\"'<>|;&]{0,200}?/(?:self-?)?(?:tests?|health(?:z|-?checks?)?|livez?|readyz?"
    r"|(?:live|readi)ness|status|ping|checks?|validate))(?=[\s\"'?#;&|)]|$)"
)
"""An address whose path ends in the name of a check."""
