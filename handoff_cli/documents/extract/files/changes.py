"""One change in few words: the lines of an edit that only one side has, and what tells most of them."""

from __future__ import annotations

from itertools import islice

from handoff_cli.core.blocks import says
from handoff_cli.core.code import defined_by, definitions_in
from handoff_cli.core.light import Counts, lru_cache
from handoff_cli.core.paths import MARKDOWN
from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.facts import Change
from handoff_cli.documents.extract.files.texts import CUT
from handoff_cli.documents.extract.language.words import (
    SENTENCE_END,
    as_one_line,
    clipped_within,
    identifiers,
    is_code_name,
    is_redacting,
    prepare,
    tells_secret,
    whole,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Edit
    from handoff_cli.documents.extract.files.texts import FilePart

SIDE_CHARS = 110
TOKEN = lazily(r"\w+(?:\.\w+)*|\s+|[^\w\s]")


class Altered(Record):
    """An edit without what is the same before and after: its lines ``old`` and ``new``, and how many there are."""

    edit: Edit
    old: tuple[str, ...]
    new: tuple[str, ...]
    added: int = 0
    removed: int = 0


def altered(edit: Edit) -> Altered:
    """Return ``edit`` without the lines that both sides begin and end with; blank lines do not count."""
    return _altered(edit, is_redacting())


@lru_cache(maxsize=512)
def _altered(edit: Edit, _: bool) -> Altered:
    """Return what is ``altered``, once for each way in which texts are cut."""
    # A word cut out of its line would not be known as a secret any more.
    texts = (whole(text) if tells_secret(text) else text for text in (edit.old, edit.new))
    old, new = ([line for line in text.split("\n") if line.strip()] for text in texts)
    while old and new and old[0].strip() == new[0].strip():
        del old[0], new[0]
    while old and new and old[-1].strip() == new[-1].strip():
        del old[-1], new[-1]
    before, after = {line.strip() for line in old}, {line.strip() for line in new}
    gone = tuple(line for line in old if line.strip() not in after)
    come = tuple(line for line in new if line.strip() not in before)
    counts = (edit.added, edit.removed) if edit.added or edit.removed else (len(come), len(gone))
    return Altered(edit, gone, come, *counts) if gone or come else Altered(edit, tuple(old), tuple(new), *counts)


def between(edit: Edit) -> str:
    """Return the new lines of ``edit`` and those that stay between them, which say under what they come."""
    text = whole(edit.new) if tells_secret(edit.new) else edit.new
    lines = [line for line in text.split("\n") if line.strip()]
    come = set(altered(edit).new)
    places = [place for place, line in enumerate(lines) if line in come]
    return "\n".join(lines[places[0] : places[-1] + 1]) if places else ""


def change_of(piece: Altered, path: str, near: frozenset[str] = frozenset()) -> tuple[Change, bool]:
    """Return ``piece`` as a change, and whether it defines something."""
    old, new = piece.old, piece.new
    where = (piece.edit.where,) if piece.edit.where else ()
    counts = piece.added, piece.removed
    if len(new) > 1 and (firsts := _firsts_of_order(old, new)):
        return Change(where, firsts[0], f"in another order, now first: {firsts[1]}", *counts), False
    markdown = path.endswith(MARKDOWN)
    defined = definitions_in("\n".join(new), markdown)
    gone = definitions_in("\n".join(old), markdown)
    fresh = [name for name in defined if name not in gone]
    if fresh and len(new) > 1:
        dropped = [name for name in gone if name not in defined]
        # What is new says where it is better than what stands around it.
        return Change((), _names(dropped), _names(fresh), *counts, says=_said_of(fresh[0], new)), True
    if gone and not new and len(old) > 1:
        return Change((), _names(gone), "", *counts), False
    if len(old) == len(new) == 1:
        return Change(where, *_narrowed(old[0], new[0]), 1, 1), False
    long = len(new) > _FEW_LINES and not markdown
    remark = _says(new) if long and not any(_ASSERTS.match(line.strip()) for line in new) else ""
    if remark:
        return Change(where, "", remark, *counts), False
    return Change(where, *_sides(old, new, near, piece.edit), *counts), False


def _firsts_of_order(old: tuple[str, ...], new: tuple[str, ...]) -> list[str]:
    """Return what lines began and begin with that were only put in another order; nothing where more was done."""
    before, after = [it.strip() for it in old], [it.strip() for it in new]
    if before == after or sorted(before) != sorted(after) or not any(map(tells, after)):
        return []
    return [clipped_within(next(filter(tells, side)), SIDE_CHARS) for side in (before, after)]


def _said_of(defined: str, lines: Sequence[str]) -> str:
    """Return what the comment of the definition of that name among ``lines`` says that it does."""
    at = next((at for at, line in enumerate(lines) if defined in line and defined_by(line) == defined), None)
    return says(lines, at).rpartition(f"{defined} ")[2] if at is not None else ""  # before it stands another comment


def _sides(old: tuple[str, ...], new: tuple[str, ...], near: frozenset[str], edit: Edit) -> tuple[str, str]:
    """Return what of the lines before and after an edit tells most of it."""
    fresh_lines, gone_lines = _unlike(new, old)
    if any(map(tells, fresh_lines)):
        gone_lines = tuple(filter(tells, gone_lines))
    elif pair := _small_change(old, new):
        return _narrowed(*pair)
    if old and fresh_lines and not gone_lines:
        return "", _telling(fresh_lines, edit.new, near)
    return _telling(gone_lines or old, edit.old, near), _telling(fresh_lines or new, edit.new, near)


_FEW_LINES = 6
_ASSERTS = lazily(r"(?:assert\b|expect\(|t\.(?:Error|Fatal)f?\(|(?:self|this)\.assert|require\.|assert[.!(])")
COMMENT = lazily(r"\s*(?://|#|/?\*|\"\"\"|--)")
_ACTS = lazily(r"(?:\W*(?:return|raise|throw|if|elif|else if|while|await)\b|.{0,100}?\w\()")
"""A line that does something: a condition, what is returned, a call."""


def _says(lines: Sequence[str]) -> str:
    """Return the first comment among ``lines`` that is a sentence, if it is short; of much code it tells most."""
    told: list[str] = []
    for line in lines[:_COMPARED_LINES]:
        found = _REMARK.match(line)
        if found and (told or (found[2][0].isupper() and found[2].count(" ") >= _SENTENCE_WORDS)):
            told.append(found[2] if told else f"{found[1]} {found[2]}")
        elif told:
            break
    text = as_one_line(" ".join(told))
    if len(text) <= _SAID_CHARS:
        return text
    ended = [it.start() for it in SENTENCE_END.finditer(text) if it.start() <= _SAID_CHARS]
    return text[: ended[0]] if ended else ""


_REMARK = lazily(r"\s*(//+|#|--)\s*(?!nolint|noqa|type:|eslint|TODO\b)([A-Za-z`].*)")
_SENTENCE_WORDS, _SAID_CHARS = 4, 140


def _small_change(old: Sequence[str], new: Sequence[str]) -> tuple[str, str] | None:
    """Return the first line that tells something with what it was before, where it is like a line of ``old``."""
    telling = [it for it in new[:_COMPARED_LINES] if tells(it)]
    return next(((one, it) for it in telling for one in old[:_COMPARED_LINES] if not _unlike((it,), (one,))[0]), None)


def tells(line: str) -> bool:
    """Return whether ``line`` tells something by itself: it is no comment, import or bracket."""
    return not _DULL.match(line.strip())


@lru_cache(maxsize=512)
def _unlike(new: tuple[str, ...], old: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines of ``new`` and those of ``old`` that no line of the other is like, but for a small change.

    Lines are alike that share more than three quarters of their tokens. A line's tokens are bits of a number: of long
    edits every line is compared with every other.
    """
    bits: dict[str, int] = {}

    def counted(line: str) -> tuple[int, int]:
        mask = 0
        for token in TOKEN.findall(line.strip()):
            mask |= bits.setdefault(token, 1 << len(bits))
        return mask, mask.bit_count()

    come, gone = list(map(counted, new)), list(map(counted, old))
    return tuple(_without_like(new, come, gone)), tuple(_without_like(old, gone, come))


def _without_like(lines: Sequence[str], own: list[tuple[int, int]], others: list[tuple[int, int]]) -> Iterator[str]:
    for line, (mask, size) in zip(lines, own, strict=True):
        if not any(
            (mask & other).bit_count() * 4 > max(most, size) * 3
            for other, most in others
            if size * 4 > most * 3 and most * 4 > size * 3
        ):
            yield line


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


_NAMED = 8


def _telling(lines: tuple[str, ...], text: str, near: frozenset[str] = frozenset()) -> str:
    """Return a few short ``lines`` of ``text`` on one, with a mark where others stand between them.

    Else what a test asserts, or that with most names of ``near``; of these it is the first that tells: no comment,
    brace or import line if there is another.
    """
    together = as_one_line(_in_sequence(lines, text)) if len(lines) <= _FEW_LINES else ""
    if 0 < len(together) <= SIDE_CHARS:
        return together
    telling = (it for it in map(as_one_line, lines) if not _DULL.match(it))
    best = max(
        list(islice(telling, _COMPARED_LINES)) or map(as_one_line, lines[:_COMPARED_LINES]),
        key=lambda it: (
            min(2, len(near.intersection(identifiers(it)))) + 3 * bool(_ASSERTS.match(it)) + bool(_ACTS.match(it))
        ),
        default="",
    )
    return best if len(best) <= SIDE_CHARS else f"{whole(best)[:SIDE_CHARS]}…"


def _in_sequence(lines: Sequence[str], text: str) -> str:
    """Return the code of ``lines`` on one, with a mark where ``text`` has other code between two of them."""
    all_code = [line.strip() for line in text.split("\n") if line.strip() and not COMMENT.match(line)]
    told, last = "", -1
    for line in (it.strip() for it in lines if not COMMENT.match(it)):
        at = all_code.index(line, last + 1) if line in all_code[last + 1 :] else last + 1
        between = all_code[last + 1 : at] if told else []
        told = f"{told} {'… ' * any(any(map(str.isalnum, it)) for it in between)}{REMARKED.sub('', line)}"
        last = at
    return told.strip()


REMARKED = lazily(r"(?<=[;,{}\w)\]]) {1,40}(?://|#) (?!no)[^\n\"'`]{0,300}$")
"""A comment behind code, without which the code says the same."""

_COMPARED_LINES = 30
_DULL = lazily(
    r"(?://|#|/?\*|\"\"\"|--|[\W_]*$|import\b|from\b.*\bimport\b|using\b|package\b|\"[\w./-]+\"$"
    r"|(?:const|var|type|val|let|begin|try|do|else|finally|then)\s{0,8}[({]?$)"
)


def prepare_changes(pieces: Sequence[Altered]) -> None:
    """Look for the secrets in the lines of ``pieces`` that ``change_of`` will cut, in all at once."""
    pairs = [(as_one_line(it.old[0]), as_one_line(it.new[0])) for it in pieces if len(it.old) == len(it.new) == 1]
    prepare(line for pair in pairs if len(pair[0]) + len(pair[1]) > SIDE_CHARS for line in pair)


def _narrowed(old: str, new: str) -> tuple[str, str]:
    """Return what differs between two lines, with a word or two of what is around it; short lines whole."""
    one, two = as_one_line(old), as_one_line(new)
    if len(one) + len(two) <= SIDE_CHARS:
        return one, two
    one, two = whole(one), whole(two)
    a, b = TOKEN.findall(one), TOKEN.findall(two)
    first = 0
    while first < min(len(a), len(b)) and a[first] == b[first]:
        first += 1
    last = 0
    while last < min(len(a), len(b)) - first and a[-1 - last] == b[-1 - last]:
        last += 1
    first, last = max(0, first - _AROUND), max(0, last - _AROUND)
    before, after = (_marked("".join(it[first : len(it) - last]).strip(), first > 0, last > 0) for it in (a, b))
    return before, after


_AROUND = 4


def _marked(side: str, cut_before: bool, cut_after: bool) -> str:
    shown = side[:SIDE_CHARS]
    return f"{'…' * cut_before}{shown}{'…' * (cut_after or len(side) > SIDE_CHARS)}"


def added_name(piece: Altered) -> tuple[str, str] | None:
    """Return the one name that was put into a line, as a parameter, argument or field is; None where more changed.

    A line that is new and has a name in a comment alone is told without that.
    """
    old, new = ([line for line in lines if tells(line)] for lines in (piece.old, piece.new))
    if len(new) != 1 or len(old) > 1:
        return None
    if not old and (bare := REMARKED.sub("", new[0]).strip()) != new[0].strip():
        return "", bare
    before, after = (Counts(_NAME.findall(" ".join(lines))) for lines in (old, new))
    if any(count > after[word] for word, count in before.items()):
        return None
    added = [word for word, count in after.items() if count > before[word] and is_code_name(word)]
    return ("", added[0]) if len({it.replace("_", "").lower() for it in added}) == 1 else None


_NAME = lazily(r"[A-Za-z_]\w*")


def change_line(change: Change) -> str:
    """Return a change as one line: where, the old and the new; of one made in many places, these last."""
    where = ", ".join(change.where[:_WHERE]) + (
        f" and {len(change.where) - _WHERE} more" * (len(change.where) > _WHERE)
    )
    if change.old and change.new:
        body = f"{change.old} → {change.new}"
    elif change.new:
        body = f"+ {change.new}"
    else:
        body = f"− {change.old}"  # noqa: RUF001
    if change.times > 1:
        return f"{body} (in {change.times} places: {where})"
    if max(change.added, change.removed) > 1:
        body = f"{body} ({_size(change)})"
    return f"{where}: {body}" if where else body


_WHERE = 6


def new_sides(text: str) -> str:
    """Return changes as ``change_line`` tells them without what stood there before, for which there is no room."""
    return "; ".join(map(_new_side, _BETWEEN.split(text)))


def _new_side(change: str) -> str:
    old, arrow, new = change.partition(" → ")
    heads = _HEADS.match(f"{old} ")
    return f"{heads[0] if heads else ''}→ {new}" if arrow else change


_BETWEEN = lazily(r"; (?=(?:[+\u2212]|edited \S+:|[\w.]+(?:, [\w.]+)*:) )")
_HEADS = lazily(r"(?:edited )?(?:\S+\.mdx?: (?:[^\W\d_][^:\u2192]{1,60}: ){0,2})?(?:[^\s:]+(?:, [^\s:]+)*: )*")
"""What stands between changes, and before the sides of one: the file, the function or the section of a document."""


def _size(change: Change) -> str:
    parts = [f"+{change.added}"] * bool(change.added) + [f"−{change.removed}"] * bool(change.removed)  # noqa: RUF001
    return " ".join(parts)


def lines_of(piece: Altered, part: FilePart) -> set[int]:
    """Return the indexes of the lines of ``part`` that ``piece`` put there."""
    own = part.position == piece.edit.position and not piece.edit.old
    if own and (part.whole or part.lines == tuple(piece.edit.new.split("\n"))):
        return {at for at, line in enumerate(part.lines) if line.strip()}
    places = _places(part.lines)
    wanted = dict.fromkeys(line.strip() for line in piece.new)  # in order: the same anchor in every run
    head, cut, tail = (it.strip("\n").split("\n") for it in _halves(piece.edit.new))
    first, last = _at(head, part.lines, places), _at(tail, part.lines, places)
    if first is not None and last is not None and (cut != [""] or last == first):
        inside = range(first, last + len(tail))
        return {at for at in inside if part.lines[at].strip() in wanted or cut != [""]}
    anchors = [it for it in wanted if len(places.get(it, ())) == 1]
    if not anchors:
        return set()
    start, reach = places[max(anchors, key=len)][0], max(len(head) + len(tail), piece.added)
    around = range(max(0, start - reach), min(len(part.lines), start + reach))
    return {at for at in around if part.lines[at].strip() in wanted and part.lines[at].strip()}


def _halves(new: str) -> tuple[str, str, str]:
    """Return what was put in before and behind the mark of what is left out; the same twice where there is none."""
    found = CUT.search(new)
    return (new[: found.start()], found[0], new[found.end() :]) if found else (new, "", new)


@lru_cache(maxsize=64)
def _places(lines: tuple[str, ...]) -> dict[str, list[int]]:
    """Return where each line stands, but for its indentation."""
    places: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        places.setdefault(line.strip(), []).append(at)
    return places


def _at(wanted: list[str], lines: tuple[str, ...], places: dict[str, list[int]]) -> int | None:
    """Return where the ``wanted`` lines stand together, None where they do not."""
    for at in places.get(wanted[0].strip(), ())[:_MOST_STARTS]:
        if [it.strip() for it in lines[at : at + len(wanted)]] == [it.strip() for it in wanted]:
            return at
    return None


_MOST_STARTS = 200
