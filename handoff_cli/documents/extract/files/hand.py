"""What is in hand: the names of the last stretch by the file they belong to."""

from __future__ import annotations

from handoff_cli.core.code import defined_by
from handoff_cli.core.light import Counts
from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.files.files_met import OF_GIT
from handoff_cli.documents.extract.language.words import (
    identifiers,
    is_redacting,
    lines_telling_secrets,
    lines_with,
    names_in,
    whole,
)
from handoff_cli.redaction import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from handoff_cli.core.transcript import Edit, FileText, Transcript
    from handoff_cli.documents.extract.files.texts import Printed

_MOST_NAMES = 140
_LEAST_CHARS = 5
_WEIGHTS = {"edit": 1.5, "search": 4.0, "command": 1.0, "said": 1.5, "thought": 3.0, "result": 2.0}
_PRINTED, _MOST_PRINTED = 0.05, 16
"""What a name counts that only outputs hold, and how many of these there are: nobody has worked with them.

Of them those that are called can be used elsewhere: fields and what functions keep for themselves cannot, but for the
columns, keys and resources of what calls nothing.
"""
_CALL_NOTHING = (".sql", ".tf", ".hcl", ".yaml", ".yml", ".toml", ".graphql", ".proto", ".css", ".scss")

_OF_A_KIND, _FIRST_OF_A_FILE = 0.8, 0.3
"""What a name has ahead for every further kind of use, and at what share of its place the first of a file stands."""

_HALF_LIFE, _TIMES = 0.18, tuple(times**0.6 for times in range(4))
"""The share of the session (by its length) after which a name counts half; how often one counts that a text repeats."""


class NamesInHand:
    """The names of code in hand in ``transcript``; ``doubtful`` are lines that may tell that some are secrets."""

    def __init__(self, transcript: Transcript) -> None:
        uses = list(_uses(transcript))
        self._transcript = transcript
        gone = {it.path for it in transcript.files if it.action == "deleted"}
        self._names, self._home, self._only_met, self._uncalled = _best_names(uses, gone)
        self.doubtful = _lines_with(set(self._names), [use[3] for use in uses])

    def told(self, printed: Sequence[Printed] = ()) -> tuple[tuple[str, str], ...]:
        """Return the names, each after the file it belongs to (empty where that is not known), worth most first.

        The first of a file stands before others of its worth. A name whose definition a search found, or that was
        ``printed``, has its line: ``main:12``.
        """
        best, home = _without_secrets(self._names, self.doubtful), self._home
        deleted = {it.path for it in self._transcript.files if it.action == "deleted"}
        late = [it for it in self._transcript.edits[-_LATE_EDITS:] if it.path not in deleted]
        gone = _taken_out(best[:_MOST_LOOKED_FOR], late, self._transcript.texts)
        own = _set_by(late, printed, self._transcript)
        best = [it for it in best if it not in gone and (it in own or len(own) < _MANY_SET)]
        edited = {name_of(it.path): it.position for it in self._transcript.edits}
        read_at = _read_in(set(best), printed, home, edited)
        seen: set[str] = set()
        places: dict[str, float] = {}
        for at, name in enumerate(best):
            path = home[name].most()[0] if name in home else ""
            places[name] = at if path in seen else at * _FIRST_OF_A_FILE
            seen.add(path)
        defined = read_at | _found_in(set(best), self._transcript, home, edited)
        ranked = sorted(places, key=lambda name: places[name])
        told = [(_home_of(home.get(name)), name) for name in ranked]
        # Where a name stands is half of what it says; without that, names are told where there are hardly others.
        stems = {name_of(it.path).partition(".")[0] for it in self._transcript.files}
        told = [
            it
            for it in told
            if (it[0] or it[1] not in self._only_met)
            and (it[1] not in self._uncalled or it[0].endswith(_CALL_NOTHING))
            and (it[1] not in stems or name_of(it[0]).partition(".")[0] == it[1])  # a file's name is no other's
        ]
        nowhere = [it for it in told if not it[0]]
        shown = {*told} - {*nowhere[max(0, _FEW_PLACED - len(told) + len(nowhere)) :]}
        return tuple(
            (path, f"{name}:{defined[path, name]}" if (path, name) in defined else name)
            for path, name in told
            if (path, name) in shown
        )


