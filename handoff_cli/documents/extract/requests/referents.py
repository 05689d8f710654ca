"""What a reply refers to: the message it answers, what of it the reply takes up, and that in few lines."""

from __future__ import annotations

from itertools import takewhile

from handoff_cli.core.patterns import IGNORECASE, caseless, lazily
from handoff_cli.documents.extract.language.agreements import AGREED, GO_AHEAD, SHORT_CHARS, is_bare
from handoff_cli.documents.extract.language.chosen import chosen_item
from handoff_cli.documents.extract.language.findings import subject_of
from handoff_cli.documents.extract.language.objections import PROPOSES, offer_in, offers_work, stems
from handoff_cli.documents.extract.language.prose import prose_of, typed_lines
from handoff_cli.documents.extract.language.shortened import outline
from handoff_cli.documents.extract.language.words import (
    ASKING,
    bare,
    clipped,
    ends,
    identifiers,
    plain,
    sentences,
    words_of,
)
from handoff_cli.documents.extract.requests.agreed_list import agreed_items, left_out_after, points_back, up_to
from handoff_cli.documents.extract.requests.choices import OFFERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from handoff_cli.core.transcript import Message, ToolCall, Transcript
    from handoff_cli.documents.extract.facts import Request
    from handoff_cli.documents.extract.requests.still_open import StillOpen

_NUMBERS = lazily(r"(?<![\w.])#?(\d{1,2})(?![\w%]|\.\d)")
_LETTERS = lazily(r"\b(?:option|variant|approach|plan|choice)\s+([A-Za-z])\b", IGNORECASE)
_ITEM = lazily(
    r"^\W{0,6}(?:(?:(?:option|step|phase|issue|problem|item|approach|task|fix|variant)\s+#?|#)(\d{1,2}|[A-Z])(?=[.):\s*]+\S)"
    r"|(\d{1,2}|[A-Z])(?=\s?[.):*|\u2013\u2014-][.):*\s]*\S))",
    IGNORECASE,
)
"""The label of an item; a number with nothing behind it (``2 files``) only counts."""


def names_item(words: str) -> bool:
    """Return whether a short reply may name an item by its number or letter."""
    return len(words) <= _REPLY_CHARS and bool(_NUMBERS.search(words) or _LETTERS.search(words))


def _named_in(reply: str) -> set[str]:
    """Return the numbers and letters by which ``reply`` may name items, without those that it turns down for others."""
    named = {*_NUMBERS.findall(reply), *map(str.upper, _LETTERS.findall(reply))}
    turned_down = {before or after for before, after in _TURNED_DOWN.findall(reply)} if len(named) > 1 else set()
    return named - turned_down or named


_TURNED_DOWN = lazily(
    r"(?<![\w.])(\d{1,2})(?:(?::| is| are)? ?(?:no|nope|nein|non|out)(?=\s*(?:[,;.!)]|$|(?:and|but|und|aber)\b))"
    r"|(?::| is| are)? not\b(?! (?:a problem|out of|only|yet|fixed|done|\d))"
    r"| (?:isn|doesn|won)['\u2019]?t\b(?! (?:fixed|done))| can['\u2019]?t(?=\s*(?:[,;.!)]|$))"
    r"| (?:geht|passt|kommt) nicht\b| f\xe4llt (?:aus|weg)\b"
    r"| ?\u306f[^\u3002\n\d]{0,60}?(?:\u4e0d\u63a1\u7528|\u5374\u4e0b|\u4e0d\u8981|\u3060\u3081|\u30c0\u30e1"
    r"|\u7121\u7406)|\u4e0d\u884c)"
    r"|\b(?:not?|no need for|nicht|pas|kein[es]?)(?: (?:option|variante?|number|nummer))? (\d{1,2})(?![\w%]|\.\d)",
    IGNORECASE,
)


def _labels_of(line: str) -> set[str]:
    """Return the number or letter that ``line`` begins with, and that behind it: of "1. Option B: ..." both."""
    found = filter(None, map(_ITEM.match, (line.strip(), plain(line))))
    return {(it[1] or it[2]).upper() for it in found}


def answered_by(transcript: Transcript) -> Message | None:
    """Return the message of the agent's that the latest request answers, None where there is none before it.

    What an earlier request came after is answered by that, if the agent worked on since.
    """
    asked = transcript.asked_at
    typed = transcript.typed_at
    before = [it for it in transcript.messages if it.role == "assistant" and it.position < typed]
    before = [it for it in before if not points_back(it.text)] or before
    if not before:
        return None
    answers = next((it for it in asked if it > before[-1].position), asked[-1])
    worked_on = answers < asked[-1] and any(answers < it.position < asked[-1] for it in transcript.tool_calls)
    return None if worked_on else before[-1]


