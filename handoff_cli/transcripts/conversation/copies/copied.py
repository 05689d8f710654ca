"""Texts whose layout alone tells who speaks, as lines that name the speakers: chats, pages with buttons, mails.

It is looked at the beginning of each piece; whatever is no such copy goes through as it is.
"""

# ruff: noqa: RUF001 (signs as they stand in chats)
from __future__ import annotations

from itertools import chain, islice

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.copies import (
    agent_screen,
    aider_screen,
    comments,
    goose_screen,
    letters,
    panel_work,
    request_logs,
    titled_frames,
    unnamed,
    vertical_dots,
)
from handoff_cli.transcripts.conversation.copies.chats import Chats
from handoff_cli.transcripts.conversation.copies.heads import Heads
from handoff_cli.transcripts.conversation.copies.screen_feet import without_foot
from handoff_cli.transcripts.conversation.marks.asked import starts_agent
from handoff_cli.transcripts.conversation.marks.speakers import (
    ALONE,
    ASSISTANT,
    DAY,
    DECORATED,
    TIME,
    TOOL,
    USER,
    mark_in,
    role_of,
)
from handoff_cli.transcripts.tagged import in_tags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

_LOOKED_AT = 400
"""A copy shows what it is within so many lines."""

_MOST_LINES = 20_000
"""No longer thread of mails is put in order."""

_STAMP_CHARS = 40
_STAMP = compiled(rf"(?:[—–|·•] ?)?{DAY}{TIME}")
_CLOCK = compiled(r"\d{1,2}:\d\d(?: ?[AaPp][Mm])?")
_NAME = compiled(r"[^\W\d_][\w.@'-]*(?: [\w.@'()-]+){0,3}")
_REACTION = compiled(r"(?::[a-z0-9_+-]{2,30}:)+")
_SPACES, _DASHES = " \t\xa0", "—–|·• "
_BADGES = ("APP", "BOT", "app", "bot", "BOT✔")
_BUTTON = {"Edit": ASSISTANT, "Retry": USER}
"""The buttons below what was said, and who speaks after them."""

_ASIDES = ("Copy", "Share", "Good response", "Bad response", "Give positive feedback", "Give negative feedback")
_WHEN = compiled(
    rf"{DAY}(?:{TIME})?|[A-Z][a-z]{{2,8}}\.? \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}}\.? [A-Za-zéû]{{3,9}}\.?(?: \d{{4}})?"
)


