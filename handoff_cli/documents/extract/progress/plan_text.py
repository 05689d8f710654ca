"""What a plan says: its numbered steps with the files and the code they name, its checks, and what it rules out."""

from __future__ import annotations

from handoff_cli.core.patterns import IGNORECASE, caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.language.words import as_one_line, clipped, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LEAST_STEPS, _MOST_STEPS, _TITLE_CHARS, _ACTION_CHARS = 3, 20, 140, 400


class StepText(Record):
    """A step as the plan has it: its ``number``, ``title`` and ``action``, the places it names and its code.

    ``places`` are the files with their lines that its line of files, its title or the heading above it name, ``files``
    the same without lines, ``every`` tells that its line of files lists them, ``others`` those its words name besides.
    ``names`` are its code spans, of a call the name, ``titled`` those of the title, ``block`` the lines of its code.
    """

    number: int
    title: str
    text: str = ""
    action: str = ""
    places: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    every: bool = False
    others: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()
    block: tuple[str, ...] = ()


class _Line(Record):
    """A line of a plan: its ``level`` as a heading (0: none), and whether it stands in a block of ``code``."""

    text: str
    level: int = 0
    code: bool = False


def steps_in(text: str) -> list[StepText]:
    """Return the steps of a plan that are numbered from 1 on, at least three: headings, else items of one list."""
    lines = list(_lines(text))
    starts = _numbered(lines, headings=True) or _numbered(lines, headings=False)
    steps = []
    for at, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        level = lines[at].level or _DEEPEST
        until = next((it for it in range(at + 1, end) if 0 < lines[it].level <= level), end)
        steps.append(_step(lines[at], lines[at + 1 : until], _above(lines, at)))
    return [it for it in steps if not (_NOT_NOW.match(it.title) or any(map(_NO_CHANGE.match, (it.title, it.action))))]


_DEEPEST = 6
_NOT_NOW = caseless(
    r"\W*(?:later|afterwards|eventually|someday|follow[- ]?up|out of scope|sp\xe4ter|next release|keep|leave)\b"
)
_NO_CHANGE = caseless(r"\W*no (?:\w+ )?changes?\b")
"""How a step begins that is not for now, or changes nothing: it is neither done nor left."""


def _lines(text: str) -> Iterator[_Line]:
    fenced = False
    for line in text.split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        else:
            bare = line.lstrip("#")
            yield _Line(line, len(line) - len(bare) if bare.startswith(" ") and not fenced else 0, fenced)


def _numbered(lines: Sequence[_Line], *, headings: bool) -> list[int]:
    """Return where the steps begin. Of several lists nobody can say which one a number means."""
    runs: list[list[int]] = []
    aside = False
    for at, line in enumerate(lines):
        aside = bool(_ASIDE.search(line.text)) if line.level else aside
        found = None if line.code or bool(line.level) != headings else _STEP_LINE.match(line.text)
        if found is None or (aside and not headings) or found[2].startswith(_TICKS):
            continue
        if found[1] == "1":
            runs.append([at])
        elif runs and int(found[1]) == len(runs[-1]) + 1:
            runs[-1].append(at)
    runs = [it for it in runs if len(it) >= LEAST_STEPS]
    return runs[0][:_MOST_STEPS] if len(runs) == 1 else []


_STEP_LINE = lazily(
    r"(?:#{1,6} |\*\*|[-*] )*\s?(?:(?:step|phase|task|part|fix|change)\s+)?(\d{1,2})(?:[.:)](?!\d)| [-\u2013\u2014])"
    r"\s*(\S.*)",
    IGNORECASE,
)
_TICKS = ("✅", "✔", "☑", "✓", "❌", "✗")
"""How an entry begins of a list of what is so, or is not: no step."""

_ASIDE = caseless(
    r"\b(?:context|background|verif\w+|test(?:ing)? plan|how to test|acceptance|goals?|requirements?|risks?|notes?"
    r"|overview|problems?|skipped|rejected|out of scope|questions?|causes?)\b"
)
"""The heading of a section whose numbered items are no steps."""


def _above(lines: Sequence[_Line], at: int) -> str:
    """Return the heading that the line ``at`` stands below."""
    level = lines[at].level or _DEEPEST + 1
    return next((it.text for it in reversed(lines[:at]) if 0 < it.level < level), "")


def _step(line: _Line, body: Sequence[_Line], above: str) -> StepText:
    found = _STEP_LINE.match(line.text)
    number, title = (int(found[1]), plain(found[2]).strip("* ")) if found else (0, "")
    prose = [it.text for it in body if not it.code]
    listed = next((rest for it in prose if (rest := _labelled(it, _FILES.fullmatch))), "")
    told = "\n".join((title, *prose))
    places = places_in(listed, surely=True) or places_in(title) or places_in(above)
    files = tuple(dict.fromkeys(map(_without_lines, places)))
    others = dict.fromkeys(_without_lines(it) for it in places_in(" ".join(_SPAN.findall(told))))
    return StepText(
        number,
        clipped(title, _TITLE_CHARS),
        as_one_line("\n".join((title, *(it.text for it in body)))),
        _action(prose),
        places,
        tuple(it for it in files if it),
        bool(listed),
        tuple(it for it in others if it and it not in files),
        _names(told),
        _names(title),
        tuple(it.text.strip() for it in body if it.code and len(it.text.strip()) >= _LONG_LINE),
    )


