"""A first look at the whole text: which forms stand where, which names are speakers, how wide the screen was.

What one line means depends on others: ``> fix it`` is the user on a screen of Claude Code, a quotation in Markdown and
a tool's line in an Aider history. So the text is gone over twice.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from array import array
from functools import cached_property

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.given import numbered
from handoff_cli.transcripts.conversation.lines import LOOK_AHEAD, cleaned, unframed
from handoff_cli.transcripts.conversation.names import Names, is_weak
from handoff_cli.transcripts.conversation.speakers import (
    ALONE,
    ASSISTANT,
    BOLD,
    DECORATED,
    EXPORTED,
    HEADING,
    LABEL,
    SAID,
    SYSTEM,
    TOOL,
    USER,
    mark_in,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.speakers import Mark
    from handoff_cli.transcripts.source import Source

CLAUDE, CODEX, GEMINI, OPENCODE, AIDER, TERMINAL = 1, 2, 4, 8, 16, 32
SCREENS = CLAUDE | CODEX | GEMINI | OPENCODE
_BITS = {EXPORTED: 64, HEADING: 128, BOLD: 256, SAID: 512, ALONE: 1024, LABEL: 2048, DECORATED: 4096}
_NAMED = sum(_BITS.values())

BLOCK_LINES = 64
_NEAR = 3
"""A form holds this many blocks around each of its signs."""

_RARE = 0.1
_SURVEYED_CHARS = 4096
_MAX_WIDTH = 400
_LEAST_WIDTH = 40
_NEAR_COLUMNS = 12
_WRAPPED_LINES = 5
_WRAPPED_SHARE = 0.3
_MORE_PARTS = 2
_TITLE_LINES = 3
_MORE_SHARE = 0.2

_CLAUDE = compiled(
    r" {0,2}[⏺●] (?:[A-Z]|\S+ - )|\s{0,6}⎿ | {0,2}[✻✽✶✢·] \w+… |✻ \w+ for \d|.{0,12}▐▛███▜▌"
    r"|[═─]+ Conversation compacted"
)
_CODEX = compiled(
    r"• (?:Ran|Running|Edited|Added|Deleted|Explored|Exploring|Updated Plan|Called|Waited|Context compacted|Proposed"
    r"|Searched|Viewed|You ran)\b|  └ |› \S|.{0,4}>_ OpenAI Codex"
)
_GEMINI = compiled(
    r" {0,2}✦ | {0,3}[✔✓x✗✖⊷?o-]\s{1,2}(?:Shell|Edit|WriteFile|ReadFile|ReadManyFiles|WriteTodos|SearchText|FindFiles) "
)
_OPENCODE = compiled(r" {0,4}(?:[▣■] {1,2}\w[\w -]* · |[┃▌] {1,3}\S| {0,4}[→←✱] {1,2}(?:Read|Edit|Write|Grep|Glob) )")
_AIDER = compiled(
    r"# aider chat started at |> (?:Applied edit to |Tokens: [\d.,]+|Commit [0-9a-f]{7} |Main model: |Aider v\d"
    r"|Added \S+ to the chat)"
)
_MESSAGE = compiled(
    r'"(?:role|sender|from)"\s*:\s*"(?:user|human|assistant|gpt|model|system)"|"isSidechain"|"payload"\s*:'
)
SHELL_PROMPT = compiled(
    r"(?:\([\w.-]{1,40}\) )?(?:\[?[\w.-]{1,40}@[\w.-]{1,60}[: ][^\s$#%>\]]{0,120}\]?\s?[$#%]"
    r"|PS [A-Z]:\\[^>]{0,120}>|[A-Z]:\\[^>]{0,120}>"
    r"|[~/][^\s$#%>]{0,120} ?[$#%❯➜]|➜  ?[\w.~/-]{1,80}(?: git:\([^)]{1,80}\))?(?: ✗)?|(?:bash|sh"
    r"|zsh)-[\d.]+[$#])(?: +(.*))?$"
)
"""A shell's prompt and the command after it, nothing where the line is empty."""

_SETTING = compiled(r"\s*(?:- )?[\w.-]{1,40}:(?: \S.{0,80})?$")
"""A line of a list of settings."""

_SCREENS_BY_SIGN = ((CLAUDE, _CLAUDE), (CODEX, _CODEX), (GEMINI, _GEMINI), (OPENCODE, _OPENCODE), (AIDER, _AIDER))
_FIRSTS = frozenset(" ⏺●⎿✻✽✶✢·•└›✦✔✓x✗✖⊷?o-▣■┃▌→←✱#>═─▐*")