def _set_by(edits: Sequence[Edit], printed: Sequence[Printed], transcript: Transcript) -> set[str]:
    """Return the names that ``edits`` or what was ``printed`` set, or that were searched for.

    Others are a library's, or no more than words, where much of the code was seen.
    """
    lines = [line for it in printed for _, _, line in it.lines]
    lines += [line for it in edits for text in (it.old, it.new) for line in text.split("\n")]
    held = (found[1] for line in lines if (found := _HOLDS.match(line)))
    sought = (name for it in transcript.lookups if it.kind == "search" for name in identifiers(it.asked))
    return {*filter(None, map(defined_by, lines)), *(it.where for it in edits if it.where), *held, *sought}


_HOLDS = lazily(
    r"[\s+-]{0,80}(?:(?:const|let|var|export|readonly|private|public|static) |self\.|this\.){0,3}"
    r"(\w+)(?:, \w+)?(?: :?= |\??: |:$|\s{1,40}(?:\*|\[\])?[\w.]+(?:\s{1,40}`|$))"
)
"""A line that sets a name: a variable, a field of a structure, a key."""

_MANY_SET = 8
"""So many names that are set show that enough of the code was seen to tell whose a name is."""


def _taken_out(names: list[str], edits: Sequence[Edit], texts: Sequence[FileText]) -> set[str]:
    """Return those of ``names`` that ``edits`` took out and left in no file: what was given up is not in hand.

    Of a file whose whole text is known as the last of them left it, this tells.
    """
    last = {it.path: it.position for it in edits}
    whole_texts = {it.path: it.text for it in texts if it.position == last.get(it.path)}
    gone = set()
    for name in names:
        left: dict[str, int] = {}
        for edit in edits:
            if name in edit.old or name in edit.new:
                left[edit.path] = left.get(edit.path, 0) + edit.new.count(name) - edit.old.count(name)
        left |= {path: name in whole_texts[path] for path in left if path in whole_texts}
        if left and max(left.values()) <= 0:
            gone.add(name)
    return gone


_MOST_LOOKED_FOR, _LATE_EDITS = 60, 60


class _Homes(dict[str, Counts[str]]):
    """How much each name was used in which file."""

    def __missing__(self, name: str) -> Counts[str]:
        found = self[name] = Counts[str]()
        return found


def _best_names(uses: list[tuple[int, str, str, str]], gone: set[str]) -> tuple[list[str], _Homes, set[str], set[str]]:
    """Return the names that are worth most, how much each was used in which file, and which were only said or printed.

    Last those of the printed ones that nothing calls. In a file that is ``gone`` none was used.
    """
    worth: dict[str, float] = {}
    kinds: dict[str, set[str]] = {}
    home = _Homes()
    first, last = (uses[0][0], max(use[0] for use in uses)) if uses else (0, 0)
    span = max(1, last - first)
    for position, kind, path, text in uses:
        if not (names := names_in(text)):
            continue
        weight = _WEIGHTS[kind] * 0.5 ** ((last - position) / span / _HALF_LIFE)
        for name, count in names.items():
            if len(name) >= _LEAST_CHARS:
                worth[name] = worth.get(name, 0.0) + weight * _TIMES[min(count, 3)]
                kinds.setdefault(name, set()).add(kind)
                if path and path not in gone:
                    home[name][path] += round(100 * weight)
    for name, its_kinds in kinds.items():
        worth[name] *= (1 + _OF_A_KIND * (len(its_kinds) - 1)) * (_PRINTED if its_kinds == {"result"} else 1.0)
    best_first = sorted(worth, key=lambda name: -worth[name])[:_MOST_NAMES]
    code = [text for _, kind, _, text in uses if kind in {"edit", "result"}]
    of_data = _of_data([name for name in best_first if "search" not in kinds[name]], code)
    best_first = [name for name in best_first if name not in of_data]
    printed = [name for name in best_first if kinds[name] == {"result"}]
    called = [name for name in printed if any(f"{name}(" in text for text in code)]
    uncalled = {*[name for name in printed if name not in called][:_MOST_PRINTED]}
    unused = {*printed} - {*called[:_MOST_PRINTED]} - uncalled
    only_met = {name for name in best_first if kinds[name] <= {"said", "result"}}
    return [name for name in best_first if name not in unused], home, only_met, uncalled


