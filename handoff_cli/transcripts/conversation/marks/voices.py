"""Who is named in a stretch of text and in which ways, and what follows: whose the names are, which ways tell."""

from __future__ import annotations

from handoff_cli.transcripts.conversation.marks.names import Names
from handoff_cli.transcripts.conversation.marks.speakers import (
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
    role_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.marks.speakers import Mark

CLAUDE, CODEX, GEMINI, OPENCODE, AIDER, TERMINAL = 1, 2, 4, 8, 16, 32
SCREENS = CLAUDE | CODEX | GEMINI | OPENCODE
BITS = {EXPORTED: 64, HEADING: 128, BOLD: 256, SAID: 512, ALONE: 1024, LABEL: 2048, DECORATED: 4096}
NAMED = sum(BITS.values())
EXPORTS = BITS[EXPORTED]
"""Heads that a program wrote before each turn, or each step."""

HEADED = BITS[EXPORTED] | BITS[HEADING] | BITS[BOLD]
"""Forms in which the speaker of each turn is named on a line above it."""

PANEL = 8192
"""Claude Code's panel in an editor, in which nobody is named and nothing marks who speaks."""

_RARE = 0.1
_BOTH = {USER, ASSISTANT}


class Voices:
    """Takes in marks; after ``conclude`` it holds ``speakers``, ``styles`` and the ``ways``, as bits, that name any."""

    def __init__(self) -> None:
        self.names = Names()
        self.speakers: dict[str, str] = {}
        self.styles: dict[str, set[str | None]] = {}
        self.ways = 0
        self._counts: dict[int, int] = {}
        self._roles: dict[int, set[str | None]] = {}
        self._plain_labels: dict[str, int] = {}
        self._with_symbol = 0
        self._said: set[str] = set()

    def take(self, mark: Mark, after_gap: bool) -> int:
        """Take in a mark; return the bit of its way, 0 where that is no speaker's by itself."""
        bit = BITS[mark.way] if mark.role or mark.way == LABEL else 0
        if bit and mark.role not in (TOOL, SYSTEM):
            self.sign(bit)
        if mark.way == DECORATED:
            self.styles.setdefault(mark.style, set()).add(mark.role)
            return bit
        self.names.count(mark, after_gap)
        if mark.way == SAID and not mark.role and len(self._said) < Names.MOST:
            self._said.add(mark.name.casefold())
        if mark.way == LABEL and mark.role:
            self._with_symbol += bool(mark.style)
            self._plain_labels[mark.role] = self._plain_labels.get(mark.role, 0) + (not mark.style)
        elif mark.way != LABEL and mark.role:
            self._roles.setdefault(bit, set()).add(mark.role)
        return bit

    def sign(self, found: int) -> None:
        """Take in the signs of forms on a line, as bits."""
        while found:
            bit = found & -found
            self._counts[bit] = self._counts.get(bit, 0) + 1
            found ^= bit

    def conclude(self, *, opens: bool, is_titled: bool) -> None:
        """Draw the conclusions; ``opens`` tells that the text begins with a speaker, ``is_titled`` with a heading."""
        self.styles = {style: roles for style, roles in self.styles.items() if roles >= _BOTH}
        if len(self._said) == 1 and self._roles.get(BITS[SAID]) == {USER}:
            self._roles[BITS[SAID]].add(ASSISTANT)
        both = {way for way, bit in BITS.items() if self._roles.get(bit, set()) >= _BOTH}
        self.speakers = self.names.speakers(of_chats=bool(both or self.styles))
        if SAID in both:
            self.speakers |= dict.fromkeys(self._said, ASSISTANT)
        if {*self.speakers.values()} >= _BOTH:
            both |= {LABEL}
        elif not (opens or both) and (is_titled or not self.names.is_wordy()):
            self.speakers = {}
        if USER in self.speakers.values():
            both |= {way for way in (BOLD, EXPORTED) if self._roles.get(BITS[way]) == {ASSISTANT}}
        if answerer := self.names.answerer():
            self.speakers[answerer] = ASSISTANT
            self._roles[BITS[BOLD]].add(ASSISTANT)
            both.add(BOLD)
        self._counts[BITS[LABEL]] = sum(
            self.names.counts.get(name, 1) for name, role in self.speakers.items() if role in _BOTH
        )
        most = max((self._counts.get(BITS[way], 0) for way in both), default=0) or max(
            (self._counts.get(bit, 0) for bit in BITS.values()), default=0
        )
        for way, bit in BITS.items():
            count = self._counts.get(bit, 0)
            enough = bool(self.speakers) if way == LABEL else way in both or (way != ALONE and count > 0)
            if way != DECORATED and enough and count >= most * _RARE:
                self.ways |= bit
        if self.styles and not self.ways and not any(self._counts.get(1 << bit) for bit in range(5)):
            self.ways |= BITS[DECORATED]

    def roles_as(self, other: Voices) -> set[str | None]:
        """Return the roles that are named here, where speakers are those of ``other``."""
        found: set[str | None] = set()
        for way, bit in BITS.items():
            if not other.ways & bit:
                continue
            if way == LABEL:
                names = {*self.names.counts, *self.names.asking}
                found |= {role for name, role in other.speakers.items() if name in names}
            elif way == DECORATED:
                found |= {role for style in self.styles if style in other.styles for role in self.styles[style]}
            else:
                found |= self._roles.get(bit, set())
        return found

    @property
    def is_dialogue(self) -> bool:
        """Whether both sides are named."""
        return bool(self.ways) and self.roles_as(self) >= _BOTH

    @property
    def people(self) -> int:
        """The number of people who are named; an agent is none, nor is who is only called the user."""
        return sum(role == USER and role_of(name) is None for name, role in self.speakers.items())

    @property
    def _symbols_are_shown(self) -> bool:
        """Whether a name behind a symbol stands in what somebody shows: most often both sides are named without one."""
        return min(self._plain_labels.get(role, 0) for role in _BOTH) > self._with_symbol

    def role_of(self, mark: Mark) -> str | None:
        """Return the role of the speaker that a mark names, None where nobody of that name speaks here."""
        if not self.ways & BITS[mark.way] or (mark.way == DECORATED and mark.style not in self.styles):
            return None
        if mark.way == LABEL and mark.style and self._symbols_are_shown:
            return None
        name = mark.name.casefold()
        if (mark.way == LABEL or not mark.role) and name not in self.speakers:
            return None
        if mark.way == LABEL and not mark.chat and name in self.names.chat and self.names.are_addressed:
            return None
        return mark.role or self.speakers.get(name) or role_of(name) or USER