EXEC_NAMES = ("user", "codex")
"""Names that ``codex exec`` writes on lines of their own, without an empty one before."""

EXEC_LINES = frozenset((*EXEC_NAMES, "exec", "thinking", "tokens used", "file update", "file update:", "Plan update"))
"""Lines with which ``codex exec`` begins something new."""


class Survey:
    """What the first look found; ``forms(number)`` are those that hold at a line."""

    def __init__(self) -> None:
        self.names = Names()
        self.speakers: dict[str, str] = {}
        self.styles: dict[str, set[str | None]] = {}
        self.width = 0
        self.lines = 0
        self.has_messages = self.is_exec_log = False
        self._answers = self._more = self._filled = self._fences = self._fenced_at = 0
        self._quoted: list[tuple[int, Mark, bool]] = []
        self._is_setting = self._opens = self._is_titled = False
        self._last_role: str | None = None
        self._blocks = array("H")
        self._counts: dict[int, int] = {}
        self._wide: dict[int, int] = {}
        self._roles: dict[int, set[str | None]] = {}

    def take(self, number: int, text: str, after_gap: bool, begins_piece: bool) -> bool:
        """Take in a line; return whether it is a mark of a speaker."""
        self.lines = number
        block = number // BLOCK_LINES
        while len(self._blocks) <= block:
            self._blocks.append(0)
        found = 0
        if not self.has_messages and text.lstrip()[:1] in ("{", "[", '"'):
            self.has_messages = _MESSAGE.search(text) is not None
        if text[0] in _FIRSTS:
            bare = unframed(text)
            for form, sign in _SCREENS_BY_SIGN:
                if sign.match(bare):
                    found |= form
        if text[0] in "([~/➜PbszCDE" or "@" in text[:60]:
            found |= TERMINAL if SHELL_PROMPT.match(text) else 0
        self._filled = 1 if begins_piece else self._filled + 1
        mark = self._mark_in(number, text, after_gap, begins_piece)
        self.is_exec_log = self.is_exec_log or text == "codex"
        self._found(block, found)
        if mark and mark.way == LABEL and self._fences:
            self._quoted.append((block, mark, after_gap))
        elif mark:
            self._mark(block, mark, after_gap or begins_piece)
        if len(text) >= _LEAST_WIDTH:
            width = min(len(text), _MAX_WIDTH)
            self._wide[width] = self._wide.get(width, 0) + 1
        return mark is not None

    def _mark_in(self, number: int, text: str, after_gap: bool, begins_piece: bool) -> Mark | None:
        """Return the mark that a line is; one of a list of settings (``user: postgres``) is none."""
        if begins_piece or (self._fences and number > self._fenced_at + LOOK_AHEAD):
            self._unquote()
        if text.lstrip("> ")[:3] in ("```", "~~~"):
            self._fence(number, opens=bool(text.strip("`~> ")))
        mark = mark_in(text)
        if mark and mark.way == LABEL and self._is_setting and is_weak(mark):
            mark = None
        if self._filled == 1:
            self._opens = self._opens or mark is not None
            self._is_titled = self._is_titled or (number == self.lines == 1 and text[0] == "#" and mark is None)
        self._is_setting = (mark is None or not (mark.role or mark.chat)) and _SETTING.match(text) is not None
        return mark if mark and (mark.way != ALONE or after_gap or text in EXEC_NAMES) else None

    def _fence(self, number: int, *, opens: bool) -> None:
        """Follow a fenced block: names in it are quoted, unless the text itself was put into one."""
        if not self._fences:
            self._fences, self._fenced_at = int(self._filled > _TITLE_LINES), number
            return
        self._fences += 1 if opens else -1
        if not self._fences:
            self._quoted.clear()

    def _unquote(self) -> None:
        """Count the names in a block that does not end: it was no block."""
        self._fences = 0
        for block, mark, after_gap in self._quoted:
            self._mark(block, mark, after_gap)
        self._quoted.clear()

    def _found(self, block: int, found: int) -> None:
        self._blocks[block] |= found
        self._counts_of(found)

    def _mark(self, block: int, mark: Mark, after_gap: bool) -> None:
        bit = _BITS[mark.way] if mark.role or mark.way == LABEL else 0
        self._blocks[block] |= bit
        self._counts_of(bit if mark.role not in (TOOL, SYSTEM) else 0)
        if mark.role in (USER, ASSISTANT):
            self._answers += mark.role == ASSISTANT
            self._more += mark.role == ASSISTANT == self._last_role
            self._last_role = mark.role
        if mark.way == DECORATED:
            self.styles.setdefault(mark.style, set()).add(mark.role)
            return
        self.names.count(mark, after_gap)
        if mark.way != LABEL and mark.role:
            self._roles.setdefault(_BITS[mark.way], set()).add(mark.role)

    def _counts_of(self, found: int) -> None:
        while found:
            bit = found & -found
            self._counts[bit] = self._counts.get(bit, 0) + 1
            found ^= bit

    def finish(self) -> None:
        """Draw the conclusions, once all lines were taken in."""
        self._unquote()
        self.styles = {style: roles for style, roles in self.styles.items() if {USER, ASSISTANT} <= roles}
        both = {way for way in _BITS if {USER, ASSISTANT} <= self._roles.get(_BITS[way], set())}
        self.speakers = self.names.speakers(of_chats=bool(both or self.styles))
        if {USER, ASSISTANT} <= {*self.speakers.values()}:
            both |= {LABEL}
        elif not (self._opens or both) and (self._is_titled or not self.names.is_wordy()):
            self.speakers = {}
        if USER in self.speakers.values():
            both |= {BOLD} if self._roles.get(_BITS[BOLD]) == {ASSISTANT} else set()
        self._counts[_BITS[LABEL]] = sum(
            self.names.counts.get(name, 1) for name, role in self.speakers.items() if role in (USER, ASSISTANT)
        )
        keep = SCREENS | AIDER | TERMINAL
        most = max((self._counts.get(_BITS[way], 0) for way in both), default=0) or max(
            (self._counts.get(bit, 0) for bit in _BITS.values()), default=0
        )
        for way, bit in _BITS.items():
            if way == DECORATED:
                continue
            count = self._counts.get(bit, 0)
            enough = bool(self.speakers) if way == LABEL else way in both or (way != ALONE and count > 0)
            if enough and count >= most * _RARE:
                keep |= bit
        if self.styles and not keep & _NAMED and not any(self._counts.get(1 << bit) for bit in range(5)):
            keep |= _BITS[DECORATED]
        for index, mask in enumerate(self._blocks):
            self._blocks[index] = mask & keep
        self._spread()

    def _spread(self) -> None:
        """Let each form hold around its signs, and the last one on where nothing else is seen."""
        blocks, last = self._blocks, 0
        first = next((mask for mask in blocks if mask), 0)
        spread = array("H", bytes(2 * len(blocks)))
        for index in range(len(blocks)):
            near = 0
            for mask in blocks[max(0, index - _NEAR) : index + _NEAR + 1]:
                near |= mask
            last = near or last or first
            spread[index] = last
        self._blocks = spread

    def forms(self, number: int) -> int:
        """Return the forms that hold at line ``number``, as bits."""
        block = number // BLOCK_LINES
        return self._blocks[block] if block < len(self._blocks) else 0

    def holds(self, way: str, number: int) -> bool:
        """Return whether speakers are named in this ``way`` at line ``number``."""
        return bool(self.forms(number) & _BITS[way])

    @cached_property
    def has_speakers(self) -> bool:
        """Whether anywhere in the text somebody can be told to speak."""
        return self.has_messages or any(mask & (SCREENS | AIDER | _NAMED) for mask in self._blocks)

    @property
    def names_each_part(self) -> bool:
        """Whether the agent is named again where it goes on after a call, so that what follows one is its output."""
        return self._more >= _MORE_PARTS and self._more >= _MORE_SHARE * self._answers

    @cached_property
    def screen_width(self) -> int:
        """The width at which lines were broken: next to no line is longer than those that come near it."""
        beyond = sum(self._wide.values())
        for width in range(_LEAST_WIDTH, _MAX_WIDTH):
            beyond -= self._wide.get(width, 0)
            near = self._near(width)
            if near and beyond <= near * _RARE:
                return width
        return 0

    @cached_property
    def is_wrapped(self) -> bool:
        """Whether text that no screen broke was broken too: many lines end where the next word had no room."""
        near = self._near(self.screen_width)
        return near >= _WRAPPED_LINES and near >= _WRAPPED_SHARE * sum(self._wide.values())

    def _near(self, width: int) -> int:
        return sum(self._wide.get(width - less, 0) for less in range(_NEAR_COLUMNS))


def surveyed(source: Source) -> Survey:
    """Return what a first look at all of ``source`` finds."""
    survey = Survey()
    after_gap = True
    for number, raw, begins_piece in numbered(source):
        text = cleaned(raw[:_SURVEYED_CHARS])
        after_gap = not text or survey.take(number, text, after_gap, begins_piece)
    survey.finish()
    return survey
