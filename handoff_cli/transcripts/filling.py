"""What fills the window: the usage an agent reports, divided among the pieces that were added between its responses.

Between two responses the reported usage grows by what was added between them: the first response, the tools' results,
what the user said. That growth is exact. Where several pieces came at once it is divided by our own count of them; what
they cannot account for is named as not in the log. So the figures always add up to the reported total.
"""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.core.text import printable
from handoff_cli.core.tool_names import SUB_AGENTS
from handoff_cli.transcripts import tools
from handoff_cli.transcripts.events import Called, Compacted, Returned, Rewound, Said, Seen, Started, Used
from handoff_cli.transcripts.values import as_str, compact_json, first_line, object_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from handoff_cli.transcripts.events import Event

    Count = Callable[[str, str | None], int]

KIND_NAMES = {
    "system": "system prompt, tools, reminders",
    "summary": "summary of a compaction",
    "user": "user",
    "agent": "agent",
    "reasoning": "reasoning",
    "results": "tool results",
    "text": "text, no speaker known",
    "removed": "taken out by the agent",
}
"""Kinds of pieces with their names: ``summary`` is what a compaction left, ``text`` what was tracked and is not kept
or in which nothing was understood, ``removed`` what the agent took out without a compaction (a negative figure)."""

FIELDS = ("kind", "piece", "tool", "file", "command", "subagent", "server")
"""What the parts can be added up by."""

_LABEL_CHARS = 120
_MOST_PLAUSIBLE_FACTOR = 2.0
"""Tokens per token of our count: above this the log does not hold what was added."""
_SPEAKERS = {("user", True): "user", ("assistant", True): "agent", ("assistant", False): "reasoning"}
_MCP = "mcp__"


class Part(Record):
    """One piece of the context: ``tokens`` of its ``kind``, from the ``tool``'s call or result, about ``label``.

    ``file``, ``command``, ``subagent`` and ``server`` name what a tool dealt with; ``read`` marks what a file held,
    ``piece`` names the tracked piece it came with.
    ``turn`` counts the user's prompts from 1, ``position`` is the line of the log. ``method`` is ``exact`` where the
    piece alone makes a reported growth, else ``estimated``.
    """

    kind: str
    label: str
    tokens: int
    turn: int
    position: int
    method: str
    tool: str | None = None
    file: str | None = None
    command: str | None = None
    subagent: str | None = None
    server: str | None = None
    read: bool = False
    piece: str | None = None


class Row(Record):
    """What the parts of one ``name`` add up to, in ``tokens``; ``share`` of the reported total, ``count`` of parts."""

    name: str
    tokens: int
    share: float
    count: int


class Removed(Record):
    """What one compaction took: the ``tokens`` that stood in the window before it; ``time`` as the log has it."""

    position: int
    trigger: str | None
    time: str | None
    tokens: int
    turn: int


class Context(Record):
    """What fills the window now.

    ``total_tokens`` is what the last response reported and what all of ``parts`` add up to; ``unreported_tokens`` is
    our count of what was added after it; ``made_of`` tells a mix of methods in words. ``points`` holds the usage of
    each response of the whole session with its time, and None for a compaction.
    """

    transcript: str
    format: str
    agent: str | None
    model: str | None
    total_tokens: int
    method: str
    rule: str
    unreported_tokens: int
    window: int | None
    turns: int
    parts: tuple[Part, ...]
    removed: tuple[Removed, ...]
    points: tuple[tuple[str | None, int | None], ...]
    made_of: str = ""

    def peak(self) -> int:
        """Return the most any response reported, in tokens."""
        return max((tokens or 0 for _, tokens in self.points), default=0)

    def by(self, field: str) -> tuple[Row, ...]:
        """Return the parts added up by one of their fields, the largest first; parts without it are left out."""
        sums: dict[str, list[int]] = {}
        for part in self.parts:
            if name := getattr(part, field):
                found = sums.setdefault(name, [0, 0])
                found[0] += part.tokens
                found[1] += 1
        rows = (Row(name, tokens, tokens / max(1, self.total_tokens), count) for name, (tokens, count) in sums.items())
        return tuple(sorted(rows, key=lambda row: (-row.tokens, row.name)))

    def largest(self, top: int) -> tuple[Part, ...]:
        """Return the ``top`` largest pieces."""
        return tuple(sorted(self.parts, key=lambda part: (-part.tokens, part.position))[:top])

    def to_report(self, top: int) -> dict[str, Any]:
        """Return the keys of ``handoff context --json``: figures, ``top`` rows by each field, the largest pieces."""
        figures = {name: value for name, value in self.to_dict().items() if name not in {"parts", "points", "removed"}}
        return {
            **figures,
            **{f"by_{field}": [row.to_dict() for row in self.by(field)[:top]] for field in FIELDS},
            "largest": [part.to_dict() for part in self.largest(top)],
            "compactions": [it.to_dict() for it in self.removed],
        }


