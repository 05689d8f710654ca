"""The pieces of a conversation: what they are read from, in blocks, and counting them, before anything is recorded."""

from __future__ import annotations

import errno
import os
from itertools import chain

from handoff_cli.constants import MAX_DESCRIPTION_CHARS, MAX_SOURCE_CHARS, MAX_TOKENS
from handoff_cli.core.record import Record
from handoff_cli.core.text import counted, shorten
from handoff_cli.core.usage import weakest
from handoff_cli.errors import InputError, UsageError
from handoff_cli.redaction import redact
from handoff_cli.state.kept import Keeper
from handoff_cli.state.seen import Comparison
from handoff_cli.tokens.count import TextCounter, TokenCount, count_tokens
from handoff_cli.tokens.decode import StreamDecoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import BinaryIO

    from handoff_cli.core.session import Entry
    from handoff_cli.models.lookup import Calibration
    from handoff_cli.state.seen import SeenTexts


_DESCRIPTION_FROM_TEXT_CHARS, HEAD_CHARS = 80, 4096
_BANNERS = ("▐▛", "████", ">_ OpenAI Codex")
"""What agents draw when they start."""
OWN_NAMES = ("stdin", "text")
"""What a source without a path is called."""

_BLOCK_BYTES, _LEAST_TEXT = 1 << 18, 10
"""Where more than one character in so many is an invalid byte, it is a picture, a database, another encoding."""


class CountedPiece(Record):
    """A counted piece, not yet recorded: where it came from, what it is, and its tokens.

    ``took`` says how it was read where that is worth a word. ``follow`` is what ``track.follow`` must know to go on
    from here; None for a piece that is over. ``usage`` is set where the piece is the whole context as an agent reports
    it, and so takes the place of what was tracked before (see ``formatted.Formatted``). ``text`` is what is to be kept
    of it; None for nothing. ``whole`` says what the text is, ``known`` is the number of the checkpoint whose text it
    goes on from, or is.
    """

    source: str
    description: str
    count: TokenCount
    took: str = ""
    follow: Entry | None = None
    usage: Entry | None = None
    text: Keeper | None = None
    whole: Entry | None = None
    known: int | None = None
    is_new: bool = True