_LONG_LINE = 12
_SPAN = lazily(r"`([^`\n]{2,200})`")


def _labelled(line: str, is_label: Callable[[str], object]) -> str:
    """Return what stands behind the label that ``line`` begins with, empty where it does not."""
    head, colon, rest = line.strip().lstrip("-*+ ").partition(":")
    return rest.strip(" *") if colon and is_label(head.strip("* ")) else ""


_FILES = caseless(r"(?:files?|paths?|locations?|where)(?: (?:to|in|for) [a-z]+)?")
_ACTIONS = caseless(r"(?:actions?|changes?|fix|what|how|do|task)")
_WHY = caseless(r"(?:why|reason|rationale|problem|issue|cause|context|impact|risk)")


def _action(prose: Sequence[str]) -> str:
    """Return what is to be done: what the plan labels so, else the first line that tells neither file nor reason."""
    action = next((rest for it in prose if (rest := _labelled(it, _ACTIONS.fullmatch))), "")
    told = (it for it in prose if not (_labelled(it, _FILES.fullmatch) or _labelled(it, _WHY.fullmatch)))
    first = next(filter(None, map(plain, told)), "")
    return clipped(action or first, _ACTION_CHARS).rstrip(":")


def places_in(text: str, *, surely: bool = False) -> tuple[str, ...]:
    """Return the files that ``text`` names, with their lines; a number alone is of the file before it.

    A word with a dot is one where a folder stands before it, or it ends as files do; ``surely``: it is one anyway.
    """
    found: list[str] = []
    for word in text.replace("`", " ").replace(",", " ").split():
        bare = word.strip("*\"';.") if word.count("(") == word.count(")") else word.strip("*\"';.()")
        it = _FILE.fullmatch(bare) if len(bare) <= _LONG_WORD and "://" not in bare else None
        is_file = it and (surely or "/" in it[1] or it[2].lower() in _ENDS)
        found += [bare] * bool(is_file or (found and _LINES.fullmatch(bare)))
    return tuple(dict.fromkeys(found))


_LONG_WORD = 200
_LINES = lazily(r"\d+(?:[-\u2013]\d+)?")
_FILE = lazily(r"([\w.@+/()\[\]$-]*[\w\])-]\.([A-Za-z]\w{0,9}))(?::\d+(?:[-\u2013]\d+)?)?")
_ENDS = frozenset((
    *("py", "pyi", "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "vue", "svelte", "astro", "go", "rs", "java", "kt"),
    *("rb", "php", "cs", "swift", "c", "cc", "cpp", "h", "hpp", "html", "css", "scss", "sql", "md", "mdx", "toml"),
    *("yaml", "yml", "json", "sh", "tf", "proto", "graphql", "ex", "exs", "gleam", "dart", "lua", "zig", "hs", "clj"),
))  # fmt: skip


def _without_lines(place: str) -> str:
    return "" if _LINES.fullmatch(place) else place.partition(":")[0]


def _names(text: str) -> tuple[str, ...]:
    """Return the code spans of ``text`` that an edit may hold: of a call the name; files are none."""
    return tuple(dict.fromkeys(it for it in spans_in(text) if _TELLS.search(it) and not places_in(it)))


def spans_in(text: str) -> list[str]:
    """Return the code spans of ``text``, of a call the name."""
    return [_CALL.sub("", it.strip()) for it in _SPAN.findall(text)]


_CALL = lazily(r"(?<=\w)\([^()]*\)$")
_TELLS = lazily(r"[A-Za-z_]{5}|[a-z][A-Z]|\w[^\w\s]\w")
"""What a span holds that is no short word of everyday code."""


def checks_in(text: str) -> tuple[str, ...]:
    """Return the commands that the plan wants run in the end, out of the items and the code of its verification."""
    found: list[str] = []
    for line in _section(text, _VERIFIES.search):
        told = [line.text.strip().removeprefix("$ ")] if line.code else _SPAN.findall(line.text)
        found += [it for it in told if (line.code or _ITEM.match(line.text)) and _COMMAND.match(it)]
    return tuple(dict.fromkeys(found))


_VERIFIES = caseless(r"\b(?:verif\w+|test(?:ing)? plan|how to test|acceptance)\b")
_ITEM = lazily(r"\s{0,3}(?:[-*+]|\d{1,2}[.)]) +\S")
_COMMAND = lazily(r"(?:\./)?[a-z][\w./-]* +\S")


def ruled_out_in(text: str) -> tuple[str, ...]:
    """Return what the plan says that it skips or rejects, with its reasons."""
    lines = (it.text for it in _section(text, _SKIPS.search) if not it.code and _ITEM.match(it.text))
    return tuple(clipped(plain(it), _SKIPPED_CHARS) for it in lines)


_SKIPPED_CHARS = 240
_SKIPS = caseless(
    r"\b(?:skipp?(?:ed|ing)|rejected|ruled out|not worth|won['\u2019]?t (?:fix|do)|discarded|considered and"
    r"|false positives|not (?:doing|changing|fixing))\b"
)


def _section(text: str, is_meant: Callable[[str], object]) -> Iterator[_Line]:
    """Yield the lines of the sections whose heading ``is_meant``, up to the next as high."""
    level = 0
    for line in _lines(text):
        if line.level and (not level or line.level <= level):
            level = line.level if is_meant(line.text) else 0
        elif level:
            yield line