class _Added:
    """A piece that was added since the last response, not yet in a figure."""

    def __init__(self, part: Part, text: str) -> None:
        self.part = part
        self.text = text


class _Response:
    """A response: the ``tokens`` it reported, what was ``added`` before it, and the line it stands at."""

    def __init__(self, tokens: int, added: list[_Added], position: int) -> None:
        self.tokens = tokens
        self.added = added
        self.position = position


class Measuring:
    """Follows a session event by event: what is in the window, response by response.

    ``count`` returns the tokens of a text in the model it is given beside it.
    """

    def __init__(self, path: str, format_: str, agent: str | None, count: Count) -> None:
        self.count = count
        self.path = path
        self.format = format_
        self.agent = agent
        self.model: str | None = None
        self.window: int | None = None
        self.turn = 0
        self.removed: list[Removed] = []
        self.points: list[tuple[str | None, int | None]] = []
        self.pieces: list[Part] = []
        self._begin()

    def _begin(self) -> None:
        self.used: Used | None = None
        self.response: Any = None
        self.responses: list[_Response] = []
        self.added: list[_Added] = []
        self.calls: dict[str, Part] = {}

    def see(self, event: Event, position: int) -> None:
        """Take the next event, which stands at ``position``."""
        if isinstance(event, Seen):
            self.model = event.model or self.model
            self.window = self.window if event.window is None else event.window or None
        elif isinstance(event, Used):
            self._on_used(event, position)
        elif isinstance(event, Compacted | Started):
            self._on_compacted(event, position)
        elif isinstance(event, Rewound):
            self._on_rewound(event)
        elif isinstance(event, Said):
            self._on_said(event, position)
        elif isinstance(event, Called):
            self._on_called(event, position)
        elif isinstance(event, Returned) and not event.repeated:
            self._on_returned(event, position)

    def take_piece(self, piece: str, tokens: int, time: str, events: Iterable[tuple[Event, int]]) -> None:
        """Take a tracked piece of ``tokens``, which are divided among what its ``events`` say."""
        for event, position in events:
            if isinstance(event, Said | Called | Returned):
                self.see(event, position)
        counts = [self._count(it) for it in self.added]
        whole = [Part("text", piece, tokens, self.turn, 0, "counted")]
        parts = _with_tokens(self.added, counts, tokens) if any(counts) else whole
        self.pieces += [part.replace(piece=piece) for part in parts]
        self.points.append((time, sum(part.tokens for part in self.pieces)))
        self.added = []

    def _on_used(self, event: Used, position: int) -> None:
        again = event.key is not None and event.key == self.response
        self.used, self.response = event, event.key
        self.window = event.window or self.window
        if again and self.responses:
            # Rows of one response repeat its figure; the last of them is right.
            self.responses[-1].tokens = event.tokens
            self.points[-1] = (event.time, event.tokens)
            return
        self.points.append((event.time, event.tokens))
        self.responses.append(_Response(event.tokens, self.added, position))
        self.added = []

    def _on_compacted(self, event: Compacted | Started, position: int) -> None:
        before = getattr(event, "before", None) or (self.used.tokens if self.used else None)
        if before:
            trigger = getattr(event, "trigger", None)
            self.removed.append(Removed(position, trigger, event.time, before, self.turn))
            self.points.append((event.time, None))
        self._begin()

    def _on_said(self, event: Said, position: int) -> None:
        if not event.text:
            return
        if event.visible and event.role == "user":
            self.turn += 1
        kind = (
            event.kind
            if event.kind in {"reasoning", "summary"}
            else _SPEAKERS.get((event.role, event.visible), "system")
        )
        self._add(Part(kind, _label(event.words or event.text), 0, self.turn, position, ""), event.text)

    def _on_rewound(self, event: Rewound) -> None:
        """Take out what never happened: the responses and pieces after the row that was gone back to."""
        self.responses = [it for it in self.responses if it.position <= event.position]
        self.added = [it for it in self.added if it.part.position <= event.position]
        self.response = None

    def _on_called(self, event: Called, position: int) -> None:
        part = _called(event, self.turn, position)
        self.calls[event.id] = part
        self._add(part.replace(read=False), f"{event.name} {compact_json(event.input)}")

    def _on_returned(self, event: Returned, position: int) -> None:
        part = self.calls.get(event.id) or Part("results", "a result without its call", 0, self.turn, position, "")
        self._add(part.replace(kind="results", turn=self.turn, position=position), event.text)

    def _add(self, part: Part, text: str) -> None:
        self.added.append(_Added(part, text))

    def result(self) -> Context:
        """Return what the window holds after the last event."""
        parts: list[Part] = []
        before = 0
        for number, response in enumerate(self.responses):
            parts += self._divided(response.tokens - before, response.added, first=number == 0)
            before = response.tokens
        unreported = sum(self._count(it) for it in self.added)
        if self.pieces:
            parts, before = self.pieces, sum(part.tokens for part in self.pieces)
        elif self.used is None:
            parts = [it.part.replace(tokens=self._count(it), method="estimated") for it in self.added]
            before, unreported = unreported, 0
        return Context(
            transcript=self.path,
            format=self.format,
            agent=self.agent,
            model=self.model,
            total_tokens=before,
            method=self.used.method if self.used else "estimated",
            rule=self.used.rule if self.used else "our own count of the text in the log",
            unreported_tokens=unreported,
            window=self.window,
            turns=self.turn,
            parts=tuple(part for part in parts if part.tokens),
            removed=tuple(self.removed),
            points=tuple(self.points),
        )

    def _divided(self, growth: int, added: Sequence[_Added], *, first: bool) -> list[Part]:
        """Return the parts of ``added`` with tokens that add up to ``growth``, what they do not explain included."""
        if len(added) == 1 and growth > 0 and not first:
            return [added[0].part.replace(tokens=growth, method="exact")]
        counts = [self._count(it) for it in added]
        total = sum(counts)
        if growth < 0:
            taken = self._rest("removed", "taken out by the agent, without a compaction", growth - total, added)
            return [*_with_tokens(added, counts, total), taken]
        if first:
            rest = self._rest(
                "system", "not in the log: system prompt, tools, memory", growth - min(growth, total), added
            )
            return [*_with_tokens(added, counts, min(growth, total)), rest]
        if growth <= total * _MOST_PLAUSIBLE_FACTOR:
            return _with_tokens(added, counts, growth)
        if not all(it.text for it in added):
            # A picture or another file: what it takes stands in no text.
            textless = [int(not it.text) for it in added]
            shares = zip(divided(total, counts), divided(growth - total, textless), strict=True)
            return _with_tokens(added, [text + rest for text, rest in shares], growth)
        rest = self._rest("system", "not in the log: reminders, attachments", growth - total, added)
        return [*_with_tokens(added, counts, total), rest]

    def _rest(self, kind: str, label: str, tokens: int, added: Sequence[_Added]) -> Part:
        last = added[-1].part if added else None
        turn, position = (last.turn, last.position) if last else (self.turn, 0)
        return Part(kind, label, tokens, turn, position, "estimated")

    def _count(self, added: _Added) -> int:
        return self.count(added.text, self.model) if added.text else 0


