"""What a transcript tells, as typed values: the same for every agent and message format."""

from __future__ import annotations

from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

AFTER_COMPACTION = "recorded by the compaction itself"
"""The rule of a usage that no response has reported yet."""

TAKEN_BACK = "at most: the turn of the last response was taken back, and the next response reports the usage"
"""The rule of a usage that is an upper bound."""

REFUSED = "The user doesn't want to proceed with this tool use"
"""How Claude Code begins the result of a call that the user did not let run (seen in 2.0 to 2.1)."""

ENDED = "ended"
"""The outcome of a call that was answered where nothing tells whether it failed."""

GAVE = frozenset(("ok", ENDED))
"""The outcomes of a call that gave what it was asked for, as far as is known."""


class ContextUsage(Record):
    """Tokens in the context window at one moment.

    ``tokens`` counts what the window held; ``method`` is ``exact`` (an API or the agent reported it) or ``estimated``
    (the transcript has only rounded figures); ``rule`` says in a few words by what rule. ``window`` is the window in
    tokens where the same row records it. ``low`` and ``high`` bound an estimate, None where nothing is known of that.
    """

    tokens: int
    method: str
    rule: str
    window: int | None = None
    low: int | None = None
    high: int | None = None


class Compaction(Record):
    """One compaction of the context by the agent.

    ``position`` is the line (JSONL, text) or message (JSON, database) it stands at, counted from 1; ``trigger`` is
    ``auto``, ``manual`` or None; ``before`` and ``after`` are tokens, None where not known.
    """

    position: int
    trigger: str | None = None
    time: str | None = None
    before: int | None = None
    after: int | None = None


class Message(Record):
    """What a person or the agent said; ``role`` is ``user`` or ``assistant``, ``time`` as the transcript writes it.

    ``ended`` tells that the agent stopped after it and waited for the person, ``stopped`` that the person stopped it.
    ``cut`` tells that the limit of the model's output ended it. ``by`` is who of several people said it. ``typed`` is
    the position at which it was typed where it waited since (0: it did not).
    """

    role: str
    text: str
    position: int
    time: str | None = None
    ended: bool = False
    stopped: bool = False
    by: str = ""
    cut: bool = False
    typed: int = 0


class ToolCall(Record):
    """One use of a tool.

    ``outcome`` is ``ok``, ``failed``, ``ended`` where nothing tells which, None where no result was recorded.
    ``error`` is the beginning of what it said on failing; of a command ``Command`` tells it.
    """

    id: str
    name: str
    summary: str
    position: int
    time: str | None = None
    outcome: str | None = None
    error: str | None = None


class FileTouch(Record):
    """A file the agent dealt with ``count`` times; ``action`` says how.

    It is ``read``, ``modified``, ``created``, ``deleted``, or ``mentioned`` where a text in which nobody is named does.
    """

    path: str
    action: str
    count: int


class Command(Record):
    """A shell command; ``exit_code`` where recorded, ``outcome`` as in ``ToolCall``.

    ``error`` is the beginning of what it said on failing; ``output`` what it printed, long ones without their middle.
    ``outside`` is the reason with which leave was asked to run it outside of the agent's sandbox (empty: no reason was
    told), None where it was not. ``folder`` is where it ran, empty where that is not known.
    """

    text: str
    position: int
    time: str | None = None
    exit_code: int | None = None
    outcome: str | None = None
    error: str | None = None
    output: str | None = None
    outside: str | None = None
    folder: str = ""


class Edit(Record):
    """One change of a file by a tool: ``old`` became ``new`` (long ones without their middle).

    ``action`` is one of ``FileTouch``; of a file that was written whole ``old`` is empty. ``where`` is the line that
    opens the function or section it lies in, None where that is not known; ``outcome`` as in ``ToolCall``. ``added``
    and ``removed`` count the lines that only one side has (both 0: not counted).
    """

    path: str
    position: int
    action: str
    old: str = ""
    new: str = ""
    where: str | None = None
    outcome: str | None = None
    added: int = 0
    removed: int = 0


class FileText(Record):
    """The whole ``text`` of a file as the edit at ``position`` left it."""

    path: str
    position: int
    text: str


class Lookup(Record):
    """A search, a fetch or the work of a sub-agent: what was asked, and what came back (without its middle if long).

    ``kind`` is ``search``, ``read``, ``fetch``, ``agent`` or ``tool`` (any other that gave something); a read has
    ``path:line`` as its ``asked``, and only the last few have what they showed (its beginning).
    """

    kind: str
    asked: str
    position: int
    answer: str = ""


class Todo(Record):
    """An entry of the agent's own list as it stands; ``status`` is ``pending``, ``in_progress`` or ``completed``."""

    text: str
    status: str


class Commit(Record):
    """A commit the agent made, as git's own answer shows it."""

    hash: str
    subject: str


class Answer(Record):
    """What the user chose or wrote when the agent asked through its tool for questions."""

    question: str
    answer: str
    position: int = 0


