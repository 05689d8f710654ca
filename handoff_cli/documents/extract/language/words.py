"""Text in fewer words, none of them ours: sentences, heads and tails, the lines that carry names and figures."""

from __future__ import annotations

from codecs import register_error
from itertools import accumulate, takewhile

from handoff_cli.core.light import Counts, bisect_right, local, lru_cache
from handoff_cli.core.paths import AT_LINE
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.prose import prose_of
from handoff_cli.redaction import redact, redact_each

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

IDENTIFIER = lazily(
    r"\b(?:[A-Za-z]+_[A-Za-z0-9_]+|[a-z]+[A-Z][A-Za-z0-9]+|[A-Z][a-z0-9]+[A-Z][A-Za-z0-9]+|[A-Z]{2,}[a-z]+[A-Za-z0-9]*)\b"
)
"""Names out of code: words with a hump or an underscore."""

PART = lazily(r"[A-Z]?[a-z]{3,}")
"""A word that a longer one, or a name out of code, is made of."""

_BESIDE_SECRETS = ("pass", "pw", "secret", "token", "key", "auth", "cred", "bearer", "private", "://")
"""What stands beside a secret that is one by its name alone: without it, nobody would know."""

LEAD = lazily(r"^(?:[-*+•>#]+|\d{1,3}[.)]|\*\*\d+[.)]?\*\*)\s+")
_LEADS = tuple("-*+•>#0123456789")
SENTENCE_END = lazily(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\b(?:Dr|Mr|Nr|St|ca)\.)(?<!\bbzw\.)(?<![\s`]\.\.\.)"
    r"(?!(?<=\d\.)\s(?:Januar|Februar|M\xe4rz|April|Mai|Ju[nl]i|August|(?:Sept|Nov|Dez)ember|Oktober)\b)[\"')*`]*\s+"
    r"(?=[\"'(*`]*(?:[A-Z0-9`\xbf\xa1\xc0-\xde]|[a-z][a-z0-9]*_\w))"
)
"""The next one may begin with a name of code; dots that stand alone, as in ``SELECT ... FROM``, end none."""
_DECOR = "[\U0001f300-\U0001faff\u2600-\u2714\u2719-\u27bf\ufe0f\u2b50]+"
EMOJI = lazily(f" ?\\({_DECOR}\\)|{_DECOR}\\s*")
"""What only decorates, with the brackets around it; crosses tell that something failed."""
CODE_SPAN = lazily(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_BOLD = lazily(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?<![\w*/\\])\*\*(?=[^\s*/,)])(?P<stars>(?:`[^`]+`|(?!\*\*)[^`])+)(?<=[^\s(\[{,/\\])\*\*(?![\w*/\\])"
    r"|(?<![\w/\\.])__(?=[^\s_])(?!\w+__)(?P<lines>(?:`[^`]+`|(?!__)[^`])+)(?<=[^\s_])__(?![\w/\\])"
)
"""A code span, in which nothing is a mark, or what is bold: its marks stand at borders of words, never in a path or
around the name of something, as in ``__init__``."""
_WORD_END = lazily(r"\s\S*\Z")
_WORD_START = lazily(r"\A\S*\s")
_MAX_WORD_LOST_CHARS = 12
_WORDS = lazily(r"\w{3,}")


@lru_cache(1_000)
def as_one_line(text: str) -> str:
    """Return ``text`` on one line, each run of white space a single space: of the same text it is asked many times."""
    return " ".join(text.split())


def identifiers(text: str) -> list[str]:
    """Return what ``IDENTIFIER`` finds in ``text``: most words stand in it many times, and are looked at once."""
    words = text.encode("ascii", _LEFT_OUT).translate(_APART).split()
    return list(filter(None, map(_CODE_NAMES.__getitem__, words)))


@lru_cache(maxsize=1_024)
def names_in(text: str) -> Counts[str]:
    """Return how often ``text``, of which more than one thing is asked, has each of its ``identifiers``."""
    return Counts(identifiers(text))


def is_code_name(word: str) -> bool:
    """Return whether ``word`` is a name out of code."""
    return word.isascii() and bool(_CODE_NAMES[word.encode()])


class _Known(dict[bytes, str]):
    """Tells of each word the name out of code it is, empty where it is none; a thousand pages have no more words."""

    def __missing__(self, word: bytes) -> str:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        text = word.decode()
        self[word] = name = "" if (word.islower() and b"_" not in word) or not IDENTIFIER.fullmatch(text) else text
        return name


def _left_out(error: UnicodeError) -> tuple[str, int]:
    """Stand in for letters of other scripts, which a name beside them belongs to, and for signs, which divide."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    first, last = error.object[error.start], error.object[error.end - 1]
    return f"{_LETTER * first.isalnum()} {_LETTER * last.isalnum()}", error.end


_MOST_KNOWN = 1 << 15
_CODE_NAMES = _Known()
_LETTER = "\x7f"
_APART = bytes(code if chr(code).isalnum() or chr(code) in ("_", _LETTER) else ord(" ") for code in range(128)) + bytes(
    128
)
_LEFT_OUT = "handoff.left_out"
register_error(_LEFT_OUT, _left_out)


def tells_secret(text: str) -> bool:
    """Return whether ``text`` holds a word of those that stand beside secrets."""
    lower = text.lower()
    for word in _BESIDE_SECRETS:  # noqa: SIM110 - ``any`` would take twice as long
        if word in lower:
            return True
    return False


def lines_telling_secrets(text: str) -> list[str]:
    """Return the lines of ``text`` that ``tells_secret``, in their order: most texts have few."""
    lower = text.lower()
    if len(lower) != len(text):
        return [line for line in text.split("\n") if tells_secret(line)]
    starts: set[int] = set()
    for word in _BESIDE_SECRETS:
        at = lower.find(word)
        while at >= 0:
            starts.add(text.rfind("\n", 0, at) + 1)
            end = text.find("\n", at)
            at = lower.find(word, end) if end >= 0 else -1
    return [_line_at(text, start) for start in sorted(starts)]


def lines_with(words: Iterable[str], text: str) -> set[int]:
    """Return the indexes of the lines of ``text`` that any of ``words`` stands in: mostly few, found without others."""
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    found: set[int] = set()
    for word in words:
        at = text.find(word)
        while at >= 0:
            line = bisect_right(starts, at)
            found.add(line - 1)
            at = text.find(word, starts[line])
    return found


def _line_at(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start:] if end < 0 else text[start:end]


class _Redacting(local):
    """Within ``redacting``, in each thread: what texts are ``known`` to be without their secrets; else None."""

    known: dict[str, str] | None = None


_redacting = _Redacting()


class redacting:  # noqa: N801 - read as a verb behind ``with``
    """Within it, a text loses its secrets (if ``on``) before it is cut: half of one would not be known as one later."""

    def __init__(self, on: bool = True) -> None:
        self._on = on

    def __enter__(self) -> None:
        self._before, _redacting.known = _redacting.known, {} if self._on else None

    def __exit__(self, *_: object) -> None:
        _redacting.known = self._before


def is_redacting() -> bool:
    """Return whether texts are to lose their secrets now."""
    return _redacting.known is not None


def whole(text: str) -> str:
    """Return ``text`` as it may be cut: where it is to be redacted (``redacting``), without its secrets."""
    known = _redacting.known
    if known is None:
        return text
    if text not in known:
        known[text] = redact(text)
    return known[text]


def prepare(texts: Iterable[str]) -> None:
    """Look for the secrets in ``texts`` that will be cut: in all at once, in a third of the time one by one takes."""
    known = _redacting.known
    if known is not None:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, redact_each(new), strict=True))


def beginning(text: str, size: int) -> str:
    """Return at most ``size`` characters of ``text``, ending with a word unless that is long."""
    if len(text) <= size:
        return text
    text = whole(text)
    words = text if len(text) <= size else _WORD_END.sub("", text[:size]).rstrip()
    return words if size - len(words) <= _MAX_WORD_LOST_CHARS else text[:size].rstrip()


def ending(text: str, size: int) -> str:
    """Return at most the last ``size`` characters of ``text``, beginning with a word unless that is long."""
    if len(text) <= size:
        return text
    text = whole(text)
    words = text if len(text) <= size else _WORD_START.sub("", text[-size:]).lstrip()
    return words if size - len(words) <= _MAX_WORD_LOST_CHARS else text[-size:].lstrip()


def ends(text: str, size: int, tail: float = 0.4) -> str:
    """Return the beginning and the end of ``text`` in about ``size`` characters, ``tail`` of it for the end."""
    if len(text) <= size * 5 // 4 + 40:
        return text
    text = whole(text)
    last = ending(text, round(size * tail))
    first = beginning(text, size - len(last))
    return f"{first}\n… [{len(text) - len(first) - len(last):,} characters] …\n{last}"


def start_of(text: str, size: int, tail: int = 0) -> str:
    """Return the beginning of ``text`` to the letter, ``size`` characters and the word they end in, with a mark.

    With ``tail`` so many of its end follow, with the whole word that they begin in; a long word is cut.
    """
    if len(text) <= size + tail + 3:
        return text
    first, last = size + _to_space(text[size : size + _WORD_CHARS]), len(text)
    if tail:
        last -= tail + _to_space(text[-tail - _WORD_CHARS : -tail][::-1])
    if tail and first + 3 >= last:
        return text
    return f"{text[:first].rstrip()}… {text[last:].lstrip()}" if tail else f"{text[:first].rstrip()}…"


def _to_space(text: str) -> int:
    """Return how many characters ``text`` has before its first space, 0 where it has none."""
    return max(text.find(" "), 0)


def clipped(text: str, size: int) -> str:
    """Return ``text`` on one line in at most ``size`` characters, ending with a word, and a mark where more follows."""
    line = as_one_line(text)
    return line if len(line) <= size else f"{beginning(line, size - 1)}…"


def whole_sentences(text: str, size: int) -> str:
    """Return the first sentences of ``text`` that fit into ``size``, empty where none does."""
    ends = [it.start() for it in SENTENCE_END.finditer(text[: size + 1])]
    return text if len(text) <= size else text[: ends[-1]] if ends else ""


def clipped_within(text: str, size: int) -> str:
    """Return ``text`` on one line in at most ``size`` characters; of a longer one the middle is left out."""
    line = as_one_line(text)
    if len(line) <= size or len(line := whole(line)) <= size:
        return line
    last = line[-(size * 2 // 5) :]
    ended, _, left = last.partition(" ")
    word = line[-len(last) - 1] == " "
    if last[0].isalnum() and not word:
        word = len(ended) <= _WORD_CHARS and bool(left)
        last = left if word else last[_to_folder(ended) :]
    gap = " … " if word else "…"
    first = line[: size - size * 2 // 5 - len(gap)]
    begun, _, rest = first.rpartition(" ")
    if line[len(first)].isalnum() and begun:  # of a path whole folders stay
        first = begun if 0 < len(rest) <= _WORD_CHARS else first[: len(first) - _to_folder(rest[::-1])]
    return f"{first.rstrip()}{gap}{last}"


def _to_folder(word: str) -> int:
    """Return how many characters ``word`` has before its first slash, 0 where it has none soon."""
    return max(word.find("/", 0, _WORD_CHARS + 1), 0)


_WORD_CHARS = 16
"""A word of so many characters is left out rather than cut."""


def unglued(text: str) -> str:
    """Return ``text`` with the items of a list on lines of their own, where a log has lost the ends of lines."""
    if _GLUED_FIRST.search(text):
        text = _GLUED.sub("\n", text)
    return _GLUED_DASH.sub("\n- ", text) if ":- " in text else text


_GLUED_FIRST = lazily(r"[:.]1\. ?[A-Z`\"]")
_GLUED = lazily(r"(?<=[a-z:.)`\"'])(?=[1-9]\d?\.(?: ?[A-Z`\"]| [a-z]))")
_GLUED_DASH = lazily(r"(?<=[\w:.)`\"'])- (?=\S)")


@lru_cache(maxsize=1_024)
def plain(line: str) -> str:
    """Return a line of Markdown without its list mark, heading mark and bold."""
    text = line.strip()
    if text.startswith(_LEADS) or not text[:1].isascii():
        text = text[lead.end() :] if (lead := LEAD.match(text)) else text
    text = without_bold(text)
    return _LINK.sub(_linked, text) if "](" in text else text


def without_bold(text: str) -> str:
    """Return a line of Markdown without the marks of what is bold."""
    return _BOLD.sub(_unmarked, text) if "**" in text or "__" in text else text


def _unmarked(found: re.Match[str]) -> str:
    return found["code"] or found["stars"] or found["lines"]


def bare(line: str) -> str:
    """Return a line of Markdown without bold, heading mark and emoji; the mark of a list stays."""
    line = line.rstrip()
    sign = f" {line[-1]}" if line.endswith(_ENDED_BY) else ""  # it tells how that ended
    line = EMOJI.sub("", line)
    mark = MARK.match(line)
    text = plain(line) + sign
    return f"{mark[0]}{text}" if text and mark else text


_ENDED_BY = ("\u2713", "\u2717", "\u2718")

ASKING = ("?", "\uff1f")
"""How a question ends."""

MARK = lazily(r"\s*(?:[-*+•]|\d{1,3}[.)]) ")


def without_cheer(line: str) -> str:
    """Return ``line`` without the cries it begins with: praise, thanks, consent."""
    return line[found.end() :] if (found := _CHEER.match(line)) else line


_CHEER = caseless(
    r"(?:(?:(?:oh|ah+|aha|got it|certainly|absolutely|of course|sure(?: thing)?"
    r"|perfect|great|excellent|wonderful|awesome|fantastic|brilliant|nice|good|wow)"
    r"(?: (?:point|question|catch|idea|news|work|find|call|approach|thinking|suggestion|observation|insight|progress"
    r"|job))?!+|(?:you(?:'|\u2019)?re|that(?:'|\u2019)?s) (?:absolutely |completely |totally |quite )?"
    r"(?:right|correct)[!.]+"
    r"|(?:thank you|thanks)(?: for [^.!\n]{1,40})?[!.]+|(?:wh)?oops[,!.]+"
    r"|(?:good|great|nice|right|exactly|glad|fair|indeed)(?: [\w'-]+){0,10}(?::| [\u2014\u2013-]) (?=\S.{40}))\s*)+"
)


def _linked(found: re.Match[str]) -> str:
    """Return a link of Markdown as its text, with the line it leads to."""
    line = _LEADS_TO.search(found[2])
    return f"{found[1]}:{line[1]}" if line and not AT_LINE.search(found[1]) else found[1]


_LEADS_TO = lazily(r"(?:[A-Za-z_]:|#L)([1-9]\d*)$")
_LINK = lazily(r"\[([^\]\n]{1,120})\]\(([^)\s]{1,400})\)")


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text`` in order, without code blocks, table rows and headings.

    A short list belongs to the line that announces it: together they are one sentence.
    """
    lines = [line.strip() for line in prose_of(text).split("\n")]
    told = [line for line in lines if line and not line.startswith(("|", "#", "---", "===", "<"))]
    found: list[str] = []
    place = 0
    while place < len(told):
        line, place = told[place], place + 1
        listed = takewhile(LEAD.match, told[place : place + _MOST_ITEMS]) if line.endswith(":") else ()
        items = [plain(it).rstrip(".;") for it in listed]
        if items and len(items) < _MOST_ITEMS and sum(map(len, items)) <= _LIST_CHARS:
            place += len(items)
            *before, last = _parted(plain(line))
            found += [it for it in before if it]
            found.append(f"{last} {'; '.join(items)}")
        else:
            found += [it for it in _parted(plain(line)) if it]
    return found


def _parted(line: str) -> list[str]:
    """Return the sentences of a line; those of somebody who writes all of them small, too."""
    parts = SENTENCE_END.split(line)
    return _SMALL_END.split(line) if len(parts) == 1 and line[:1].islower() else parts


_SMALL_END = lazily(r"(?<=[^.\s][.!?])(?<![.\s]\w\.)(?<!\bvs\.)(?<!\betc\.)(?<!\bapprox\.)\s+(?=[a-z`])")


_LIST_CHARS, _MOST_ITEMS = 300, 40


def words_of(text: str) -> set[str]:
    """Return the words of ``text`` in lower case."""
    return set(_WORDS.findall(text.lower()))


def alike(one: set[str], other: set[str], fifths: int = 3) -> bool:
    """Return whether two sets of words share so many ``fifths`` of the smaller that they tell of the same."""
    return bool(one) and len(one & other) * 5 >= min(len(one), len(other)) * fifths