def _calls_between(answered: Message, asked: Message, transcript: Transcript) -> list[ToolCall]:
    return [it for it in transcript.tool_calls if answered.position < it.position < asked.position]


def referent(
    transcript: Transcript, still_open: StillOpen, refuses: bool = False, job: Request | None = None
) -> str | None:
    """Return the message that the latest request, or the ``job`` it only limits, answers; None for no such words.

    A short one answers, or a longer one where the message ends in a question or a proposal.
    One that it only came after counts where both share a few long words, or it is short and they share one. What
    ``refuses`` a call is about that, and not about words that the agent worked on after; so is what waited.
    """
    transcript = up_to(transcript, job)
    asked = next((it for it in reversed(transcript.messages) if it.role == "user"), None)
    last, answered = asked.text.strip() if asked else "", answered_by(transcript)
    if refuses and answered and asked and len(_calls_between(answered, asked, transcript)) > 1:
        return None
    text = still_open.marked(answered.text.strip(), answered.position) if answered else ""
    if not text or not last or (asked and answered and _worked_on(answered, asked, transcript)):
        return None
    if asks_on(last, text) and asked and all(it.position < asked.position for it in transcript.edits):
        return ends(text, _MOST_CHARS)
    if len(last) > SHORT_CHARS and not (chosen_item(last, text) or _is_put(text, last)):
        return None
    shared = sum(len(it) >= _NEAR_WORD for it in words_of(last) & words_of(text))
    near = shared > 1 or (shared and len(text) <= ASIDE_CHARS)
    return ends(text, _MOST_CHARS) if near or refers(last, text) else None


def _worked_on(answered: Message, asked: Message, transcript: Transcript) -> bool:
    """Return whether the agent had said something, asked nothing and worked on, as what waited was typed."""
    calls = _calls_between(answered, asked.replace(position=asked.typed), transcript)
    return bool(asked.typed and calls) and not answered.text.rstrip("*_ `\n").endswith(ASKING)


def _is_put(text: str, reply: str) -> bool:
    """Return whether ``text`` ends by asking or proposing something, and ``reply`` is of a few sentences.

    What the reply takes up by its words was proposed, in whatever words. What asks
    for something itself and shares none with a question is of another matter.
    """
    end = sentences(text.rstrip("*_ `\n")[-_END_CHARS:])[-1:]
    if not end or len(reply) > _REPLY_CHARS:
        return False
    taken_up = sum(len(it) >= _NEAR_WORD for it in (words_of(reply) & words_of(end[0])) - _IN_QUESTIONS)
    if end[0].endswith(ASKING):
        return bool(taken_up or GO_AHEAD.match(reply)) or not _ASKS_ITSELF.search(reply)
    return taken_up > 1 or bool(PROPOSES.search(end[0]))


def asks_on(reply: str, text: str) -> bool:
    """Return whether ``reply``, of a few sentences, asks further about what ``text`` told, by the words of both.

    An order that is put as a question asks for nothing of it.
    """
    if not SHORT_CHARS < len(reply) <= _REPLY_CHARS or not reply.rstrip().endswith(ASKING) or _ORDERS.search(reply):
        return False
    typed = words_of("\n".join(typed_lines(reply)))
    return sum(len(it) >= _NEAR_WORD for it in typed & words_of(prose_of(text)) - _IN_QUESTIONS) >= _ASKED_ON


_ASKED_ON = 3
_ORDERS = caseless(r"\b(?:please|pls|bitte|por favor|s'il (?:te|vous) pla[i\xee]t|(?:can|could|would|will) you)\b")
_REPLY_CHARS, _END_CHARS = 400, 600
_IN_QUESTIONS = frozenset(("would", "could", "should", "want", "like", "have", "this", "that", "make", "prefer"))
_ASKS_ITSELF = caseless(r"\b(?:can|could|would) you\b|\?\W*$")
_MOST_CHARS, _NEAR_WORD, ASIDE_CHARS, TAKEN_UP = 16_000, 4, 450, 700


def refers(reply: str, text: str) -> bool:
    """Return whether ``reply`` says what it means only together with ``text``: it agrees, points, or names of it.

    So does one that says word for word what ``text`` offers, and an answer to a question.
    """
    if text.rstrip("*_ `\n").endswith(ASKING) or GO_AHEAD.match(reply) or is_bare(reply) or _POINTS.search(reply):
        return True
    if len(reply) >= _NEAR_WORD and (" " in reply or not reply.isascii()) and reply in text:
        return True
    wanted = _named_in(reply)
    if wanted and any(wanted & _labels_of(line) for line in text.split("\n")):
        return True
    return len(subject_of(reply) & subject_of(text)) >= _SHARED or bool(chosen_item(reply, text))