class Transcript(Record):
    """Everything a reader understood.

    ``usage`` is the context now: None where nothing is recorded, and from a compaction until the next response.
    ``peak`` and ``window`` are tokens; ``responses`` counts the API responses with usage; ``turns`` the finished turns;
    ``model`` is the last one seen, ``models``, ``versions`` (of the agent) and ``session_ids`` all of them in order.
    ``declined`` are edits that the user did not let be made.
    ``texts`` are those of the files edited last, where all of a file is known; ``wanted`` are edits that the last calls
    asked for and of which no result is recorded.
    ``reasonings`` are what the agent thought to itself, ``summaries`` its own accounts at earlier compactions,
    ``recaps`` what it wrote down for a person who was away, ``orders`` the texts of commands and skills that the user
    called, each the last ones. ``plan`` is the last plan it made, ``plan_file`` where it lies, ``plan_mode`` whether
    it may only plan.
    ``rewound`` counts the turns the user took back; nothing of them is in the lists. ``branch`` is git's last,
    ``branch_at`` where it was told first; ``folder`` is where the agent began to work. ``stops`` is where the user
    stopped the agent amid its work, the last times.
    ``begins_amid`` tells that rows before its first are missing.
    ``speakers`` False: it is a text in which nobody can be told to speak; its words stand as the agent's.
    ``malformed`` counts lines that are no JSON object. The lists keep their beginning and their end; what was left
    out between is said in ``warnings``. ``todos_named`` are the texts of all to-dos that were ever listed,
    ``todos_noted`` those that a line of a text noted, which stay when a list takes another's place.
    """

    format: str
    agent: str | None = None
    model: str | None = None
    models: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    session_ids: tuple[str, ...] = ()
    usage: ContextUsage | None = None
    peak: int | None = None
    window: int | None = None
    responses: int = 0
    turns: int = 0
    compactions: tuple[Compaction, ...] = ()
    messages: tuple[Message, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    files: tuple[FileTouch, ...] = ()
    commands: tuple[Command, ...] = ()
    todos: tuple[Todo, ...] = ()
    todos_named: tuple[str, ...] = ()
    todos_noted: tuple[Todo, ...] = ()
    commits: tuple[Commit, ...] = ()
    answers: tuple[Answer, ...] = ()
    edits: tuple[Edit, ...] = ()
    declined: tuple[Edit, ...] = ()
    wanted: tuple[Edit, ...] = ()
    texts: tuple[FileText, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    reasonings: tuple[Message, ...] = ()
    summaries: tuple[Message, ...] = ()
    recaps: tuple[Message, ...] = ()
    orders: tuple[Message, ...] = ()
    plan: str | None = None
    plan_file: str | None = None
    plan_mode: bool | None = None
    rewound: int = 0
    branch: str | None = None
    branch_at: int = 0
    folder: str | None = None
    stops: tuple[int, ...] = ()
    start: str | None = None
    end: str | None = None
    malformed: int = 0
    speakers: bool = True
    begins_amid: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def stopped_at(self) -> int:
        """Where the user last stopped the agent amid its work, 0 where nobody did."""
        return self.stops[-1] if self.stops else 0

    @property
    def asked_at(self) -> list[int]:
        """The places of the user's messages, in order."""
        return [it.position for it in self.messages if it.role == "user"]

    @property
    def typed_at(self) -> int:
        """The place at which the user's last message was typed, before it if it waited; 0 where there is none."""
        last = next((it for it in reversed(self.messages) if it.role == "user"), None)
        return (last.typed or last.position) if last else 0


_RECORDS = {
    kind.__name__: kind
    for kind in (
        *(ContextUsage, Compaction, Message, ToolCall, FileTouch, Command, Edit, FileText, Lookup, Todo, Commit),
        Answer,
    )
}
_PLAIN: dict[str, tuple[type, ...]] = {
    **{kind.__name__: (kind,) for kind in (str, int, bool)},
    **{f"{kind.__name__} | None": (kind, type(None)) for kind in (str, int, bool)},
}
"""What a field of a kind may hold."""


def as_data(transcript: Transcript) -> dict[str, Any]:
    """Return ``transcript`` as values that JSON can hold; ``from_data`` makes it again."""
    return {name: _data(value) for name, value in transcript.to_dict().items()}


def from_data(data: Any) -> Transcript:
    """Return the transcript that ``as_data`` gave ``data`` for; raises ValueError where that is none."""
    if not isinstance(data, dict) or data.keys() != set(Transcript._fields):
        raise ValueError("not the fields of a transcript")
    kinds = Transcript.__annotations__
    return Transcript(**{name: _value(kinds[name], value) for name, value in data.items()})


def _data(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_data(entry) for entry in value]
    return list(value.to_dict().values()) if isinstance(value, Record) else value


def _value(kind: str, value: Any) -> Any:
    """Return the ``value`` of a field that is declared to be of ``kind``."""
    inner = kind.removeprefix("tuple[").removesuffix(", ...]")
    if inner in _RECORDS and inner != kind:
        return _records(_RECORDS[inner], value)
    if kind.removesuffix(" | None") in _RECORDS:
        return None if value is None else _records(_RECORDS[kind.removesuffix(" | None")], [value])[0]
    values = [value] if inner == kind else value
    if type(values) is not list or not all(type(it) in _PLAIN[inner] for it in values):
        raise ValueError(f"no {kind}")
    return value if inner == kind else tuple(values)


def _records(record: type[Record], rows: Any) -> tuple[Record, ...]:
    """Return records of one kind, whose fields are all plain, of their values."""
    types = [_PLAIN[kind] for kind in record.__annotations__.values()]
    if type(rows) is not list:
        raise ValueError("no list")
    for row in rows:
        fits = type(row) is list and len(row) == len(types)
        if not fits or not all(type(value) in kinds for value, kinds in zip(row, types, strict=True)):
            raise ValueError(f"no {record.__name__}")
    return tuple(map(record.of_all, rows))
