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
    frames,
    goose_screen,
    letters,
    own_exports,
    panel_work,
    prompt_heads,
    request_logs,
    subtitles,
    timed_turns,
    titled_frames,
    unnamed,
    vertical_dots,
)
from handoff_cli.transcripts.conversation.copies.chats import Chats
from handoff_cli.transcripts.conversation.copies.heads import Heads
from handoff_cli.transcripts.conversation.copies.screen_feet import SHELL_PROMPT, without_foot
from handoff_cli.transcripts.conversation.copies.stamped_heads import NAME, STAMP_CHARS, head_in, with_heads
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
)
from handoff_cli.transcripts.tagged import in_tags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given
    from handoff_cli.transcripts.conversation.copies.stamped_heads import Joined

_LOOKED_AT = 400
"""A copy shows what it is within so many lines."""

_MOST_LINES = 20_000
"""No longer thread of mails is put in order."""

_CLOCK = compiled(r"\d{1,2}:\d\d(?: ?[AaPp][Mm])?")
_REACTION = compiled(r"(?::[a-z0-9_+-]{2,30}:)+")
_BUTTON = {"Edit": ASSISTANT, "Retry": USER}
"""The buttons below what was said, and who speaks after them."""

_ASIDES = ("Copy", "Share", "Good response", "Bad response", "Give positive feedback", "Give negative feedback")
_WHEN = compiled(
    rf"{DAY}(?:{TIME})?|[A-Z][a-z]{{2,8}}\.? \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}}\.? [A-Za-zéû]{{3,9}}\.?(?: \d{{4}})?"
)


def laid_out(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield ``lines``, with the names of the speakers where the layout tells them."""
    given = _names_joined(subtitles.as_chat(lines))
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
    if own_exports.form_of(texts):
        return chain(head, piece)
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
    if export := own_exports.form_of(texts):
        yield from own_exports.as_rows(chain(head, piece), export)
    elif letters.is_thread(texts):
        yield from _arranged(letters.in_order, head, piece)
    elif comments.are_in(texts, by_place=False):
        yield from _arranged(comments.in_turns, head, piece)
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
    else:
        yield from _of_people(texts, known, head, piece)


def _of_people(
    texts: list[str], known: tuple[Chats, Heads], head: list[Given], piece: Iterator[Given]
) -> Iterator[Given]:
    """Yield the lines of a piece that begins with ``texts``, in which people may chat, or comment, in a row."""
    if timed := timed_turns.found_in(texts):
        yield from timed_turns.in_turns(chain(head, piece), *timed)
    elif reader := next((it for it in known if it.are_in(texts)), None):
        yield from reader.tidied(chain(head, piece))
    elif comments.are_in(texts):
        yield from _arranged(comments.in_turns, head, piece)
    elif _is_nobodys(texts) and frames.in_turns(texts):
        yield from _arranged(frames.in_turns, head, piece)
    else:
        shown = any(map(agent_screen.OWN.match, texts))
        yield from without_foot(chain(head, piece)) if shown else chain(head, piece)


def _is_nobodys(texts: list[str]) -> bool:
    """Return whether nothing that is known tells who speaks in ``texts``, nor is it a screen, a terminal or JSON."""
    marks = [it for text in texts if (it := mark_in(text))]
    return not any(it.role for it in marks) and not any(text.lstrip()[:1] in _OF_SCREENS for text in texts)


def _arranged(
    arrange: Callable[[list[str]], list[str] | None], head: list[Given], piece: Iterator[Given]
) -> Iterator[Given]:
    """Yield the lines of a thread, of which ``head`` was looked at, as it is told once all of it is known."""
    head += islice(piece, _MOST_LINES)
    yield from _renumbered(head, arrange([text.rstrip() for _, text, _ in head]))
    yield from piece


_OF_SCREENS = frozenset("⏺●⎿✦❯›│╭{")
"""What begins a line on an agent's screen, and of JSON."""


def _logged_in(head: list[Given]) -> list[Given]:
    """Return the first lines of a piece without what a machine greets with who logs in, where they begin so."""
    ends = next((at for at, it in enumerate(head[:_GREETING_LINES]) if it[1].startswith(_LAST_LOGIN)), 0)
    if not ends or any(_AT_PROMPT.match(text) or _ON_SCREEN.match(text) for _, text, _ in head[:ends]):
        return head
    return [(number, "", begins) for number, _, begins in head[: ends + 1]] + head[ends + 1 :]


_LAST_LOGIN, _GREETING_LINES = ("Last login: ", "Last failed login: "), 60

_OTHERS = (vertical_dots, goose_screen, aider_screen, titled_frames, agent_screen, prompt_heads)
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


_AT_SIGN, _PROMPT_CHARS = compiled(r"(?:[$%❯➜]|git:\([^()\s]{1,80}\)(?: ✗)?|(?<=[\w~/\\:\]])[#>]) (?=[a-z@/])"), 160


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
_AT_PROMPT = compiled(rf"{SHELL_PROMPT}|\$ \S")
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
    """Return ``texts`` in the place of ``lines``, by whose numbers they go: evenly, where they are more than these."""
    if texts is None:
        return lines
    count, of = len(lines), max(len(lines), len(texts))
    return [(lines[at * count // of][0], text, not at and lines[0][2]) for at, text in enumerate(texts)]


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
        len(text) < STAMP_CHARS and any(map(str.isdigit, text)) and _WHEN.fullmatch(text) is not None
    )


def _names_joined(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield lines with a name above a time, each on a line of its own, as one line; a badge may stand between.

    Where people chat so, a time alone and a count of reactions are nobody's words.
    """
    joined = is_reaction = begins_turn = may_name = False
    for line, is_head in with_heads(lines, _apart_head):
        number, text, begins = line
        bare = text.strip()
        is_short = len(text) < STAMP_CHARS
        if is_head:
            joined = begins_turn = True
        elif joined and is_short and ((_CLOCK.fullmatch(bare) and not may_name) or (is_reaction and bare.isdigit())):
            text, is_reaction = "", False
        else:
            is_reaction = joined and not begins_turn and is_short and _REACTION.fullmatch(bare) is not None
            text = "" if is_reaction else text
            begins_turn = begins_turn and not text
        may_name = is_short and not is_head and NAME.fullmatch(bare) is not None
        yield number, text, begins


def _apart_head(texts: list[str], after_empty: bool) -> Joined | None:
    """Return the head that a name below an empty line begins, or one with the time set in or behind a word."""
    if not (after_empty or NAME.fullmatch(texts[0].strip())):
        return None
    time = texts[1] if len(texts) > 1 else ""
    if not after_empty and (time[:1].isdigit() or not time):
        return None
    return head_in(texts, of_chats=True)
