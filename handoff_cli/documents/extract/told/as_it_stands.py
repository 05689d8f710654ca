"""What stands of the agent's messages: no course of things that was changed, nothing lost that was found again."""

from __future__ import annotations

from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import caseless, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Message, Transcript


class AsItStands:
    """Tells what stands of messages of a ``transcript``, by its edits and what the agent saw later."""

    def __init__(self, transcript: Transcript) -> None:
        self._edited = max((it.position for it in transcript.edits), default=-1)
        own = (it for it in transcript.messages if it.role != "user" and " already " in it.text)
        self._there = [(it.position, name_of(file)) for it in own for file in _THERE.findall(it.text[:_MOST_READ])]

    def of(self, message: Message) -> str:
        """Return what stands of the text of a ``message`` of the agent's."""
        text = without_course(message.text, message.position, self._edited)
        files = {file for at, file in self._there if at > message.position and file in text}
        return _without_sections(text, files) if files else text


_MOST_READ = 4_000
_THERE = lazily(
    r"(?i)(?<![\w/.-])((?:[\w.-]{1,60}/){0,8}[\w-]{1,60}\.[a-z]\w{0,5})`? already "
    r"(?:has|had|contains|includes|uses|does)\b"
)
"""How the agent says that a file has already what was thought to be lost."""


def _without_sections(text: str, files: set[str]) -> str:
    """Return ``text`` without the sections whose heading names one of ``files`` alone, and says what that lacks.

    So are items elsewhere that point to such a section by its number.
    """
    kept: list[str] = []
    numbers: set[str] = set()
    within, lacks = 0, False
    for line in text.split("\n"):
        if heading := _HEADING.match(line):
            level, named = len(heading[1]), {name_of(it) for it in _FILE.findall(line)}
            within = within if 0 < within < level else 0
            over = not within and len(named) == 1 and named <= files and (lacks or _LACKS.search(line))
            lacks = lacks or bool(not named and _LACKS.search(line))
            if over:
                within = level
                numbers.add(f"(#{heading[2]})")
        elif _RULE.match(line):
            within = 0
        if not within and not any(it in line for it in numbers):
            kept.append(line)
    return "\n".join(kept)


_HEADING = lazily(r"(#{1,6}) +(?:\*\*)?(?:(\d{1,2})[.)])?")
_RULE = lazily(r"[-=*]{3,}\s*$")
_FILE = lazily(r"(?<![\w/.-])(?:[\w.-]{1,60}/){0,8}[\w-]{1,60}\.[a-z]\w{0,5}\b")
_LACKS = caseless(r"\b(?:lost|missing|lacks?|lacking|regress\w*|gone|absent)\b")


def without_course(text: str, position: int, edited: int) -> str:
    """Return ``text`` without a list of what happens now, step by step, where an edit since changed that."""
    return _COURSE.sub("", text) if position < edited and (" happens " in text or " goes on " in text) else text


_COURSE = lazily(
    r"(?im)^[#* ]{0,8}what (?:happens|goes on) (?:at runtime|now|today|currently|right now)\b[^\n]{0,80}\n+"
    r"(?:[ \t]*(?:[-*+\u2022]|\d{1,3}[.)]) [^\n]*\n*)+"
)