_POINTS = caseless(
    r"^(?:yes|yep|yeah|ok(?:ay)?|sure|no|nope|both|neither|all|none|why|how come|and|but|so)\b"
    r"|\b(?:it|this|that|these|those|them|they|both|the same|first|second|third|last|option)\b"
    r"|^(?:please |can you |now |then )*(?:compare|again|also|instead|add|more|rather|try|use|make|explain)\b"
    r"|\b(?:too|as well)\W*$|^(?:good|nice|great) (?:catch|point|idea|find|call)\b|^(?:what|how) about\b"
    r"|^(?:please |can you |now |then )*(?:update|adjust|rewrite|revise|document|record|write|save|put|note|reflect)\b"
    r"[^!?\n]{0,60}\b(?:docs?|document\w*|plan|spec|specs|design|read ?me|notes?|[\w-]+\.(?:md|txt)|ticket|issue"
    r"|description|changelog|memory)\b"
)
_SHARED = 2


def says_itself(reply: str, text: str) -> bool:
    """Return whether ``reply`` says in words of its own what it is about, and chooses or grants nothing of ``text``.

    Of what it came after only that matters which has these words.
    """
    grants = GO_AHEAD.match(reply) or AGREED.match(reply) or is_bare(reply) or names_item(reply)
    if grants or chosen_item(reply, text) or text.rstrip("*_ `\n").endswith(ASKING):
        return False
    return len(subject_of(reply)) >= _OWN_SUBJECT


_OWN_SUBJECT = 4


def gist(text: str, reply: str) -> str:
    """Return in one line what ``reply`` answers in ``text``: the items it names, else proposal and question."""
    wanted = _named_in(reply)
    text = prose_of(text)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    items: dict[str, str] = {}
    for line in lines:
        for label in wanted & _labels_of(line):
            # Of several lists the last one counts, and one of options before any other.
            if label not in items or _PROPOSES.search(line) or not _PROPOSES.search(items[label]):
                items[label] = plain(line)
    told = sentences(text)
    asked = [
        f"{before} {it}".strip() if len(it) <= _BARE_QUESTION else it
        for before, it in zip(["", *told], told, strict=False)
        if it.endswith(ASKING) and not OFFERS.search(it)
    ]
    if not items and _ACCEPTS.match(reply) and (not asked or offers_work(asked[-1])):
        return clipped(asked[-1] if asked else offer_in(text, reply), 160)
    if items or not asked:
        return " / ".join(clipped(it, 160) for it in list(items.values())[:3])
    before = text.rpartition(asked[-1])[0].split("\n")
    proposed = [plain(line) for line in before if _PROPOSES.search(line)]
    return " / ".join(clipped(it, 160) for it in (*proposed[-1:], asked[-1]))


_BARE_QUESTION = 16
"""About the characters of a question ("OK?") that says nothing without the sentence before it."""

_ACCEPTS = caseless(r"\W*(?:yes|yep|yeah|ok(?:ay)?|sure|fine|good|agreed|do (?:it|that|so))\b")

_PROPOSES = caseless(r"\b(?:recommend\w*|best|propos\w+|solution|suggest\w*|approach|option|the fix|the plan)\b")


def taken_up(text: str, reply: str, size: int) -> str:
    """Return in about ``size`` characters what of ``text`` somebody needs who answers ``reply``, or was asked by it."""
    return outline(prose_of(text), size) if asks_on(reply, text) else condensed(text, reply, size)


