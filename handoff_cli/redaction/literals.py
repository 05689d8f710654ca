r"""Secrets in parts: between the literals of code (``"ghp_abc" + "def"``), tags, quotes of mail, the frame of a box.

A token has a beginning that is known, so any sign may stand between its parts that could; what is given to a name has
none, and is put together only out of literals that follow each other.
"""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction import published
from handoff_cli.redaction.layers import passed
from handoff_cli.redaction.names import assignments
from handoff_cli.redaction.prefixes import prefixed
from handoff_cli.redaction.wraps import looks_generated, whole_tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]

JOINT = (
    r"(?<=[\w+/=.~-])(?:[\"'](?:[ \t]{0,8}(?:\+|\.\.?|&|~)[ \t]{0,8}(?:\r?\n[ \t]{0,40})?"
    r"|[ \t]{0,8}\\?\r?\n[ \t]{0,40}(?:(?:\+|\.\.?|&|~)[ \t]{0,4})?|[ \t]{1,2})"
    r"[bfruBFRU]{0,2}[\"'](?=[\w+/=.~-]{3,400}[\"'])"
    r"|[ ]?[\u2502\u2503\u2551][ \t]{0,4}\r?\n[ \t]{0,8}[\u2502\u2503\u2551][ \t]{1,40}(?=[\w+/=.~-]{3}))"
)
"""What stands between two parts of one word."""
_TAG = r"</?(?:wbr|span|b|i|em|strong|code|font|a|u|mark|br|tt|small|nobr)(?:[ ][^<>\n]{0,120})?/?>"
_GLUE = r"(?:\+\+?|\.\.?|&[ ]?_?|~|\|\||<>|\^|`|\\|,|\.concat\()"
_SET_AGAIN = r";?[ \t]{0,4}\r?\n[ \t]{0,40}(?:(?:const|let|var|my|export|local|set)[ ])?[$@]?[\w.]{1,24}(?::[ ]?\w{1,16})?[ ]?(?:\+|\.|:)?=[ ]?"
_LINE_MARK = r"(?:(?:>[ ]?){1,4}|\d{1,6}(?:[ ]{0,2}[:|\u2192\t\u2502][ \t]{0,8}|[ ]{1,4})|(?:--|//|\#|\*|\+|-)[ ]|\+(?=[A-Za-z0-9])|\|[ ]{1,40}|[\u2502\u2503\u2551][ \t]{1,40}(?:[\u2502\u2503\u2551][ \t]{1,40})?)?"
LOOSE = (
    rf"(?<=[\w+/.~-])(?:[\"'`](?:[ \t]{{0,8}}{_GLUE}?[ \t]{{0,8}}(?:[`^]?\r?\n[ \t]{{0,40}}{_GLUE}?[ \t]{{0,4}})?|{_SET_AGAIN})[bfruBFRU]{{0,2}}[\"'`](?=[\w+/=.~-]{{3}})"
    rf"|{_SET_AGAIN}(?=[\w+/.~-]{{6}})|[\"'`]?\$?\{{[\"'](?=[\w+/=.~-]{{3}})|[\"']\}}(?:\$?\{{[\"'])?(?=[\w+/=.~-]{{3}})|[\"']{{1,2}}(?=[\w+/=.~-]{{3}})"
    rf"|=\r?\n(?=[\w+/=.~-]{{3}})|[`^]\r?\n(?=[\w+/=.~-]{{3}})|(?:{_TAG}[ \t\r\n]{{0,4}}){{1,3}}(?=[\w+/=.~-]{{3}})"
    r"|&(?:shy|zwnj|zwj|ZeroWidthSpace|NoBreak|#8203|#x200[bB]|#173|#x[aA][dD]|#8288|#x2060);|%0[aAdD]|\*\*(?=[\w+/=.~-]{3})|\\(?:allowbreak|-|[ ])[ ]?(?:\{\})?(?=[\w+/=.~-]{3})"
    rf"|[ ]?[|\u2502\u2503\u2551]?[ \t]{{0,4}}\r?\n[ \t]{{0,40}}{_LINE_MARK}(?=[\w+/=.~-]{{3}}))"
)
"""What may stand between two parts of a token whose beginning is known."""
_LISTED = r"(?<=[\w+/=.~-])[ ](?=[\w+/=.~-]{3}[^\]\n]{0,300}\]\.join)"
"""Between the words of Ruby's ``%w[...].join``."""
_GOES_ON = rf"(?:{LOOSE}|{_LISTED})((?:(?!=\r?\n)[\w+/=.~-]){{2,400}})"
_BEGUN = r"(?:(?!=\r?\n)[\w+/=.~-]){2,400}"
_PLAIN = r"[A-Z]?[a-z]{1,16}(?![\w+/=.~-])"
"""What stands behind one and is no part of a token, which would be whole by itself."""
_MARKS = " \t\r\n0123456789>|:\u2192\u2502\u2503\u2551#/*+-"
_NEAR, _LONGEST, _MOST_PARTS, _LEAST_PART, _LEAST_ODD = 1 << 10, 700, 6, 6, 8


