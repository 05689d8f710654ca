"""The text of files as the edits left it: whole, where a log tells what a file held."""

from __future__ import annotations

from handoff_cli.core.code import enclosing
from handoff_cli.core.paths import MARKDOWN
from handoff_cli.core.patterns import MULTILINE, lazily
from handoff_cli.core.transcript import FileText
from handoff_cli.transcripts.values import cut, encodable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.events import Returned

_MOST_FILES = 16
_MOST_CHARS, _SHOWN_CHARS = 200_000, 24_000


class Texts:
    """Follows the files that were edited last; of one whose text is no longer known for certain there is none."""

    def __init__(self, known: tuple[FileText, ...] = ()) -> None:
        self._known: dict[str, tuple[int, str]] = {it.path: (it.position, it.text) for it in known}
        self._shown: dict[str, str] = {}
        self._gone: dict[str, set[str]] = {}

    def follow(self, path: str, position: int, action: str, old: str, new: str, before: str) -> None:
        """Take in an edit; where something is put in at a place that is not told, the file is known no more."""
        if action == "deleted" or (action == "modified" and not old):
            self.forget(path)
        else:
            self.changed(path, position, old, new, before)

    def changed(self, path: str, position: int, old: str, new: str, before: str) -> None:
        """Take in that ``old`` became ``new`` in a file that was ``before`` (empty: not told).

        Without ``old`` the file was written whole. The changes of one call, all at one ``position``, follow each other.
        """
        at, text = self._known.pop(path, (-1, ""))
        self._gone.pop(path, None)
        text = before if before and at != position else text
        text = _edited(text, old, new, everywhere=bool(before)) if old else new
        if 0 < len(text) <= _MOST_CHARS:
            self._known[path] = position, text
            if len(self._known) > _MOST_FILES:
                del self._known[next(iter(self._known))]

    def showed(self, asked: str, text: str) -> None:
        """Take in what a tool showed of a file, or of it from a line on, with or without the numbers of its lines."""
        path = asked.rpartition(":")[0] if asked.rpartition(":")[2].isdigit() else asked
        self._shown.pop(path, None)
        self._shown[path] = cut(text, _SHOWN_CHARS)
        if len(self._shown) > _MOST_FILES:
            del self._shown[next(iter(self._shown))]

    def place_of(self, path: str, old: str, new: str) -> str | None:
        """Return the function or section of a file that was shown in which an edit lies."""
        text = _NUMBERED.sub("", self._shown.get(path, "")) if old else ""
        at = text.find(old) if text else -1
        return _within(text, old, new, at, path.endswith(MARKDOWN)) if at >= 0 else None

    def lack(self, path: str, words: str) -> bool:
        """Return whether the text of a file is known and does not have ``words``, or they are gone from it."""
        if path in self._known:
            return words not in self._known[path][1]
        return words in self._gone.get(path, ())

    def miss(self, gone: Iterable[tuple[str, str]], anew: bool = False) -> None:
        """Take in words that stand in a file no more, or never did: they are ``gone`` up to its next edit.

        ``anew`` where any file may have been changed before: what was gone may be back.
        """
        self._gone = {} if anew else self._gone
        for path, words in gone:
            self._gone.setdefault(path, set()).add(words)
            if len(self._gone) > _MOST_FILES:
                del self._gone[next(iter(self._gone))]

    def forget(self, path: str) -> None:
        """Take in that nothing is known of a file any more."""
        self._known.pop(path, None)
        self._gone.pop(path, None)

    def undo(self, position: int) -> None:
        """Forget what was made of files after ``position``."""
        self._known = {path: it for path, it in self._known.items() if it[0] <= position}
        self._gone = {}

    def entries(self) -> Iterator[FileText]:
        """Yield what is known, the file edited last at the end."""
        for path, (position, text) in self._known.items():
            yield FileText(path, position, encodable(text))


def shown_by(command: str) -> str:
    """Return the file that a ``command`` shows, or some lines of it, and does nothing else; empty where it is none."""
    found = _SHOWS.fullmatch(command) if command.startswith(("cat ", "nl ", "sed ", "head ")) else None
    return found[1] if found else ""


_SHOWS = lazily(
    r"(?:cat|nl(?: -\w{1,9})*|sed -n '?\d+,\d+p'?|head(?: -n? ?\d+)?) ([^\s;&|<>'\"$*-][^\s;&|<>'\"$*]*)"
    r"(?: \| (?:sed -n '?\d+,\d+p'?|head(?: -n? ?\d+)?))?\s*"
)


def _edited(text: str, old: str, new: str, *, everywhere: bool) -> str:
    """Return ``text`` with ``new`` for ``old``, empty where that cannot be told.

    The first line of a hunk may only name the place. An ``old`` that stands there often was replaced ``everywhere``, or
    nobody knows where.
    """
    place, _, rest = old.partition("\n")
    if rest and old not in text and new.startswith(f"{place}\n"):
        old, new = rest, new[len(place) + 1 :]
    often = text.count(old)
    return text.replace(old, new) if often == 1 or (often and everywhere) else ""


def lines_only_in(text: str, other: str) -> int:
    """Return how many lines ``text`` has that ``other`` has not, or has more of."""
    there: dict[str, int] = {}
    for line in other.splitlines():
        there[line] = there.get(line, 0) + 1
    more = 0
    for line in text.splitlines():
        left = there.get(line, 0)
        if left:
            there[line] = left - 1
        else:
            more += 1
    return more


def place_of(path: str, old: str, new: str, event: Returned) -> str | None:
    """Return the function or section in which an edit lies, as far as the transcript tells."""
    markdown = path.endswith(MARKDOWN)
    at = event.before.find(old) if old and event.before else -1
    if at >= 0:
        return _within(event.before, old, new, at, markdown)
    snippet = _NUMBERED.sub("", event.text) if _NUMBERED.search(event.text) else ""
    at = snippet.find(new) if new and snippet else -1
    return _within(snippet, new, old, at, markdown) if at >= 0 else None


def _within(text: str, there: str, other: str, at: int, markdown: bool) -> str | None:
    """Return the definition in which ``there``, at ``at`` of ``text``, first differs from ``other``."""
    same = 0
    for mine, theirs in zip(there.split("\n"), other.split("\n"), strict=False):
        if mine != theirs:
            break
        same += len(mine) + 1
    name = enclosing(text, min(at + same, len(text)), markdown)
    return encodable(cut(name, _NAME_CHARS)) if name else None


_NAME_CHARS = 200
_NUMBERED = lazily(r"^ *\d+(?:[\t→]|: |\|| \| ?)", MULTILINE)
"""How agents number the lines of a file."""