def condensed(text: str, reply: str = "", size: int = 2_400) -> str:
    """Return what of ``text`` somebody who answers ``reply`` needs: items it names, questions, names; else its ends."""
    raw = [line.strip() for line in prose_of(text).split("\n") if bare(line)]
    lines = [bare(line) for line in raw]
    whole = "\n".join(lines)
    if len(whole) <= size:
        return whole
    wanted = _named_in(reply)
    names = set(identifiers(reply))
    below, about, agrees = _below(raw, wanted), subject_of(reply), bool(_AGREES.match(reply))
    worth = [
        _worth(raw, index, wanted, names)
        + 4.0 * (index in below)
        + 2.5 * (agrees and index == len(lines) - 1)
        + min(_MOST_SHARED, len(about & subject_of(line)))
        for index, line in enumerate(lines)
    ]
    items = agreed_items(raw) if agrees else ()
    for index in items:  # it was agreed to all of them
        lines[index] = clipped(lines[index], max(_ITEM_CHARS, size // (2 * len(items))))
    kept, left = set(items), size - sum(len(lines[index]) + 3 for index in items)
    for index in sorted(range(len(raw)), key=lambda index: (-worth[index], index)):
        if index not in kept and len(lines[index]) < left:
            kept.add(index)
            left -= len(lines[index]) + 3
    kept -= {index for index in kept if lines[index].endswith(":") and index + 1 not in kept}
    kept -= {index for index in kept if _heads_nothing(raw, index, kept)}
    shown = [
        f"{'… ' if index and index - 1 not in kept else ''}{lines[index]}{left_out_after(raw, index, kept)}"
        for index in sorted(kept)
    ]
    return "\n".join(shown) or ends(whole, size)


_MOST_SHARED, _ITEM_CHARS = 4, 60
_AGREES = caseless(r"\W*(?:yes|yep|ok(?:ay)?|sure|fine|agreed|(?:good|nice|great) (?:catch|point|idea|find|call))\b")
"""How a reply begins that agrees: mostly to what the words end with."""


def fewer_changes(text: str, request: str, edited: AbstractSet[str]) -> str:
    """Return an account of work with the first item of each list of what was changed, and those that say more.

    Those say more that no edit tells, as they and what they stand below name no file or code that was ``edited``, and
    those that the ``request`` shares words with. The edits tell the others; ``…`` stands for them.
    """
    kept: list[str] = []
    over: list[tuple[int, bool]] = []  # how deep what an item stands below is, and whether the edits tell of it
    depth, above, about = 0, -1, stems(request)
    for line in filter(str.strip, text.split("\n")):
        level, item = len(line) - len(line.lstrip("#")), _LISTED.match(line)
        if _HEADS_CHANGES.match(line):
            depth = level or _BOLD
        elif 0 < level <= depth or (depth == _BOLD and not item):
            depth = 0
        indent = len(item[1]) if item else -1
        over = [it for it in over if it[0] < indent]
        told = any(it[1] for it in over) or not edited.isdisjoint(_NAMED.findall(line))
        over.append((indent, told))
        fewer = depth and item and indent == above and told and about.isdisjoint(stems(line))
        if not fewer or _SAYS_MORE.search(line):
            kept.append(line.rstrip())
        elif not kept[-1].endswith(_MORE):
            kept[-1] += _MORE
        above = indent
    return "\n".join(kept)


_BOLD, _MORE = 7, " …"
"""The level of a heading that is a bold line (its section ends with the list below it), and what items end with."""
_HEADS_CHANGES = caseless(
    r"(?:#{1,6} |\*\*)\W*(?:(?:all|code|key|main|overview of|summary of) )*(?:the )?"
    r"(?:(?:changed|modified|new|updated) files?|changes(?: made)?|what (?:i |was )?(?:changed|did|done)"
    r"|(?:files?|tests?) (?:added|changed|created|edited|modified|moved|touched|updated))\W*$"
)
_NAMED = lazily(r"[\w-]+(?:\.[\w-]+)*")
_LISTED = lazily(r"(\s*)(?:[-*\u2022]|\d{1,2}[.)]) +\S")
_SAYS_MORE = caseless(
    r"\?\W{0,3}$|\b(?:because|instead of|not (?:yet|done)|open|remain\w*|skipped|still|todo|untouched|why)\b"
)


def _heads_nothing(lines: list[str], index: int, kept: set[int]) -> bool:
    """Return whether a line is a heading without a label, and nothing below it is ``kept`` up to the next heading."""
    if not lines[index].startswith("#") or _labels_of(lines[index]):
        return False
    own = takewhile(lambda at: not lines[at].startswith("#"), range(index + 1, len(lines)))
    return kept.isdisjoint(own)


def _below(lines: list[str], wanted: set[str]) -> set[int]:
    """Return the places of the lines that stand below a heading or a bold line which is a ``wanted`` item."""
    below: set[int] = set()
    inside = False
    for index, line in enumerate(lines):
        if line.startswith(("#", "**")):
            inside = bool(wanted & _labels_of(line))
        elif inside:
            below.add(index)
    return below


def _worth(lines: list[str], index: int, wanted: set[str], names: set[str]) -> float:
    """Return how much a line of a message tells to somebody who reads the reply to it."""
    line = lines[index]
    labels = _labels_of(line)
    worth = 6.0 * bool(wanted & labels)
    worth += 4.0 * line.rstrip("*_ ").endswith(ASKING)
    worth += 1.0 * bool(labels) + 0.5 * line.lstrip().startswith(("#", "**"))
    worth += 2.0 * (index >= len(lines) - 3) + 1.5 * (index == 0)
    worth += 0.6 * min(3, len(identifiers(line))) + 2.0 * bool(names.intersection(identifiers(line)))
    return worth - 2.0 * line.lstrip().startswith("|--")