def divided_by_literals(view: Layer) -> list[Span]:
    """Return (start, end, kind) of every secret whose parts stand in literals that follow each other."""
    joint = compiled(JOINT)
    near = view.near([it.start() for it in joint.finditer(view.text)], _NEAR)
    whole = near.without(compiled(f"({JOINT})"), lambda _joint: "")
    found = published.published_spans(whole, published.TOKENS) + prefixed(whole) + assignments(whole)
    spans: list[Span] = []
    for first, last, kind in found:
        start, end = whole.outer(first, last)
        divided = joint.search(near.text, start)
        if divided and divided.end() < end and not compiled(_PLAIN).match(near.text, divided.end()):
            spans.append((start, end, kind) if near is view else (*near.outer(start, end), kind))
    return spans


def tokens_in_parts(view: Layer, begun: list[int]) -> list[Span]:
    """Return (start, end, kind) of every token that begins at one of ``begun`` and goes on behind anything loose."""
    chains = [*_chains(view.text, begun)]
    if not chains:
        return []
    by_any, by_length = whole_tokens({word for chain in chains for word, _ in chain})
    spans: list[Span] = []
    for chain in chains:
        first, start = chain[0]
        below = view.text[start : chain[1][1] - len(chain[1][0]) + len(first)].strip(_MARKS) == ""
        in_block = below and published.is_in_block(view.text, start - len(first), start)
        if first in by_length or (below and first in by_any) or in_block:
            continue  # what is on the next line belongs to it only where it is none without that
        ends = [end for word, end in chain[1:] if word in by_length][:1] or [
            end for word, end in _like_parts(chain) if word in by_any
        ][-1:]
        spans += ((start - len(first), end, "token") for end in ends)
    return spans


def _chains(text: str, begun: list[int]) -> Iterator[list[tuple[str, int]]]:
    """Yield of each place in ``begun`` the word there, then with the next part, and so on, and where each ends."""
    done, others, listed = 0, frozenset(begun), "].join" in text
    for at in begun:
        inside = at > 0 and (text[at - 1].isalnum() or text[at - 1] in "_+/")
        word = compiled(_BEGUN).match(text, at) if at >= done and not inside else None
        if not word:
            continue
        done, chain = word.end(), [(word[0], word.end())]
        if _may_begin_token(word[0]) and passed():
            continue
        while len(chain) < _MOST_PARTS and done - at < _LONGEST:
            if text[done : done + 1] == " " and not listed and text[done + 1 : done + 2].isalnum():
                break  # as most words end
            part = compiled(_GOES_ON).match(text, done)
            if not part or part.start(1) in others:
                break
            done = part.end()
            chain.append((chain[-1][0] + part[1], done))
        if len(chain) > 1:
            yield chain


def _may_begin_token(word: str) -> bool:
    return len(word) >= _LEAST_ODD and not (word.isalpha() or word.islower() or word.isupper())


def _like_parts(chain: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Yield the beginnings of ``chain`` each part of which but the first looks generated."""
    for (before, _), (word, end) in pairwise(chain):
        part = word[len(before) :]
        mixed = any(map(str.isdigit, part)) or not (part[1:].islower() or part.isupper())
        if len(part) < _LEAST_PART or not mixed or not (looks_generated(part) or not any(map(str.isdigit, part))):
            return
        yield word, end
