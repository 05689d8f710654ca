"""Counting the pieces of a conversation, before anything is recorded."""

from __future__ import annotations

import os

from handoff_cli.constants import MAX_DESCRIPTION_CHARS, MAX_SOURCE_CHARS, MAX_TOKENS
from handoff_cli.core.record import Record
from handoff_cli.core.text import shorten
from handoff_cli.core.usage import weakest
from handoff_cli.errors import UsageError
from handoff_cli.redaction.redact import redact
from handoff_cli.state.kept import Keeper
from handoff_cli.tokens.count import TextCounter, TokenCount, count_tokens
from handoff_cli.usecases.sources import FileSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from handoff_cli.core.session import Entry
    from handoff_cli.models.calibration import Calibration
    from handoff_cli.usecases.sources import Source

_DESCRIPTION_FROM_TEXT_CHARS = 80


class Piece(Record):
    """A counted piece, not yet recorded: where it came from, what it is, and its tokens.

    ``took`` says how it was read where that is worth a word. ``follow`` is what ``usecases.follow`` must know to go on
    from here; None for a piece that is over. ``usage`` is set where the piece is the whole context as an agent reports
    it, and so takes the place of what was tracked before (see ``formatted.Formatted``). ``text`` is what is to be kept
    of it; None for nothing.
    """

    source: str
    description: str
    count: TokenCount
    took: str = ""
    follow: Entry | None = None
    usage: Entry | None = None
    text: Keeper | None = None


class Request(Record):
    """How pieces are to be counted and named; None takes the session's, the settings' or the default value.

    ``tokens`` is a count the caller knows already (whole tokens, at least 0), recorded instead of reading anything.
    ``format`` is ``text``, ``auto`` (the content decides) or one of ``transcripts.READERS``. ``role`` makes each piece
    of text one chat message of that role, whose overhead is counted too. ``safe`` takes the upper end of estimates,
    ``exact`` a tokenizer of the model's own where an optional package with one is installed. ``calibrations`` are the
    user's own factors, by model. ``keep`` asks for the text to be kept, ``keep_bytes`` is the most of it,
    as stored; 0 keeps nothing.
    """

    description: str | None = None
    model: str | None = None
    encoding: str | None = None
    format: str = "text"
    role: str | None = None
    tokens: int | None = None
    safe: bool = False
    exact: bool = False
    dry_run: bool = False
    keep: bool = True
    keep_bytes: int = 0
    calibrations: Mapping[str, Calibration] = {}


def count_pieces(
    sources: Sequence[Source], request: Request, model: str | None, encoding: str | None, set_model: str | None = None
) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """Return the pieces that ``sources`` make, empty ones left out, and notes for a person.

    ``model`` and ``encoding`` are those in force, None where nobody named one; ``set_model`` is the model only where
    somebody set it, and then goes before the one a transcript names.

    Raises:
        InputError: a source cannot be read.
        UnknownEncodingError: the encoding asked for is not at hand.
        UsageError: ``request.tokens`` is negative or absurd.
    """
    if request.tokens is not None:
        _refuse_with_tokens(request)
        if not 0 <= request.tokens <= MAX_TOKENS:
            raise UsageError(f"--tokens {request.tokens} is not allowed", f"give a whole number from 0 to {MAX_TOKENS}")
        known = TextCounter(model, encoding).encoding
        count = TokenCount(request.tokens, "exact", known, request.tokens, request.tokens, model)
        return (Piece("reported", _described(request.description or ""), count),), ()
    pieces: list[Piece] = []
    notes: list[str] = []
    for source in sources:
        piece, said = _count_source(source, request, model, encoding, set_model)
        notes += said
        if piece is not None:
            pieces.append(piece)
        elif len(sources) > 1:
            notes.append(f"{source.name} is empty")
    return tuple(pieces), tuple(notes)


def sum_of(pieces: Sequence[Piece], model: str | None, encoding: str | None) -> TokenCount:
    """Return the tokens of ``pieces`` together; the method is that of the least certain."""
    counts = [piece.count for piece in pieces] or [TextCounter(model, encoding).result()]
    tokens, low, high = (sum(getattr(count, name) for count in counts) for name in ("tokens", "low", "high"))
    method = weakest(*(count.method for count in counts))
    notes = "; ".join(dict.fromkeys(count.note for count in counts if count.note))
    last = counts[-1]
    return TokenCount(tokens, method, last.encoding, low, high, last.model, notes, last.tokenizer)


def _refuse_with_tokens(request: Request) -> None:
    meaningless = {
        "--format": request.format != "text",
        "--role": request.role is not None,
        "--safe": request.safe,
        "--exact": request.exact,
    }
    if given := [name for name, is_given in meaningless.items() if is_given]:
        raise UsageError(
            f"--tokens goes without {', '.join(given)}: there is nothing to count", "leave one of them out"
        )


def _count_source(
    source: Source, request: Request, model: str | None, encoding: str | None, set_model: str | None
) -> tuple[Piece | None, tuple[str, ...]]:
    """Return the piece that one source makes (None: it is empty), and notes for a person."""
    keeper = Keeper(request.keep_bytes) if request.keep_bytes else None
    if request.format != "text" and isinstance(source, FileSource):
        from handoff_cli.usecases.formatted import count_formatted

        if found := count_formatted(source, request, set_model, model, encoding, keeper):
            notes = tuple(f"{source.name}: {note}" for note in found.notes)
            piece = _piece(source, request, found.description, found.count, keeper)
            if found.usage is None:
                return piece.replace(took=found.took), notes
            where = {"source": os.path.abspath(source.path)} if source.path else {"source": source.name, "piped": True}
            whole = {**found.usage, **where}
            return piece.replace(took=found.took, usage=whole), notes
    count = _count_text(source, request, model, encoding, keeper)
    if source.empty:
        return None, source.notes
    notes = source.notes
    if request.exact and count.method == "estimated":
        notes += (f"no package with a tokenizer of {model} is installed: the figure is an estimate",)
    if request.role is not None:
        from handoff_cli.tokens.messages import message_overhead

        count = count.plus(message_overhead(request.role, model, encoding).tokens)
    return _piece(source, request, source.head, count, keeper), notes


def _piece(source: Source, request: Request, about: str, count: TokenCount, text: Keeper | None) -> Piece:
    described = _first_line(about) if request.description is None else request.description
    return Piece(shorten(redact(source.name), MAX_SOURCE_CHARS), _described(described), count, text=text)


def _count_text(
    source: Source, request: Request, model: str | None, encoding: str | None, keeper: Keeper | None
) -> TokenCount:
    texts = source if keeper is None else _kept_too(source, keeper)
    if request.exact:
        return count_tokens("".join(texts), model, encoding, safe=request.safe, exact=True)
    counter = TextCounter(model, encoding, safe=request.safe, calibrations=request.calibrations)
    for text in texts:
        counter.feed(text)
    return counter.result()


def _kept_too(texts: Iterable[str], keeper: Keeper) -> Iterator[str]:
    for text in texts:
        keeper.feed(text)
        yield text


def _described(text: str) -> str:
    return shorten(redact(text), MAX_DESCRIPTION_CHARS)


def _first_line(head: str) -> str:
    """Return the first line with something on it: what a piece is about, when nobody says."""
    lines = (line.strip() for line in head.splitlines())
    return shorten(next((line for line in lines if line), ""), _DESCRIPTION_FROM_TEXT_CHARS)