def _with_tokens(added: Sequence[_Added], weights: Sequence[int], tokens: int) -> list[Part]:
    shares = divided(tokens, weights)
    return [it.part.replace(tokens=share, method="estimated") for it, share in zip(added, shares, strict=True)]


def divided(tokens: int, weights: Sequence[int]) -> list[int]:
    """Return whole numbers that add up to ``tokens`` in the proportion of ``weights`` (largest remainder)."""
    total = sum(weights)
    if not weights:
        return []
    if not total:
        weights, total = [1] * len(weights), len(weights)
    whole = [tokens * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: -(tokens * weights[place] % total))
    for place in by_remainder[: tokens - sum(whole)]:
        whole[place] += 1
    return whole


def _called(event: Called, turn: int, position: int) -> Part:
    name = printable(event.name)
    asked = tools.Asked(event.name, event.input)
    file, action = next(iter(asked.touches), (None, ""))
    server = name.split("__")[1] if name.startswith(_MCP) and name.count("__") > 1 else None
    subagent = None
    if event.name.lower() in SUB_AGENTS:
        fields = object_of(event.input)
        subagent = _label(as_str(fields.get("subagent_type")) or as_str(fields.get("description")) or name)
    label = f"{name}: {_label(asked.summary())}"
    command = _command_name(asked.run) if asked.run else None
    shown = printable(file) if file else None
    return Part("agent", label, 0, turn, position, "", name, shown, command, subagent, server, action == "read")


def _command_name(run: str) -> str:
    """Return what a command is known by: its program and, where it has one, its subcommand."""
    words = [word for word in run.replace("\n", " ").split() if "=" not in word.partition("/")[0]]
    if words[:1] == ["cd"] and "&&" in words:
        words = words[words.index("&&") + 1 :]
    name = words[:1]
    if len(words) > 1 and words[1].isalpha():
        name.append(words[1])
    return printable(" ".join(name))[:_LABEL_CHARS] or "?"


def _label(text: str) -> str:
    return printable(first_line(text.strip(), _LABEL_CHARS))