def laid_out(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield ``lines``, with the names of the speakers where the layout tells them."""
    given = _names_joined(lines)
    first = next(given, None)
    known = (Chats(), Heads())
    while first:
        after: list[Given] = []
        yield from _in_turns(_worked(_piece(first, given, after)), known)
        first = after[0] if after else None


def _worked(piece: Iterator[Given]) -> Iterator[Given]:
    """Yield the lines of a piece with what only signs of the agent tell, and what a panel shows of work, plain."""
    head = list(islice(piece, _LOOKED_AT))
    texts = _texts_of(head)
    if unnamed.turns_in(texts) and not comments.are_in(texts) and not Chats().are_in(texts):
        head += islice(piece, _MOST_LINES)
        piece = chain(unnamed.with_speakers(head, unnamed.turns_in(_texts_of(head))), piece)
        head = list(islice(piece, _LOOKED_AT))
    texts = _texts_of(head)
    lines = chain(head, piece)
    return panel_work.told_plainly(lines) if panel_work.is_in(texts) and not _has_gaps(texts) else lines


def _texts_of(lines: list[Given]) -> list[str]:
    return [text.rstrip() for _, text, _ in lines]


def _in_turns(piece: Iterator[Given], known: tuple[Chats, Heads]) -> Iterator[Given]:
    """Yield the lines of a piece with the names of its speakers; ``known`` are those of the pieces before."""
    head = _logged_in(list(islice(piece, _LOOKED_AT)))
    texts = _texts_of(head)
    if letters.is_thread(texts):
        head += islice(piece, _MOST_LINES)
        yield from _renumbered(head, letters.in_order(_texts_of(head)))
        yield from piece
    elif comments.are_in(texts):
        head += islice(piece, _MOST_LINES)
        yield from _renumbered(head, comments.in_turns(_texts_of(head)))
        yield from piece
    elif {*_BUTTON} <= {*texts} and not any(map(_is_named, texts)):
        yield from _above_buttons(chain(head, piece))
    elif _has_gaps(texts) and not any(map(_is_named, texts)):
        yield from _by_gaps(chain(head, piece))
    elif (screen := next((it for it in _OTHERS if it.is_in(texts)), None)) and not any(map(_is_named, texts)):
        yield from screen.in_turns(chain(head, piece))
    elif heading := request_logs.answers_in(texts):
        yield from request_logs.named(chain(head, piece), heading)
    elif _is_fenced_screen(texts):
        yield from (it for it in chain(head, piece) if not _FENCES_SCREEN.fullmatch(it[1].rstrip()))
    elif reader := next((it for it in known if it.are_in(texts)), None):
        yield from reader.tidied(chain(head, piece))
    else:
        shown = any(map(agent_screen.OWN.match, texts))
        yield from without_foot(chain(head, piece)) if shown else chain(head, piece)


def _logged_in(head: list[Given]) -> list[Given]:
    """Return the first lines of a piece without what a machine greets with who logs in, where they begin so."""
    ends = next((at for at, it in enumerate(head[:_GREETING_LINES]) if it[1].startswith(_LAST_LOGIN)), 0)
    if not ends or any(_AT_PROMPT.match(text) or _ON_SCREEN.match(text) for _, text, _ in head[:ends]):
        return head
    return [(number, "", begins) for number, _, begins in head[: ends + 1]] + head[ends + 1 :]


_LAST_LOGIN, _GREETING_LINES = ("Last login: ", "Last failed login: "), 60

_OTHERS = (vertical_dots, goose_screen, aider_screen, titled_frames, agent_screen)
"""What reads copies of other screens."""


def _piece(first: Given, given: Iterator[Given], after: list[Given]) -> Iterator[Given]:
    """Yield the lines of a piece, up to where a shell starts an agent; what begins the next is put into ``after``."""
    yield first
    for line in given:
        if line[2] or _starts_agent(line[1]):
            after.append(line)
            return
        yield line


def _starts_agent(text: str) -> bool:
    """Return whether a line is a shell's prompt and a command behind it that starts an agent: its screen is another."""
    found = _AT_SIGN.search(text[:_PROMPT_CHARS])
    return found is not None and starts_agent(text[found.end() :].strip())


_AT_SIGN, _PROMPT_CHARS = compiled(r"(?:[$%❯➜]|(?<=[\w~/\\:\]])[#>]) (?=[a-z@/])"), 160


def _is_named(text: str) -> bool:
    mark = mark_in(text) if text[:1] not in "│┃║" else None
    return bool(mark and mark.role not in (None, TOOL) and mark.way not in (ALONE, DECORATED))


def _has_gaps(texts: list[str]) -> bool:
    """Return whether two empty lines stand above a question or a command of Cline's panel."""
    return any(text in _PANEL_HEADS and not any(texts[max(0, at - 2) : at]) for at, text in enumerate(texts))


def _by_gaps(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield the lines of a copy of Cline's panel, whose blocks two empty lines part, with who speaks before each.

    Below a question, or a command that needs leave, stands what the person says; or what their terminal showed, which
    has the command as well.
    """
    heads, wanted, asked, empty = "", "", False, _APART
    for number, text, begins in lines:
        bare = text.strip()
        if not bare:
            empty += 1
            yield number, "", begins
            continue
        if empty >= _APART or bare in _PANEL_HEADS:
            is_output = bool(wanted) and _AT_PROMPT.match(bare) is not None
            if wanted and not is_output:
                call = in_tags("execute_command", in_tags("command", [wanted]))
                yield from ((number, it, False) for it in (f"<|{ASSISTANT}|>", *call))
            if not is_output:
                speaks = USER if asked and bare not in _PANEL_HEADS else ASSISTANT
                yield number, f"<|{speaks}|>", False
            asked, wanted = False, ""
        empty = 0
        if bare in _PANEL_HEADS:
            heads, asked = bare, True
        elif heads == _RUNS:
            heads, wanted = "", bare
        elif not _OF_PANEL.fullmatch(bare):
            yield number, text, begins


_APART, _RUNS = 2, "Cline wants to execute this command:"
_PANEL_HEADS = ("Cline has a question:", _RUNS)
_OF_PANEL = compiled(r"Thumbnail \d+|The model has determined this command requires explicit approval\.")
_AT_PROMPT = compiled(r"[\w.-]{1,40}@[\w.-]{1,60}[: ][^\s$#%>]{0,120}[$#%] |PS [A-Z]:\\|\$ \S")
"""What the panel writes itself, and how a person's terminal begins a line."""


def _is_fenced_screen(texts: list[str]) -> bool:
    """Return whether below nothing but a title the first block in a fence is a copy of an agent's screen."""
    for at, text in enumerate(texts):
        if text[:3] == "```":
            shown = texts[at + 1 : at + _SHOWS_WITHIN]
            return at > 0 and _FENCES_SCREEN.fullmatch(text) is not None and any(map(_ON_SCREEN.match, shown))
        if text and not _OF_TITLE.match(text):
            break
    return False


_SHOWS_WITHIN = 40
_FENCES_SCREEN = compiled(r"`{3,}(?:text|txt|plaintext|console|terminal|log)?")
_OF_TITLE = compiled(r"#{1,6} |[-*+] |-{3,}$|> |\*\*[^*]{1,80}\*\*")
_ON_SCREEN = compiled(r" {0,2}(?:[⏺✦•] \S|[›❯] \S)|\s{0,6}⎿ |╭─{3,}|.{0,12}▐▛███▜▌")
"""How a line of a title begins, and one of an agent's screen."""


def _renumbered(lines: list[Given], texts: list[str] | None) -> Iterable[Given]:
    """Return ``texts`` in the place of ``lines``, by whose numbers they go."""
    if texts is None:
        return lines
    last = len(lines) - 1
    return [(lines[min(at, last)][0], text, not at and lines[0][2]) for at, text in enumerate(texts)]


def _above_buttons(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield the lines of a page that has a button of the speaker's below each turn, in the place of names."""
    head: list[Given] = []
    speaks = initials = ""
    for line in lines:
        number, text, _ = line
        word = text.strip()
        after = _BUTTON.get(word)
        if not speaks and not after:
            head.append(line)
            continue
        if not speaks:
            titled = next((at + 1 for at, it in enumerate(head) if it[1].strip() == "Share"), 0)
            speaks = USER if after == ASSISTANT else ASSISTANT
            yield number, f"<|{speaks}|>", False
            told = [it for it in head[titled:] if not _is_aside(it[1].strip())]
            initials = next((it[1].strip() for it in told if it[1].strip()), "") if speaks == USER else ""
            initials = initials if _INITIALS.fullmatch(initials) else ""
            yield from (it for it in told if not initials or it[1].strip() != initials)
        if after:
            speaks = after
            yield number, f"<|{speaks}|>", False
        elif not (_is_aside(word) or (initials and speaks == USER and word == initials)):
            yield line


_INITIALS = compiled(r"[A-Z]{1,2}")
"""What a picture of the user leaves above what they said."""


def _is_aside(text: str) -> bool:
    return text in _ASIDES or (
        len(text) < _STAMP_CHARS and any(map(str.isdigit, text)) and _WHEN.fullmatch(text) is not None
    )


def _badge_in(bare: str) -> tuple[str, str]:
    """Return the badge of a program that a line is, or has before the time, and the rest of the line."""
    badge, _, rest = bare.partition(" ")
    is_badge = badge in _BADGES and (not rest or _STAMP.fullmatch(rest.strip()) is not None)
    return (badge, rest.strip()) if is_badge else ("", bare)


def _names_joined(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield lines with a name above a time, each on a line of its own, as one line; a badge may stand between.

    Where people chat so, a time alone and a count of reactions are nobody's words.
    """
    after_empty, badge, met = True, "", set[str]()
    joined = is_reaction = begins_turn = False
    name: tuple[Given, bool] | None = None
    for line in lines:
        number, text, begins = line
        bare = text.strip()
        is_short = len(text) < _STAMP_CHARS
        if name and not badge:
            badge, bare = _badge_in(bare)
            if badge and not bare:
                continue
        if name:
            (at, named, first), is_apart = name
            name = None
            if is_short and (is_apart or not bare[:1].isdigit() or text[:1] in _SPACES) and _STAMP.fullmatch(bare):
                yield at, f"{named.rstrip()}{' APP' if badge else ''}  {bare.lstrip(_DASHES)}", first
                met.add(named.strip())
                joined = begins_turn = True
                after_empty, badge = False, ""
                continue
            yield from _apart((at, named, first), number, badge)
            badge = ""
        if joined and is_short and (_CLOCK.fullmatch(bare) or (is_reaction and bare.isdigit())):
            text, is_reaction = "", False
            yield number, text, begins
        elif is_short and text[:1].isalpha() and (after_empty or _NAME.fullmatch(bare)):
            name = line, after_empty or bare in met or role_of(bare) is not None
        else:
            is_reaction = joined and not begins_turn and is_short and _REACTION.fullmatch(bare) is not None
            yield number, "" if is_reaction else text, begins
        after_empty, begins_turn = not text, begins_turn and not text
    if name:
        yield from _apart(name[0], name[0][0], badge)


def _apart(name: Given, number: int, badge: str) -> list[Given]:
    """Return the lines that were held for a time below them, as there is none."""
    return [name, (number, badge, False)] if badge else [name]
