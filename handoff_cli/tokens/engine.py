"""The engines for large text: tiktoken on two threads, or ``toktok-rs`` where it is installed and counts as we do.

Loading one costs half a second, so it pays only from about half a megabyte on. tiktoken is built from our own
vocabulary, never through its registry, which would download. Either is given chunks of bounded size, far below the
million characters of white space at which tiktoken panics (openai/tiktoken#587).
"""

from __future__ import annotations

import re
from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    import tiktoken

    from handoff_cli.tokens.encode import ColdCounter

THREADS = 2
_IN_FLIGHT = 2 * THREADS
_TOKEN_BYTES = 4

TIKTOKEN_PATTERNS = {
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

    Attributes:
        count: Returns the tokens of a chunk. It is the quickest way that passes the self-test: ``toktok-rs``;
            tiktoken without a list of the tokens, which its public interface offers only together with numpy;
            tiktoken.

    Args:
        encoding: Its name.
        cold: Its cold counter, which has the vocabulary and is the referee.
    """

    def __init__(self, encoding: str, cold: ColdCounter) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self.pool = ThreadPoolExecutor(THREADS)
        self._encoding = encoding
        self._cold = cold
        self._built: tiktoken.Encoding | None = None
        self.count = next(way for way in (self._toktok, self._buffer, self._list) if self._agrees(way))

    def split(self, piece: bytes) -> list[bytes]:
        """Return the tokens of one piece."""
        built = self._tiktoken()
        return built.decode_tokens_bytes(built._encode_single_piece(piece))  # noqa: SLF001 (no public way past the splitter)

    def _agrees(self, way: Callable[[str], int]) -> bool:
        try:
            return way(_SELF_TEST) == self._cold.count(_SELF_TEST)
        except Exception:  # noqa: BLE001 (not installed, or not as we know it)
            return False

    def _toktok(self, chunk: str) -> int:
        from toktok import batch_count  # type: ignore[import-not-found, unused-ignore]

        return int(batch_count([chunk], self._encoding, threads=1)[0])

    def _buffer(self, chunk: str) -> int:
        built = self._tiktoken()
        return memoryview(built._core_bpe.encode_to_tiktoken_buffer(chunk, set())).nbytes // _TOKEN_BYTES  # noqa: SLF001

    def _list(self, chunk: str) -> int:
        return len(self._tiktoken().encode_ordinary(chunk))

    def _tiktoken(self) -> tiktoken.Encoding:
        if self._built is None:
            import tiktoken

            ranks = dict(self._cold.ranks.items())
            # The way without a list looks for special tokens, and for an empty set of them it looks everywhere.
            special = {"<|endoftext|>": max(ranks.values()) + 1}
            pattern = _grouped(TIKTOKEN_PATTERNS[self._cold.pattern])
            self._built = tiktoken.Encoding(
                self._encoding, pat_str=pattern, mergeable_ranks=ranks, special_tokens=special
            )
        return self._built


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


def _grouped(pattern: str) -> str:
    """Return an equal pattern that runs a fifth faster.

    tiktoken's regex engine interprets whatever holds a look-ahead or a possessive quantifier and compiles the rest.
    Put in one group, without quantifiers that need not be possessive, everything before the look-ahead is compiled.
    """
    plain, look_ahead, rest = pattern.partition(r"|\s+(?!\S)")
    plain = re.sub(r"([+*?]|\{1,3\})\+", r"\1", plain)
    return f"(?:{plain}){look_ahead}{rest}"
