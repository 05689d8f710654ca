"""The files that the session met: what was read, edited, named in a command, or had lines that a search matched."""

from __future__ import annotations

from handoff_cli.core.paths import AT_LINE, name_of
from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.commands.command_lines import only_looks
from handoff_cli.documents.extract.commands.frames import is_of_others

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.core.transcript import Transcript

_MOST_FILES = 60
HALF_LIFE = 0.25
"""The share of the session (by its length) after which a file counts half."""


def files_at_hand(transcript: Transcript) -> tuple[str, ...]:
    """Return paths of files the session came upon (read, found, named), what was met often and lately first.

    What only a run printed, or words name without a folder, may be no file: a column, a key, a test that passed. Where
    many were asked for, what nobody asked for counts if it is of the kind of one of these.
    """
    worth: dict[str, float] = {}
    longest: dict[str, str] = {}
    uses = list(_file_uses(transcript))
    asked = {name_of(it.path) for it in uses if it.asked}
    kinds = {it.rpartition(".")[2] for it in asked} if len(asked) >= _MANY_ASKED else set[str]()
    met = {name_of(it.path) for it in uses if it.surely}
    met = {it for it in met if not kinds or it in asked or it.rpartition(".")[2] in kinds}
    last = max((it.position for it in uses), default=0)
    span = max(1, last - min((it.position for it in uses), default=0))
    for it in uses:
        name = name_of(it.path)
        if name not in met or _MACHINE.search(name) or (not it.asked and is_of_others(it.path)):
            continue
        worth[name] = worth.get(name, 0.0) + it.weight * 0.5 ** ((last - it.position) / span / HALF_LIFE)
        longest[name] = max(longest.get(name, ""), it.path, key=len)
    return tuple(longest[name] for name in sorted(worth, key=lambda name: -worth[name])[:_MOST_FILES])


_MANY_ASKED = 5


class _FileUse(Record):
    """One place where a ``path`` was met, what it counts, and whether it ``surely`` is one and was ``asked`` for."""

    position: int
    weight: float
    path: str
    surely: bool = True
    asked: bool = False


def _file_uses(transcript: Transcript) -> Iterator[_FileUse]:
    for edit in transcript.edits:
        yield _FileUse(edit.position, 2.0, edit.path, asked=True)
    for it in transcript.lookups:
        if it.kind == "read":
            yield _FileUse(it.position, 3.0, AT_LINE.sub("", it.asked), asked=True)
        printed = "" if it.kind == "read" else it.answer[:3_000]
        for path in dict.fromkeys(_paths(f"{it.asked}\n{printed}", 20)):
            yield _FileUse(
                it.position, 0.6 if it.kind == "search" else 0.3, path, it.kind != "search" or path in it.asked
            )
    for command in transcript.commands[-400:]:
        of_git = bool(OF_GIT.match(command.text))
        for path in dict.fromkeys(_paths(command.text, 40)):
            yield _FileUse(command.position, 1.0, path, not of_git, asked=not of_git)
        looks = only_looks(command.text) and not command.text.startswith("gh ") and not of_git
        much = (command.output or "").count("\n") >= _MUCH
        looks = looks and not (_READS_PROSE.match(command.text) or (much and _LISTS.match(command.text)))
        for path in dict.fromkeys(_paths((command.output or "")[:2_000], 30)):
            yield _FileUse(command.position, 0.2, path, looks)
    for message in transcript.messages[-80:]:
        for path in dict.fromkeys(_paths(message.text, 20)):
            yield _FileUse(message.position, 0.7, path, "/" in path)


def _paths(text: str, most: int) -> list[str]:
    """Return the first ``most`` paths that ``text`` names.

    None is what stands in a template's braces or in an address, and what somebody goes without.
    """
    found: list[str] = []
    before = ""
    for word in text.split() if "." in text else ():
        named = "." in word and len(word) < _LONG_WORD and not (before.endswith("{{") or before.lower() in _LACKING)
        if named and not (("(" in word and _FRAME.search(word)) or ("://" in word and "file://" not in word)):
            found += (it if "/" in it else it.lstrip("@") for it in _PATH.findall(word) if "..." not in it)
            if len(found) >= most:
                break
        before = word
    return found[:most]


_LONG_WORD = 1_000
_LACKING = frozenset(("without", "lacking", "ohne", "sans", "sin", "sem", "senza"))
_KNOWN_ENDS = (
    "py|pyi|ipynb|js|jsx|mjs|cjs|ts|tsx|mts|vue|svelte|go|rs|java|kt|kts|scala|groovy|c|h|cc|cpp|cxx|hpp|cs|fs|vb|rb|erb|php|swift|m|mm|dart|lua"
    "|pl|pm|r|jl|ex|exs|erl|hs|ml|clj|cljs|lisp|el|sh|bash|zsh|fish|ps1|bat|sql|graphql|proto|html|htm|css|scss|sass|less|md|mdx|rst|txt|adoc"
    "|json|jsonl|json5|yaml|yml|toml|ini|cfg|conf|env|xml|csv|tsv|lock|mod|sum|gradle|cmake|mk|tf|hcl|nix|dockerfile|j2|tmpl|tpl|hbs|ejs|snap|svg"
)
_PATH = lazily(rf"(?<![\w/.@+*-])(?!-)[\w./@+-]*[\w-]\.(?:{_KNOWN_ENDS})(?![\w/(@.])")
_FRAME = lazily(r"[\w$>]\([\w$]+\.\w+:\d+\)")
"""A frame of a stack, as ``org.shop.Cart.add(Cart.java:93)``: nobody has dealt with the file for that."""

_READS_PROSE = lazily(r"(?:cd \S+ && )?(?:cat|head|nl|tail|sed -n)\s[^|;&\n]*\.(?:mdx?|rst|txt|vtt|srt)['\"]?\s*$")
"""A command that prints prose: what that names is met nowhere yet."""

_LISTS = lazily(r"(?:cd \S+ && )?(?:ls|tree|dir|find|fd|git ls-files|rg --files)(?![\w-])[^|]*$")
_MUCH = 12
"""A command that lists what is there: so many lines and more are all there is, and no few that somebody looked for."""

_MACHINE = lazily(r"[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{12,}|\d{8,}|^SKILL\.md$|REDACTED")
"""Names that a program gave or took, of sessions, caches, snapshots; and of what agents are told of their tools."""


OF_GIT = lazily(
    r"\s*(?:cd \S+ && )?git (?:-\S+ \S+ )?"
    r"(?:(?:add|commit|status|rm|log)\b|[^|;&]* --(?:\w*stat|name-(?:only|status))\b)"
)
"""A command that names files for what becomes of them in the history."""
