"""To-dos that outlive the session they were made in: open until they are seen done, or closed by somebody."""

from __future__ import annotations

from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoff_cli.core.transcript import Todo

MAX_OWN = 200
MAX_EARLIER = 100
MAX_TEXT_CHARS = 500
_ENDS = " .!…:;"


class OpenTodo(Record):
    """A to-do that is not done: its ``status`` (of ``Todo``), and the day (UTC) ``since`` which handoffs have it.

    ``number`` names it once it is carried over (1 and up, never given twice in a folder); 0 before.
    """

    number: int
    text: str
    status: str
    since: str


class Todos(Record):
    """The open to-dos a session folder knows of.

    ``own`` is the list of the ``transcript`` (its identity; None: there is none) as the last handoff saw it,
    ``earlier`` what the transcripts before left open, the oldest first. ``made`` counts the numbers given.
    """

    transcript: str | None = None
    own: tuple[OpenTodo, ...] = ()
    earlier: tuple[OpenTodo, ...] = ()
    made: int = 0


def after(before: Todos, transcript: str | None, listed: Iterable[Todo], named: Iterable[str], day: str) -> Todos:
    """Return what is open after a look at ``transcript``.

    The list of the same transcript says itself what became of its to-dos; what another one left open is carried over.

    Args:
        before: What was open at the last handoff.
        transcript: The identity of the transcript; None where there is none.
        listed: Its to-do list as it stands.
        named: Texts of all to-dos it ever listed: whatever it knows of is not carried beside it.
        day: Today, UTC, as ``YYYY-MM-DD``.
    """
    earlier, made = [*before.earlier], before.made
    if transcript != before.transcript:
        known = {key_of(it.text) for it in earlier}
        for left in before.own:
            if key_of(left.text) not in known:
                made += 1
                earlier.append(left.replace(number=made))
    since = {key_of(it.text): it.since for it in before.own}
    own = tuple(
        OpenTodo(0, it.text[:MAX_TEXT_CHARS], it.status, since.get(key_of(it.text), day))
        for it in listed
        if it.status != "completed"
    )
    seen = {*map(key_of, named), *(key_of(it.text) for it in own)}
    carried = tuple(it for it in earlier if key_of(it.text) not in seen)
    return Todos(transcript, own[:MAX_OWN], carried[-MAX_EARLIER:], made)


def key_of(text: str) -> str:
    """Return what two wordings of the same to-do have in common: case, white space and a final mark do not count."""
    return " ".join(text.split()).rstrip(_ENDS).casefold()[:MAX_TEXT_CHARS]
