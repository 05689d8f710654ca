"""The lines that tell the requests, before what came of each: the latest whole, what binds uncut, others shortly."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.commands.outputs import telling_lines
from handoff_cli.documents.extract.commands.reasons import LINE_BREAK
from handoff_cli.documents.extract.commands.told_commands import told_command
from handoff_cli.documents.extract.language.findings import CAUSE
from handoff_cli.documents.extract.language.picks import labels_in
from handoff_cli.documents.extract.language.prose import LEFT_OUT, typed_lines
from handoff_cli.documents.extract.language.words import SENTENCE_END, as_one_line, clipped, clipped_within, ending
from handoff_cli.documents.extract.requests.accounts import ITS_STEPS
from handoff_cli.documents.extract.requests.lasting import is_firm, lasting
from handoff_cli.documents.extract.requests.pasted_logs import in_few, without_frames
from handoff_cli.documents.parts.pieces import MUST, SOON
from handoff_cli.documents.parts.priorities import FEW_REQUESTS, goal_is_asked, parent_is_asked
from handoff_cli.documents.parts.wording import beginning_of, by_whom

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.facts import Request
    from handoff_cli.documents.extract.failed import Refused
    from handoff_cli.documents.extract.story import Story

_IN_FULL, _SHORT_CHARS, _ENDS = 1_500, 240, (90, 90)
"""About so many characters of the latest requests stand at once: each whole up to a length, of others both ends, which
have what is wanted and what binds."""

_WHOLE_CHARS, _WHOLE = 480, -0.888
"""Up to this length they stand whole, the longer ones after what was found for each."""

_NAMED, _PAST = 24, -0.5
"""So many of the latest requests are always named, and told in more words where they bind and are not too many; the
order of those before a compaction, each in a few words."""

LATEST, _FEW_CHARS = 3, 120
"""So many of the latest requests are named though nothing came of them; where all are, in so many characters."""

NOTHING, OF_FIRST = 99.0, -0.55
"""The place of what came of a request where nothing is told of it, and of what came of the first request."""

_PASTED = lazily(r"(?:[^(){};=<>]{0,60}[(){};=<>]){5}")
"""How a request begins that was pasted: what is meant stands at its end."""

OTHER_WORK = caseless(
    r"(?:\b[a-z][a-z0-9]{1,9}-\d{1,6}|#\d{1,6})\b[^.!?]{0,40}\b(?:later|separate|own)\b|\blater\b"
    r"|\bdo ?n['\u2019]?o?t touch\b|\bleave (?:that|it|this|them) out\b|\bnot here\b|\bown ticket\b"
)
"""What a request says that is of use to others than the one at work: what is put off, or to be left alone."""

_BEGINS_WITH_ITEM = lazily(r"#?\d{1,2}, [^.!?;]{1,40}(?:[.!?;]|$)")
"""How a request begins that picks an item by its number and says more, in small letters too."""


def told_at_once(requests: tuple[Request, ...]) -> set[int]:
    """Return the numbers of the latest of ``requests`` that stand with both their ends at once, but for pasted text."""
    told, room = set[int](), _IN_FULL
    for it in reversed(requests[1:-1]):
        room -= min(len(it.text), _WHOLE_CHARS)
        if room < 0:
            break
        within = len(it.text) > _WHOLE_CHARS and "://" in it.text  # an address counts for more than the end
        if not (within or _PASTED.match(as_one_line(it.text))):
            told.add(it.number)
    return told


def standing_whole(requests: tuple[Request, ...]) -> set[int]:
    """Return the numbers of those of ``requests`` of which the story or the goal surely has all that was typed."""
    known = told_at_once(requests) | {it.number for it in (*requests[:1], *requests[-1:])}
    return {it.number for it in requests if it.number in known and len(it.text) <= _SHORT_CHARS}


def surely_shown(requests: tuple[Request, ...], number: int, words: str) -> bool:
    """Return whether ``words`` of the request of that ``number`` surely stand in the story: in all, or in its ends."""
    if number in standing_whole(requests):
        return True
    text = next((as_one_line(it.text) for it in requests if it.number == number), "")
    return number in told_at_once(requests) and any(words in it for it in (text[: _ENDS[0]], text[-_ENDS[1] :]))


def line_of(story: Story, request: Request, told: float, came: bool, at_once: bool) -> Iterator[tuple[float, str]]:
    """Yield the forms of a request's line, ``told`` being the order of what came of it; two stand whole elsewhere.

    Of these a line is there only where something is told below it. Of others that do not bind it comes late unless
    something ``came`` of them: a later one took their place. One that is to stand ``at_once`` has both its ends.
    """
    if any(it is request for it in _shown_above(story)):
        yield from _by_number(story, request, told)
        return
    if request.by and not (request.rule or request.meant) and _says_little(request.text):
        yield 20.0 + story.requests[-1].number - request.number, f"{request.number}: {by_whom(request, request.text)}"
        return
    telling = without_frames(request.text)
    pasted = telling != request.text
    typed, first = (in_few(telling, _WHOLE_CHARS), "") if pasted else _typed_in(request.text)
    text = by_whom(request, as_one_line(f"{typed.removesuffix(LEFT_OUT)} {first}" if first else typed))
    no = _with_what_it_refused(story, request) + _CUT_SHORT * request.cut_short
    after = f" [{request.times} times]" if request.times > 1 else ""
    over = f"; {_TOOK_ANOTHER.format(request.overruled)}" * bool(request.overruled)
    after += f" (that is: {request.meant}{over})" if request.meant else ""
    after += f" (asked: {request.question})" if request.question else ""
    after += no
    age, rule = story.requests[-1].number - request.number, request.rule
    rules = lasting(typed) if rule else ()
    firm = [as_one_line(it) for it in rules if is_firm(it)]
    but = f", but for what {request.rued} takes back" if request.rued else ""
    some = not request.withdrawn and sum(map(len, rules)) < _ALL_OF_IT * len(typed)
    holds = f" ({'its rules hold' if some or request.overruled else 'still holds'}{but})" * bool(rules)
    head, few = f"{request.number}{holds}:", len(story.requests) <= FEW_REQUESTS
    if request.past:
        order = (
            _BINDS if rule and age < _STILL_HELD else min(told, _PAST + age / 1_000 if age < _NAMED else 1.5 + age / 8)
        )
        yield order, f"{head} {beginning_of(text, _SHORT_CHARS if few else 90 if rule else 48)}"
    sizes = (62, 100) if _PASTED.match(text) else (90, 140) if pasted else (90, 80) if few else (62, 0)
    decides = bool(request.by and request.meant)
    least = _SHORT_CHARS if decides or OTHER_WORK.search(text) else _FEW_CHARS if few else 62
    short = beginning_of(text, *sizes) if pasted or (rule and age < _NAMED) else beginning_of(text, least)
    short = beginning_of(text, *((_SHORT_CHARS, 0) if len(text) <= _SHORT_CHARS else _ENDS)) if at_once else short
    short = with_rules(short, text, [*map(as_one_line, rules)]) if firm or (rules and not few) else short
    if request.withdrawn:
        rest, kept = "the rest " * bool(rules), " \u2026 ".join(map(as_one_line, rules)) or short
        words = clipped(as_one_line(request.withdrawn), 60)
        order = MUST if rules or came else min(told, 0.5 + age)
        yield order, f"{head} {kept} ({rest}taken back: \u201c{words}\u201d)"
        return
    told_of = came or rule or decides or age < LATEST or few or at_once or bool(OTHER_WORK.search(text))
    always = (age < _NAMED or firm or decides or (rules and request.by)) and not request.past and told_of
    if not (always or request.past) and age < _NAMED:
        yield min(told, _PAST + age / 1_000), f"{head} {beginning_of(text, 48)}"
    late = min(told, _CAUSE if request.by and CAUSE.search(text) else 0.5 + age)
    named = _aside(request, text, few, at_once) + no
    yield (MUST - 0.1 * bool(firm) - 0.05 * bool(rules) if always else late), f"{head} {short}{named}"
    if at_once and len(text) <= _WHOLE_CHARS:
        yield _WHOLE, f"{head} {text}{named}"
    yield 2.0 + age / 4 if after else 6.0 + age, f"{head} {short}{after}"
    if not rule:
        yield 6.0 + age / 4, f"{head} {beginning_of(text, 90)}{after}"
    yield 10.0 + age, f"{head} {beginning_of(text, 400)}{after}"
    yield 40.0 + age, f"{head} {text}{after}"


_CAUSE, _ALL_OF_IT = 0.4, 0.6
"""Where one of several people tells a cause, before the others say what they do; the share of what was typed that is
rules where all of it holds on."""


def _says_little(text: str) -> bool:
    """Return whether what one of several people said is a nod or a bare question: of a chat these are many."""
    return len(text) <= _NOD_CHARS and not (_DECIDES.search(text) or CAUSE.search(text))


_NOD_CHARS = 16
_DECIDES = caseless(
    r"[\d`/@#]|\w[._]\w|\b[a-h]\b|\b(?:no|nope|not|nein|nicht|nee|non|pas|n\xe3o|stop|undo|revert|don['\u2019]?t|wait|hold"
    r"|cancel|drop|delete|remove|keep|use|take|go with|ship|merge|deploy|skip|roll ?back|option|first|second|third|last"
    r"|warte\w*|nimm|nehm\w*|behalt\w*|l\xf6sch\w*|weg|usa|usamos|quita\w*|deja\w*|garde\w*|prend\w*|attends|espera)\b"
)
"""What even few words have that name something, choose or turn down."""


_CUT_SHORT = " (interrupted: no file was edited for it)"


def _typed_in(text: str) -> tuple[str, str]:
    """Return what was typed of a request, all where nothing is known to be, and what tells most of what it leads to."""
    typed = "\n".join(typed_lines(text, listed=True)) or text
    return typed, _first_pasted(text, typed)


def _first_pasted(text: str, typed: str) -> str:
    """Return the line that tells most of what a request was pasted that only leads up to it; empty for others."""
    if not typed.rstrip().removesuffix(LEFT_OUT).endswith(":"):
        return ""
    known = set(typed.split("\n"))
    pasted = "\n".join(it for it in text.split("\n") if it.strip() and it.strip() not in known)
    told = telling_lines(pasted, _PASTED_CHARS * 2).split(LINE_BREAK)[0] if pasted else ""
    return clipped_within(told, _PASTED_CHARS)


_PASTED_CHARS = 100


def _shown_above(story: Story) -> tuple[Request, ...]:
    """Return the requests that stand whole with the goal."""
    first = story.requests[:1] if goal_is_asked(story) else ()
    parent = story.part_of if parent_is_asked(story) else None
    return (*first, story.requests[-1], *filter(None, (parent, story.amid)))


def _by_number(story: Story, request: Request, told: float) -> Iterator[tuple[float, str]]:
    """Yield the line of a request that stands above: where something is told below it."""
    latest, first = story.requests[-1], story.requests[0]
    asked_first = request is first and goal_is_asked(story)
    which = "the latest request, " if request is latest else "the first request, " if asked_first else ""
    few_words = f"{as_one_line(request.text)} " if len(request.text) <= _IN_FEW_WORDS else ""
    if told < NOTHING:
        yield min(told, OF_FIRST) if asked_first else told, f"{request.number}: {few_words}({which}above)"


_TOOK_ANOTHER = "request {} took another"


def _aside(request: Request, text: str, few: bool, at_once: bool) -> str:
    """Return what a request means by a number, a letter or a yes, and which one took another of the same options.

    Of what answers a question in a dialogue that is the question.
    """
    if request.question and not request.meant:
        return f" (asked: {clipped(request.question, _CHOSEN // 2)})"
    if not (request.meant or request.overruled):
        return ""
    begun = SENTENCE_END.split(text)[0]
    picks = few or labels_in(text)[0] or len(begun) <= _IN_FEW_WORDS or _BEGINS_WITH_ITEM.match(text)
    size = _CHOSEN // 2 if request.overruled or not (at_once or "; " in request.meant) else _CHOSEN
    meant = clipped(request.meant, size) if picks else ""
    told = (f"that is: {meant}" * bool(meant), _TOOK_ANOTHER.format(request.overruled) * bool(request.overruled))
    return f" ({'; '.join(filter(None, told))})" if any(told) else ""


def refused_with(story: Story) -> dict[int, Refused]:
    """Return the calls that the user refused or stopped, by the number of the request that stands whole and said so."""
    calls = [it for it in story.dead_ends.refused if it.words and not it.proposed]
    at_once = told_at_once(story.requests) if calls else ()
    whole = {it.number: as_one_line(it.text) for it in story.requests if it.number in at_once}
    found = ((no, next((at for at, text in whole.items() if text.startswith(no.words)), 0)) for no in calls)
    return {at: no for no, at in found if at}


def _with_what_it_refused(story: Story, request: Request) -> str:
    refused = refused_with(story).get(request.number)
    how = "stopping" if refused and refused.stopped else "refusing"
    what = request.refuses or (refused.what if refused else "")
    return f" (on {how}: {told_command(what, _REFUSED_CHARS)})" if what else ""


_REFUSED_CHARS = 90


_RULES_CHARS = 420


def with_rules(short: str, text: str, rules: list[str], begins: int = 62, most: int = _RULES_CHARS) -> str:
    """Return the ``short`` form of ``text``, or where it cuts one of its ``rules``, how it ``begins``, and these.

    Where ``short`` has the end of ``text``, it stands behind them. Rules of more than ``most`` characters are too many.
    """
    ruled = " … ".join(rules)
    if all(it in short for it in rules) or len(ruled) > most:
        return short
    before = text[: text.find(rules[0])].rstrip()
    begun = beginning_of(before, begins).rstrip("…")
    told = f"{begun}{'…' * (begun != before)} {ruled}" if begun else ruled
    size = len(short.rpartition("… ")[2]) if "… " in short else 0
    rest = text[text.rfind(rules[-1]) + len(rules[-1]) :].strip() if size and rules[-1] in text else ""
    return f"{told} {rest if len(rest) <= size else f'… {ending(rest, size)}'}".rstrip()


_CHOSEN = 130
"""About so many characters tell what a request picked by its number or letter, in a short session."""

_IN_FEW_WORDS, _STILL_HELD, _BINDS = 40, 10, SOON - 0.1
"""So many of the last requests before a compaction stand early where they bind: before more of an answer."""


def steps_of_command(story: Story) -> str:
    """Return the steps of the slash command that the latest request is, in a line; empty where it is none."""
    called = story.latest.startswith("/")
    return next((it for it in story.orders if called and it.startswith(ITS_STEPS)), "")


def prose_ordered(story: Story) -> str:
    """Return what is to be written for the latest request by its words, where no file is named for it and none edited.

    Empty where it orders no prose: then the request alone tells.
    """
    if story.changed.acted or story.task.to_write:
        return ""
    found = next(iter([*_TO_PREPARE.finditer(as_one_line(story.latest))][-1:]), None)
    return f"What it wants in the end: {found[0].rstrip(' ,;:')}" if found else ""


_TO_PREPARE = lazily(
    r"(?i)(?:(?<=[.!?:;,] )|(?<=\band )|(?<=\bthen )|(?<=\bto )|(?<=\bplease )|(?<=\byou )|^)"
    r"(?<!not to )(?<!n't to )(?<!no need to )(?<!n't need to )"
    r"(?:prepare|draft|compose|write up|summari[sz]e) (?!for\b|to\b)[^.!?;\n]{12,200}"
)
