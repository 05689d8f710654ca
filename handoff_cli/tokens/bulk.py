"""The engines for large text: tiktoken on two threads, or ``toktok-rs`` where it is installed and counts as we do.

Loading one costs half a second, so it pays only from about half a megabyte on. tiktoken is built from our own
vocabulary, never through its registry, which would download. Either is given chunks of bounded size, far below the
million characters of white space at which tiktoken panics (openai/tiktoken#587).
"""

from __future__ import annotations

from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    import tiktoken

    from handoff_cli.tokens.cold import ColdCounter

THREADS = 2
_IN_FLIGHT = 2 * THREADS

PATTERNS = {
    "o200k_base": (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "cl100k_base": (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
        r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
    ),
    "r50k_base": r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s",
}
"""tiktoken's own patterns (``tiktoken_ext/openai_public.py`` 0.14; MIT, OpenAI: see LICENSES)."""

_SELF_TEST = (
    "def f(x):\n    return x  # <|endoftext|> don't, WE'LL\r\n\r\n\tHTMLParser2024 naïve Ünïcode '\u017f\n"
    "日本語のテキスト、한국어 텍스트. Привет, мир! नमस्ते ١٢٣ 👩‍👩‍👧\u00a0\u3000  \x00\x1c\ufffd '\"\\//\n  \n"
)

_engines: dict[str, Engine] = {}


class Engine:
    """Counts chunks of one encoding fast; may be called from several threads at once.

    Args:
        encoding: Its name.
        cold: Its cold counter, which has the vocabulary and is the referee.
    """

    def __init__(self, encoding: str, cold: ColdCounter) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self.pool = ThreadPoolExecutor(THREADS)
        self._encoding = encoding
        self._cold = cold
        toktok = _toktok(encoding, cold)
        self._built = None if toktok else self._build()
        self.count: Callable[[str], int] = toktok or self._count

    def split(self, piece: bytes) -> list[bytes]:
        """Return the tokens of one piece."""
        self._built = self._built or self._build()
        ids = self._built._encode_single_piece(piece)  # noqa: SLF001 (there is no public way past the splitter)
        return self._built.decode_tokens_bytes(ids)

    def _count(self, chunk: str) -> int:
        assert self._built
        return len(self._built.encode_ordinary(chunk))

    def _build(self) -> tiktoken.Encoding:
        import tiktoken

        ranks = dict(self._cold.ranks.items())
        pattern = PATTERNS[self._cold.pattern]
        return tiktoken.Encoding(self._encoding, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})


class Tally:
    """The sum of many chunks, counted on ``THREADS`` threads (both engines let go of the interpreter lock)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._running: deque[Future[int]] = deque()
        self._tokens = 0

    def add(self, chunk: str) -> None:
        """Have ``chunk`` counted; waits when too many wait already, so memory stays bounded."""
        self._running.append(self._engine.pool.submit(self._engine.count, chunk))
        if len(self._running) > _IN_FLIGHT:
            self._tokens += self._running.popleft().result()

    def total(self) -> int:
        """Wait for all chunks and return the sum of their tokens."""
        while self._running:
            self._tokens += self._running.popleft().result()
        return self._tokens


def engine_of(encoding: str, cold: ColdCounter) -> Engine:
    """Return this process's engine for ``encoding``: loading one takes half a second and some 90 MiB."""
    if encoding not in _engines:
        _engines[encoding] = Engine(encoding, cold)
    return _engines[encoding]


def _toktok(encoding: str, cold: ColdCounter) -> Callable[[str], int] | None:
    try:
        from toktok import batch_count  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None

    def count(chunk: str) -> int:
        return int(batch_count([chunk], encoding, threads=1)[0])

    try:
        agrees = count(_SELF_TEST) == cold.count(_SELF_TEST)
    except Exception:  # noqa: BLE001 (an encoding it does not know, or a version that is not as we know it: do without)
        return None
    return count if agrees else None
