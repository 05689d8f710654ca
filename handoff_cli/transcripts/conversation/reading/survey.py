"""A first look at the whole text: which forms stand where, which names are speakers, how wide the screen was.

What one line means depends on others: ``> fix it`` is the user on a screen of Claude Code, a quotation in Markdown and
a tool's line in an Aider history. So the text is gone over twice.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from array import array
from bisect import bisect_right
from functools import cached_property

from handoff_cli.core.patterns import compiled
from handoff_cli.core.told import whose
from handoff_cli.transcripts.conversation.copies.given import numbered
from handoff_cli.transcripts.conversation.copies.shown import cleaned
from handoff_cli.transcripts.conversation.marks.asked import prompt_in
from handoff_cli.transcripts.conversation.marks.names import is_weak
from handoff_cli.transcripts.conversation.marks.speakers import (
    ALONE,
    ASSISTANT,
    EXPORTED,
    LABEL,
    SYSTEM,
    TOLD,
    USER,
    mark_in,
    role_of,
)
from handoff_cli.transcripts.conversation.marks.voices import (
    AIDER,
    BITS,
    CLAUDE,
    CODEX,
    GEMINI,
    NAMED,
    OPENCODE,
    PANEL,
    SCREENS,
    TERMINAL,
    Voices,
)
from handoff_cli.transcripts.conversation.reading.account_lines import Accounts
from handoff_cli.transcripts.conversation.reading.chat_program import holds_chat
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD, unframed
from handoff_cli.transcripts.conversation.reading.panel_lines import is_sign
from handoff_cli.transcripts.conversation.reading.stretch import BLOCK_LINES, Stretch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.marks.speakers import Mark
    from handoff_cli.transcripts.source import Source

_RARE = 0.1
_MOST_STRETCHES, _LEAST_LINES, _SURVEYED_CHARS = 200, 20, 4096
_MAX_WIDTH, _LEAST_WIDTH, _NEAR_COLUMNS = 400, 40, 12
_SET_IN = "     "
_IS_WHOLE = compiled(r".{0,7}⎿|[•⏺●] (?:(?:You ran|Ran|Running) |[A-Z]\w{1,30}\()")
"""How results and calls begin on a screen: a copy may hold them whole, broken lines are seen in words."""

_WRAPPED_LINES, _WRAPPED_SHARE = 5, 0.3
_MORE_PARTS, _TITLE_LINES, _MORE_SHARE = 2, 2, 0.2

_CLAUDE = compiled(
    r" {0,2}[⏺●] (?:[A-Z](?!.{0,200} › )|\S+ - )|\s{0,6}⎿ | {0,2}[✻✽✶✢·] \w+… |✻ \w+ for \d|.{0,12}▐▛███▜▌"
    r"|[═─]+ Conversation compacted"
)
_CODEX = compiled(
    r"• (?:Ran|Running|Edited|Added|Deleted|Explored|Exploring|Updated Plan|Called|Waited|Context compacted|Proposed"
    r"|Searched|Viewed|You ran)\b|  └ |› \S|.{0,4}>_ OpenAI Codex"
)
_GEMINI = compiled(
    r" {0,2}✦ | {0,3}[✔✓x✗✖⊷?o-]\s{1,2}(?:Shell|Edit|WriteFile|ReadFile|ReadManyFiles"
    r"|WriteTodos|TodoWrite|SearchText|FindFiles)(?: |$)"
)
_OPENCODE = compiled(r" {0,4}(?:[▣■] {1,2}\w[\w -]* · |[┃▌] {1,3}\S| {0,4}[→←✱] {1,2}(?:Read|Edit|Write|Grep|Glob) )")
_AIDER = compiled(
    r"# aider chat started at |> (?:Applied edit to |Tokens: [\d.,]+|Commit [0-9a-f]{7} |Main model: |Aider v\d"
    r"|Added \S+ to the chat)"
)
_MESSAGE = compiled(
    r'"(?:role|sender|from)"\s*:\s*"(?:user|human|assistant|gpt|model|system)"|"isSidechain"|"payload"\s*:'
    r'|"item"\s*:\s*\{\s*"id"|"type"\s*:\s*"result"\s*,\s*"subtype"|"stats"\s*:\s*\{\s*"models"'
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
    """What the first look found; ``forms(number)`` are those that hold at a line.

    ``asks`` tells that agents are asked on command lines.
    """

    def __init__(self) -> None:
        self.width = 0
        self.lines = 0
        self.has_messages = self.is_exec_log = self.asks = False
        self._whole = Voices()
        self._stretches = [Stretch(1)]
        self._starts = [1]
        self._answers = self._requests = self._more = self._filled = self._fences = self._fenced_at = 0
        self._quoted: list[tuple[int, Mark, bool]] = []
        self._is_setting = self._opens = self._is_titled = False
        self._last_role: str | None = None
        self._before = ""
        self._accounts = Accounts()
        self._told_roles = set[str | None]()
        self._told = array("q")  # where messages that were told as somebody's begin and end, in turn
        self._wide: dict[int, int] = {}
        self._asked = -1, 0

    def take(self, number: int, text: str, after_gap: bool, begins_piece: bool) -> bool:
        """Take in a line; return whether it is a mark of a speaker."""
        self.lines = number
        if begins_piece:
            self._new_piece(number)
        if self._notes_told(number, text, begins_piece):
            return False
        self._filled += 1
        found = 0
        if not self.has_messages and text.lstrip()[:1] in ("{", "[", '"'):
            self.has_messages = _MESSAGE.search(text) is not None
        if text[0] in _FIRSTS:
            bare = unframed(text)
            for form, sign in _SCREENS_BY_SIGN:
                if sign.match(bare):
                    found |= form
        found |= self._prompt(text)
        found |= self._panel(text)
        self._accounts.take(text, has_sign=bool(found))
        mark = self._mark_in(number, text, after_gap)
        self.is_exec_log = self.is_exec_log or text == "codex"
        self._found(number, found)
        if mark and mark.way == LABEL and self._fences:
            self._quoted.append((number, mark, after_gap))
        elif mark:
            self._mark(number, mark, after_gap or begins_piece)
            self._stretches[-1].is_export |= mark.way == EXPORTED and text[:1] == "_"
        self._hear("" if mark else text)
        if len(text) >= _LEAST_WIDTH and not text.startswith(_SET_IN) and _IS_WHOLE.match(text) is None:
            width = min(len(text), _MAX_WIDTH)
            self._wide[width] = self._wide.get(width, 0) + 1
        return mark is not None

    def _notes_told(self, number: int, text: str, begins_piece: bool) -> bool:
        """Return whether a line belongs to a message that was told as somebody's: it is a sign of nothing."""
        is_within, role = bool(len(self._told) % 2), whose(text)
        if is_within and (begins_piece or role is not None):
            self._told.append(number)
            is_within = False
        if role:
            self._told.append(number)
            self._told_roles.add(role_of(role))
        return is_within or role is not None

    def is_told(self, number: int) -> bool:
        """Return whether line ``number`` stands in a message that was told as somebody's, or begins one."""
        return bool(bisect_right(self._told, number) % 2)

    @property
    def tells_both(self) -> bool:
        """Whether messages of both sides were told as theirs, so that text between them is nobody's."""
        return self._told_roles >= {USER, ASSISTANT}

    def _prompt(self, text: str) -> int:
        """Return the form that a shell's prompt is a sign of; note whether an agent is asked there."""
        run: str | None = text[2:] if text[:2] in ("$ ", "❯ ", "➜ ") else None
        found = 0
        if run is None and (text[0] in "([~/➜PbszCDE" or "@" in text[:60]) and (prompt := SHELL_PROMPT.match(text)):
            found, run = TERMINAL, prompt[1]
        self.asks = self.asks or bool(run and (prompt_in(run) or holds_chat(run)))
        return found

    def _panel(self, text: str) -> int:
        """Return the form that a line is a sign of together with the one above it."""
        before, self._before = self._before, text
        return PANEL if is_sign(before, text) else 0

    def _new_piece(self, number: int) -> None:
        self._unquote()
        self._filled = 0
        if number >= self._starts[-1] + _LEAST_LINES and len(self._starts) < _MOST_STRETCHES:
            self._stretches.append(Stretch(number))
            self._starts.append(number)

    def _mark_in(self, number: int, text: str, after_gap: bool) -> Mark | None:
        """Return the mark that a line is; one of a list of settings (``user: postgres``) is none."""
        if self._fences and number > self._fenced_at + LOOK_AHEAD:
            self._unquote()
        if text.lstrip("> ")[:3] in ("```", "~~~"):
            self._fence(number, opens=bool(text.strip("`~> ")))
        mark = mark_in(text)
        if mark and self._accounts.is_within and mark.way in (LABEL, ALONE) and not after_gap:
            mark = None  # it is quoted
        if mark and mark.way == LABEL and self._is_setting and is_weak(mark):
            mark = None
        if self._filled == 1:
            self._opens = self._opens or mark is not None
            self._is_titled = self._is_titled or (len(self._starts) == 1 and text[0] == "#" and mark is None)
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
        for number, mark, after_gap in self._quoted:
            self._mark(number, mark, after_gap)
        self._quoted.clear()

    def _found(self, number: int, found: int) -> None:
        stretch = self._stretches[-1]
        index = stretch.block(number)
        stretch.blocks[index] |= found
        if found:
            stretch.voices.sign(found)
            self._whole.sign(found)

    def _mark(self, number: int, mark: Mark, after_gap: bool) -> None:
        stretch = self._stretches[-1]
        index = stretch.block(number)
        stretch.blocks[index] |= stretch.voices.take(mark, after_gap)
        self._whole.take(mark, after_gap)
        if mark.role in (USER, ASSISTANT):
            self._answers += mark.role == ASSISTANT
            self._requests += mark.role == USER
            self._more += mark.role == ASSISTANT == self._last_role
            self._last_role = mark.role

    def _hear(self, text: str) -> None:
        """Take in a line that somebody says, who was named above."""
        self._whole.names.hears(text)
        self._stretches[-1].voices.names.hears(text)

    def finish(self) -> None:
        """Draw the conclusions, once all lines were taken in."""
        self._unquote()
        self._whole.conclude(opens=self._opens, is_titled=self._is_titled)
        last = 0
        for stretch in self._stretches:
            if len(self._stretches) == 1:
                stretch.voices = Voices()
            stretch.settle(self._whole)
        for stretch in self._stretches:
            last = stretch.spread(last)
        first = next((mask for stretch in self._stretches for mask in stretch.blocks if mask), 0)
        for stretch in self._stretches:
            if any(stretch.blocks):
                break
            stretch.spread(first)

    def stretch(self, number: int) -> Stretch:
        """Return the stretch that line ``number`` lies in."""
        return self._stretches[max(0, bisect_right(self._starts, number) - 1)]

    def forms(self, number: int) -> int:
        """Return the forms that hold at line ``number``, as bits; of what is told as somebody's, none."""
        if number != self._asked[0]:  # each reader of a line asks
            self._asked = number, self._forms(number)
        return self._asked[1]

    def _forms(self, number: int) -> int:
        if self.is_told(number):
            return 0
        stretch = self.stretch(number)
        block = (number - stretch.start) // BLOCK_LINES
        return stretch.blocks[min(block, len(stretch.blocks) - 1)] if stretch.blocks else 0

    def role_of(self, mark: Mark, number: int) -> str | None:
        """Return the role of whom a mark at line ``number`` names, None where nobody is named so there."""
        if mark.way == TOLD:
            return mark.role or SYSTEM
        return self.stretch(number).voices.role_of(mark) if self.forms(number) & BITS[mark.way] else None

    def has_people(self, number: int) -> bool:
        """Return whether several people are named around line ``number``, beside any agent."""
        return self.stretch(number).voices.people > 1

    def is_agent(self, called: str, number: int) -> bool:
        """Return whether the agent around line ``number`` is called so, by its whole name or the first part of it."""
        speakers = self.stretch(number).voices.speakers
        return any(role == ASSISTANT and called in (it, it.partition(" ")[0]) for it, role in speakers.items())

    @cached_property
    def has_speakers(self) -> bool:
        """Whether anywhere in the text somebody can be told to speak."""
        return (
            self.has_messages
            or self.asks
            or bool(self._told)
            or any(mask & (SCREENS | AIDER | NAMED | PANEL) for stretch in self._stretches for mask in stretch.blocks)
        )

    @property
    def dialogues(self) -> int:
        """The forms in which a command is one that an agent ran, where agents are asked on command lines too."""
        return SCREENS | (NAMED & ~BITS[ALONE] if self.is_exec_log else NAMED)

    @property
    def names_each_part(self) -> bool:
        """Whether the agent is named again where it goes on after a call, so that what follows one is its output."""
        return self._more >= _MORE_PARTS and self._more >= _MORE_SHARE * self._answers

    @property
    def takes_turns(self) -> bool:
        """Whether the agent is never named twice without the user between, so that before it the user spoke."""
        return not self._more and self._answers > 0 and self._requests > 0

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
    after_gap, begins = True, False
    for number, raw, begins_piece in numbered(source):
        begins = begins or begins_piece
        text = cleaned(raw[:_SURVEYED_CHARS])
        after_gap = not text or survey.take(number, text, after_gap, begins)
        begins = begins and not text
    survey.finish()
    return survey