def _of_data(names: Sequence[str], code: Sequence[str]) -> set[str]:
    """Return those of ``names`` that stand in ``code`` mostly behind a quote: keys and values of data are no names."""
    alike = {name for name in names if "_" in name and name.islower()}
    bare = dict.fromkeys(alike, 0)
    for text in code:
        for name in alike & names_in(text).keys():
            quoted = text.count(f'"{name}"') + text.count(f"'{name}'")
            bare[name] += names_in(text)[name] - 2 * quoted
    return {name for name in alike if bare[name] < 0}


_FEW_PLACED = 8
_CUT = "\u2026"
"""How a line begins that stands for what a reader left out: what follows may be of another file."""


def _home_of(places: Counts[str] | None) -> str:
    """Return the file that a name belongs to: that of most of its uses, none where no file has more than half."""
    path, count = places.most() if places else ("", 0)
    return path if places and count * 2 > sum(places.values()) else ""


def _found_in(
    names: set[str], transcript: Transcript, home: _Homes, edited: Mapping[str, int]
) -> dict[tuple[str, str], str]:
    """Add to ``home`` in which files searches and prints of files found ``names``; return the lines of definitions.

    Those of files that were ``edited`` later, by their names, are not known any more.
    """
    defined: dict[tuple[str, str], str] = {}
    for position, asked, answer in _prints(transcript):
        only = _ONE_FILE.search(asked)
        path = only[1] if only else ""
        for line in answer.split("\n")[:_MOST_LINES]:
            found = _PRINTED_AT.match(line)
            if found:
                path = found[1] or path
            elif header := _DIFF_OF.match(line):
                path = header[1]
            elif line.startswith(_CUT):
                path = only[1] if only else ""
            if not path or len(line) > _LONG_LINE or _DATA.search(path):
                continue
            there = names.intersection(identifiers(line[found.end() :] if found else line))
            new = {it[1] for it in _DEFINES.finditer(line)} if there else set()
            for name in there:
                defines = name in new
                home[name][path] += _DEFINITION if defines else _MENTION
                if defines and found and found[2] and edited.get(name_of(path), -1) < position:
                    defined[path, name] = found[2]
    return defined


def _read_in(
    names: set[str], printed: Sequence[Printed], home: _Homes, edited: Mapping[str, int]
) -> dict[tuple[str, str], str]:
    """Add to ``home`` in which files that were read ``names`` stand; return lines of definitions as ``_found_in``."""
    defined: dict[tuple[str, str], str] = {}
    for text in printed:
        path = text.lines[0][0]
        if text.lines[-1][0] != path or _DATA.search(path):
            continue
        lines = [line for _, _, line in text.lines]
        for name, count in Counts(identifiers("\n".join(lines))).items():
            if name in names:
                home[name][path] += _MENTION * min(count, 3)
        for _, number, line in text.lines:
            own = defined_by(line)
            if own and own in names:
                home[own][path] += _DEFINITION
                if number and edited.get(name_of(path), -1) < text.position:
                    defined[path, own] = str(number)
    return defined


def _prints(transcript: Transcript) -> Iterator[tuple[int, str, str]]:
    """Yield the place, what was asked and what came back, of the last searches and of commands that print code."""
    for it in transcript.lookups:
        if it.kind == "search" and it.answer and not is_foreign(f"{it.asked}\n{it.answer}"):
            yield it.position, it.asked, it.answer
    for command in transcript.commands[-100:]:
        if command.output and _READS.search(command.text) and not is_foreign(command.text):
            yield command.position, command.text, command.output


_PRINTED_AT = lazily(r"(?:\s*|([\w./\\@+-]*[\w-]\.[A-Za-z]\w{0,5})[:-])(\d+)[:\t-]")
_DIFF_OF = lazily(r"\+\+\+ (?:b/)?(\S+\.\w{1,6})\s*$")
_ONE_FILE = lazily(r"(?:\s|^)([\w./\\@+-]*[\w-]\.[A-Za-z]\w{0,5})['\"]?\s*(?:2>\S+\s*)?(?:\|.*)?$")
_DEFINES = lazily(
    r"\b(?:func(?:\s*\([^)]*\))?|def|class|function|interface|type|struct|enum|trait|fn|const|let|var|module)\s+(?=(\w+))"
)
_DEFINITION, _MENTION = 300, 5
"""Hundredths of a use."""
_MOST_LINES, _LONG_LINE = 400, 1_000
_DATA = lazily(r"\.(?:jsonl?|lock|csv|tsv|log|txt|snap|svg|sum|db)$")


