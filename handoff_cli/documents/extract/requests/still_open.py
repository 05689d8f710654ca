"""Which files that the agent named as still to do were edited after it said so."""

from __future__ import annotations

from handoff_cli.core.paths import is_test, name_of
from handoff_cli.core.patterns import caseless, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit


class StillOpen:
    """Marks in the agent's words what they name as still to do and was edited since."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits

    def marked(self, text: str, position: int) -> str:
        """Return ``text``, said at ``position``, with the files edited since behind each sentence that has them open.

        The items of a list below such a sentence are marked each.
        """
        if not _OPEN.search(text):
            return text
        made = sorted((it.position, name_of(it.path)) for it in self._edits if it.outcome != "failed")
        late = dict.fromkeys(name for at, name in reversed(made) if at > position)
        if not late:
            return text
        files = {word: name for name in late for word in (name.lower(), _stem(name)) if word}
        lines, listed = [], False
        for line in text.split("\n"):
            listed = (listed and (not line.strip() or bool(_ITEM.match(line)))) or _leads(line)
            lines.append(_with_mark(line, files) if listed else _by_sentence(line, files))
        return "\n".join(lines)


def _stem(name: str) -> str:
    """Return how a file is called in words, empty for a test: who speaks of ``spool`` means the code."""
    stem = "" if is_test(name) else name.partition(".")[0].lower()
    return stem if len(stem) >= _SHORT else ""


def _leads(line: str) -> bool:
    return line.rstrip(" *_").endswith((":", "\uff1a")) and bool(_OPEN.search(line))


def _by_sentence(line: str, files: dict[str, str]) -> str:
    if not _OPEN.search(line):
        return line
    told = _SENTENCES.split(line)
    return "".join(_with_mark(it, files) if _OPEN.search(it) else it for it in told)


def _with_mark(said: str, files: dict[str, str]) -> str:
    named = dict.fromkeys(files[it] for word in _WORDS.findall(said.lower()) if (it := word.rstrip(".")) in files)
    return f"{said} [edited since: {', '.join(list(named)[:_SHOWN])}]" if named else said


_SHORT, _SHOWN = 3, 4
_WORDS, _ITEM = lazily(r"[\w.-]+"), lazily(r"\s*(?:[-*\u2022]|\d{1,2}[.)]|\[[ ~]\])\s")
_SENTENCES = lazily(r"(?<=[.!?;])(\s+)")
_OPEN = caseless(
    r"\b(?:still (?:to (?:do|be|come)|open|missing|pending|need(?:s|ed)?|untouched|unchanged|unconverted)"
    r"|left to (?:do|be)|(?:is|are) (?:to do|to come|left|pending|outstanding|missing|untouched)(?=\W*$|[.,;:!])"
    r"|(?:remain(?:s|ing)?|to[- ]?do|open)(?: \w+)?(?=\W*$|[.,;:!])|(?:not|n['\u2019]t) (?:\w+ )?yet\b|yet to (?:do|be)"
    r"|noch (?:offen|zu (?:tun|machen)|nicht)|(?:fehl(?:t|en)|stehen?) noch|faltan?\b|qued(?:a|an) (?:por|pendientes?)"
    r"|pendientes?|rest(?:e|ent) (?:\xe0|encore)|\xe0 faire|mancano|manca ancora|da fare|por fazer)\b"
    r"|\u8fd8(?:\u6ca1|\u5269|\u9700\u8981)|\u5269\u4e0b|\u5f85\u529e|\u672a\u5b8c\u6210|\u307e\u3060|\u6b8b\u308a"
)
"""Words that something is still to do."""