class CountRequest(Record):
    """How pieces are to be counted and named; None takes the session's, the settings' or the default value.

    ``tokens`` is a count the caller knows already (whole tokens, at least 0), recorded instead of reading anything.
    ``format`` is ``text``, ``auto`` (the content decides) or one of ``readers.READERS``. ``role`` makes each piece
    of text one chat message of that role, whose overhead is counted too. ``safe`` takes the upper end of estimates,
    ``exact`` a tokenizer of the model's own where an optional package with one is installed. ``calibrations`` are the
    user's own factors, by model. ``keep`` asks for the text to be kept, ``keep_bytes`` is the most of it,
    as stored; 0 keeps nothing. ``once`` counts of a text that was counted before only what is new (None: nothing is
    compared, now or later); ``seen`` knows what was counted.
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
    once: bool | None = None
    seen: SeenTexts | None = None
    calibrations: Mapping[str, Calibration] = {}


def count_pieces(
    sources: Sequence[TextSource],
    request: CountRequest,
    model: str | None,
    encoding: str | None,
    set_model: str | None = None,
) -> tuple[tuple[CountedPiece, ...], tuple[str, ...]]:
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
        count = TokenCount(request.tokens, "reported", known, request.tokens, request.tokens, model)
        return (CountedPiece("reported", _described(request.description or ""), count),), ()
    pieces: list[CountedPiece] = []
    notes: list[str] = []
    for source in sources:
        piece, said = _count_source(source, request, model, encoding, set_model)
        notes += said
        if piece is not None:
            pieces.append(piece)
            _remember(piece, request, sum(it.is_new for it in pieces))
        elif len(sources) > 1:
            notes.append(f"{source.name} is empty")
    return tuple(pieces), tuple(notes)


def _remember(piece: CountedPiece, request: CountRequest, number: int) -> None:
    """Let a text that stands twice in one call be known the second time."""
    if request.seen is not None and piece.whole is not None and piece.is_new:
        count = piece.count
        request.seen.add({"whole": piece.whole, "sequence": number, "encoding": count.encoding, "model": count.model})


def sum_of(pieces: Sequence[CountedPiece], model: str | None, encoding: str | None) -> TokenCount:
    """Return the tokens of ``pieces`` together; the method is that of the least certain."""
    counts = [piece.count for piece in pieces] or [TextCounter(model, encoding).result()]
    tokens, low, high = (sum(getattr(count, name) for count in counts) for name in ("tokens", "low", "high"))
    method = weakest(*(count.method for count in counts))
    notes = "; ".join(dict.fromkeys(count.note for count in counts if count.note))
    last = counts[-1]
    return TokenCount(tokens, method, last.encoding, low, high, last.model, notes, last.tokenizer)


def _refuse_with_tokens(request: CountRequest) -> None:
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


class Intake:
    """What is done with a text beside counting it, as it streams by: it is compared with earlier ones, and kept."""

    def __init__(self, request: CountRequest, model: str | None, encoding: str | None) -> None:
        self._keeper = Keeper(request.keep_bytes, request.role or "") if request.keep_bytes else None
        self._comparison = Comparison(request.seen) if request.seen is not None else None
        self._model = model
        self._request = request
        self._encoding = encoding
        self._alone: TextCounter | None = None
        self._head = ""

    def through(self, texts: Iterable[str]) -> Iterator[str]:
        """Yield ``texts`` as they are, taking notice of each."""
        for text in texts:
            self.feed(text)
            yield text

    def feed(self, text: str) -> None:
        """Take notice of ``text``, the next part."""
        end = self._comparison.feed(text) if self._comparison is not None else None
        if self._comparison is not None and end is not None and self._request.once:
            if self._keeper is not None:
                self._keeper.restart()
            self._head, text = "", text[end:]
            known, counter = self._comparison.known or {}, _counter(self._request, self._model, self._encoding)
            comparable = (known["encoding"], known["model"]) == (counter.encoding, self._model)
            self._alone = None if comparable else counter
        if self._keeper is not None:
            self._keeper.feed(text)
        if self._alone is not None:
            self._alone.feed(text)
        if len(self._head) < HEAD_CHARS:
            self._head += text[: HEAD_CHARS - len(self._head)]

    def piece(self, piece: CountedPiece, read_as: str) -> CountedPiece:
        """Return ``piece``, counted as a whole, with what is to be recorded of it: all, or what is new."""
        if self._comparison is None or (whole := self._comparison.whole()) is None:
            return piece.replace(text=self._keeper)
        count, known = piece.count, self._comparison.known
        whole = {**whole, "tokens": count.tokens, "method": count.method, "read_as": read_as}
        piece = piece.replace(text=self._keeper, whole=whole)
        if known is None or not self._request.once:
            return piece
        if piece.usage is None:
            piece = piece.replace(count=self._grown(count, known["whole"], read_as))
        if self._request.description is None and self._head.strip():
            piece = piece.replace(description=_described(_first_line(self._head)))
        goes_on = f"goes on from checkpoint {known['sequence']}: {counted(piece.count.tokens, 'new token')}"
        took = f"{piece.took}; {goes_on}" if piece.took else goes_on
        return piece.replace(known=known["sequence"], is_new=not self._comparison.is_known, took=took)

    def _grown(self, count: TokenCount, earlier: Entry, read_as: str) -> TokenCount:
        """Return the count of what is new: the difference of both wholes, so that tokens across the seam come right."""
        if self._alone is not None:
            return self._alone.result()
        if (earlier["read_as"], earlier["method"]) != (read_as, count.method):
            return count
        tokens = max(0, count.tokens - earlier["tokens"])
        low, high = (tokens * bound // count.tokens if count.tokens else 0 for bound in (count.low, count.high))
        return count.replace(tokens=tokens, low=min(low, tokens), high=max(high, tokens))


def _count_source(
    source: TextSource, request: CountRequest, model: str | None, encoding: str | None, set_model: str | None
) -> tuple[CountedPiece | None, tuple[str, ...]]:
    """Return the piece that one source makes (None: it is empty), and notes for a person."""
    intake = Intake(request, model, encoding)
    if request.format != "text" and isinstance(source, FileSource):
        from handoff_cli.usecases.formatted import count_formatted

        if found := count_formatted(source, request, set_model, model, encoding, intake):
            notes = tuple(f"{source.name}: {note}" for note in found.notes)
            usage = None
            if found.usage is not None:
                known_by = {"source": os.path.abspath(source.path)} if source.path else {"piped": True}
                usage = {**found.usage, "source": source.name, **known_by}
            piece = _piece(source, request, found.description, found.count).replace(took=found.took, usage=usage)
            return intake.piece(piece, found.took), notes
    count = _count_text(intake.through(source), request, model, encoding)
    if source.empty:
        return None, source.notes
    notes = source.notes
    if request.exact and count.method == "estimated":
        notes += (f"no package with a tokenizer of {model} is installed: the figure is an estimate",)
    if request.role is not None:
        from handoff_cli.tokens.messages import message_overhead

        count = count.plus(message_overhead(request.role, model, encoding).tokens)
    return intake.piece(_piece(source, request, source.head, count), request.role or "text"), notes


def _piece(source: TextSource, request: CountRequest, about: str, count: TokenCount) -> CountedPiece:
    described = _first_line(about) if request.description is None else request.description
    # The names that are ours hold no secret, and one of them looks like an option that takes a password.
    name = source.name if source.name in OWN_NAMES else redact(source.name)
    return CountedPiece(shorten(name, MAX_SOURCE_CHARS), _described(described), count)


def _count_text(texts: Iterable[str], request: CountRequest, model: str | None, encoding: str | None) -> TokenCount:
    if request.exact:
        return count_tokens("".join(texts), model, encoding, safe=request.safe, exact=True)
    counter = _counter(request, model, encoding)
    for text in texts:
        counter.feed(text)
    return counter.result()


def _counter(request: CountRequest, model: str | None, encoding: str | None) -> TextCounter:
    return TextCounter(model, encoding, safe=request.safe, calibrations=request.calibrations)


def _described(text: str) -> str:
    return shorten(redact(text), MAX_DESCRIPTION_CHARS)


def _first_line(head: str) -> str:
    """Return the first line with a word or a figure, without a frame; of messages the first that the user said."""
    lines = [bare for line in head.splitlines() if (bare := line.strip().strip("│┃║ "))]
    told = next((line for line in lines if any(map(str.isalnum, line))), lines[0] if lines else "")
    if head.lstrip()[:1] in ("[", "{") or any(it in head for it in _BANNERS):
        from handoff_cli.usecases.about import said_first

        told = said_first(head) or told
    return shorten(told, _DESCRIPTION_FROM_TEXT_CHARS)


class TextSource:
    """Text to count, iterated once in chunks.

    Attributes:
        name: What the checkpoint calls it: a path, ``stdin``, ``text``.
        head: The first few thousand characters, after iterating.
        notes: Lines for a person, after iterating: bytes that were replaced.
    """

    def __init__(self, name: str, text: str = "") -> None:
        self.name = name
        self.head = ""
        self.notes: tuple[str, ...] = ()
        self._text = text

    @property
    def empty(self) -> bool:
        """Whether there was no character at all; known after iterating."""
        return not self.head

    def __iter__(self) -> Iterator[str]:
        for text in self._chunks():
            if len(self.head) < HEAD_CHARS:
                self.head += text[: HEAD_CHARS - len(self.head)]
            yield text

    def _chunks(self) -> Iterator[str]:
        yield self._text


class FileSource(TextSource):
    """The bytes of a file or of an open stream, decoded as they come.

    Args:
        name: The file's path, or what to call the stream.
        stream: An open binary stream to read instead of opening ``name``.
        strict: Refuse bytes that are not text instead of counting them as U+FFFD.
        on_bytes: Called with each block as it was read: for a copy or a progress display.
        on_progress: Called with the bytes read and the bytes there are, by what reads the file in its own way.
        copied: ``on_bytes`` makes a copy: nothing may read the file in its own way.
    """

    def __init__(
        self,
        name: str,
        stream: BinaryIO | None = None,
        *,
        strict: bool = False,
        on_bytes: Callable[[bytes], object] | None = None,
        on_progress: Callable[[int, int], None] | None = None,
        copied: bool = False,
    ) -> None:
        super().__init__(name)
        self.on_progress = on_progress
        self._strict = strict
        self._peeked: list[bytes] = []
        self._on_bytes = on_bytes
        self._read = _blocks_of(name, stream)
        self.path = name if stream is None and not copied and os.path.isfile(name) else None
        """The path of a file that can be read more than once; None for a pipe, and where each byte must pass by."""

    def peek(self, size: int) -> bytes:
        """Return the first ``size`` bytes (fewer where there are no more) without taking them."""
        while sum(map(len, self._peeked)) < size and (block := next(self._read, None)):
            self._peeked.append(block)
        return b"".join(self._peeked)[:size]

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes, once.

        Raises:
            InputError: they cannot be read.
        """
        while block := self._peeked.pop(0) if self._peeked else next(self._read, None):
            if self._on_bytes:
                self._on_bytes(block)
            yield block

    def reread(self, path: str) -> FileSource:
        """Return the source that reads the file at ``path``, which holds these bytes."""
        return FileSource(path)

    def _chunks(self) -> Iterator[str]:
        decoder, chars = StreamDecoder(self.name, strict=self._strict), 0
        for block in chain(self.blocks(), (b"",)):
            if text := decoder.decode(block, final=not block):
                chars += len(text)
                yield text
        if decoder.replaced:
            doubt = "; is it text in UTF-8?" if decoder.replaced * _LEAST_TEXT > chars else ""
            self.notes = (f"{self.name}: invalid bytes count as U+FFFD, {decoder.replaced:,} of them{doubt}",)


def _blocks_of(name: str, stream: BinaryIO | None) -> Iterator[bytes]:
    try:
        if stream is not None:
            yield from _read_blocks(stream)
        else:
            with open(name, "rb") as file:
                yield from _read_blocks(file)
    except OSError as error:
        raise _unreadable(name, error) from error


def _read_blocks(stream: BinaryIO) -> Iterator[bytes]:
    # read1 returns what is there: a slow producer's bytes are counted, copied and shown as they arrive.
    read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    while block := read(_BLOCK_BYTES):
        yield block


def _unreadable(name: str, error: OSError) -> InputError:
    if error.errno == errno.EISDIR:
        return InputError(f"{name} is a folder, not a file", "name the files in it")
    hint = "check the path" if error.errno == errno.ENOENT else "check its permissions"
    return InputError(f"cannot read {name or repr(name)}: {error.strerror or error}", hint)