_READS = lazily(r"\bgit\b[^|;&]{0,300}\b(?:diff|show)\b|\b(?:grep|rg|ag)\b|\bsed -n\b|^\s*cat\b")
"""Commands that print code."""


_FOREIGN = lazily(
    r"\b(?:node_modules|site-packages|vendor|third_party|\.venv|dist)/|\.min\.(?:js|css)\b|\bnode_modules\b"
    r"|/\.[a-z]+/(?:[^/\s]+/)*(?:skills|plugins)/|\bSKILL\.md\b|\.(?:vtt|srt)\b"
)
"""Where code lies that others wrote or a program made, what agents are told of their own tools, and what people say."""
_OF_FOREIGN = (
    *("node_modules", "site-packages/", "vendor/", "third_party/", ".venv/", "dist/", ".min.", "skills/", "plugins/"),
    *("SKILL.md", ".vtt", ".srt"),
)
"""One of these is in whatever ``_FOREIGN`` finds."""


def is_foreign(text: str) -> bool:
    """Return whether ``text`` names a place where code of others lies, or what a program made."""
    return any(mark in text for mark in _OF_FOREIGN) and bool(_FOREIGN.search(text))


def _lines_with(names: set[str], texts: list[str]) -> str:
    """Return the lines of ``texts`` in which any of ``names`` stands and something beside it that stands by secrets.

    Where a name has a digit in it, as most passwords do, every line with it.
    """
    odd = {name for name in names if not name.isalpha() and any(map(str.isdigit, name))}
    lines: dict[str, None] = {}
    for text in dict.fromkeys(texts):
        found = names_in(text).keys() & names
        if not found:
            continue
        telling = lines_telling_secrets(text)
        lines.update(dict.fromkeys(line for line in telling if found.intersection(identifiers(line))))
        if has := odd & found:
            all_lines = text.split("\n")
            lines.update(dict.fromkeys(all_lines[at] for at in sorted(lines_with(has, text))))
    return "\n".join(lines)


def _without_secrets(names: list[str], doubtful: str) -> list[str]:
    """Return ``names`` without those that redaction takes out of a line: a password alone is a name like others."""
    if not doubtful:
        return names
    clean = whole(doubtful) if is_redacting() else redact(doubtful)
    secret = set(identifiers(doubtful)) - set(identifiers(clean)) if clean != doubtful else set[str]()
    return [name for name in names if name not in secret]


def _uses(transcript: Transcript) -> Iterator[tuple[int, str, str, str]]:
    """Yield ``(position, kind, path, text)`` of whatever names things, in the order of places."""
    gone = {edit.path: edit.position for edit in transcript.edits if edit.action == "deleted"}
    plan = transcript.plan_file  # it speaks of code that stands elsewhere
    found = [
        *((it.position, "said", "", it.new) for it in transcript.edits if it.path == plan),
        *(
            (it.position, "edit", it.path, f"{it.old}\n{it.new}\n{it.where or ''}")
            for it in transcript.edits
            if it.position > gone.get(it.path, -1) and it.path != plan
        ),
        *((it.position, "command", "", it.text) for it in transcript.commands[-400:] if not OF_GIT.match(it.text)),
        *(
            (it.position, "result", "", it.output)
            for it in transcript.commands[-100:]
            if it.output and _READS.search(it.text) and not is_foreign(it.text)
        ),
        *((it.position, "said", "", it.text) for it in transcript.messages[-80:]),
        *((it.position, "thought", "", it.text) for it in transcript.reasonings),
        *((it.position, "search", "", it.asked) for it in transcript.lookups if it.kind == "search"),
        *(
            (it.position, "result", "", it.answer)
            for it in transcript.lookups
            if it.answer and not is_foreign(f"{it.asked}\n{it.answer[:5_000]}")
        ),
    ]
    yield from sorted(found, key=lambda use: use[0])
