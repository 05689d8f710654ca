"""What to wait for where nothing is open: the next word is the user's."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.announced import is_users_move
from handoff_cli.documents.extract.language.denials import tells_of_failure
from handoff_cli.documents.extract.language.words import ASKING, plain, sentences
from handoff_cli.documents.markdown import prose
from handoff_cli.documents.parts.at_work import ASKS, TO_EDIT
from handoff_cli.documents.parts.unfinished import failed_since, numbered, red_pipeline, seems_done, todo_ahead
from handoff_cli.documents.parts.wording import asked, complete, ended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.documents.extract.story import Story

_NAMED_CHARS = 120
"""About the characters of a request that is only named."""


def waiting(story: Story) -> str:
    """Return what to tell or ask the user: what was answered, what the agent left open, what it wants to know."""
    if not story.requests:
        told, known = story.task.left_open, "the text names no next step" if story.nameless else "no request is known"
        who = "Left open by it" if story.nameless else "The agent said last"
        said = f" {who}: {ended(complete(told, 300))}" if told else " Nothing is known to be open."
        return f"Ask the user what is to be done, {known}.{said}"
    said = asked(story.latest, _NAMED_CHARS)
    left_open, go_on = story.task.left_open, "Ask the user how to go on"
    if story.left.remaining and story.state == "answered":
        return f"{go_on}: the agent answered ({said}) and named what comes next: {numbered(story.left.remaining)}."
    if wants := story.task.invites or left_open:
        lead, and_said = ("Wait for the user", "and") if story.task.invites else (go_on, "but")
        lead = "Ask the user how it went" if story.task.invites and _reported(story) else lead
        return f"{lead}: the agent answered ({said}), {and_said} said: {ended(complete(wants, 300))}"
    if story.options:
        return f"The agent answered the latest request ({said}); wait for the user's choice.\n- {options(story)[0]}"
    if still := red_pipeline(story) or failed_since(story) or _reported(story):
        return f"The agent answered the latest request ({said}), but {still}"
    return _at_rest(story, said)


def handed_over(story: Story) -> str:
    """Return that the latest request is for whoever goes on, where the agent only answered it; empty for any other."""
    asks = story.latest.rstrip().endswith(ASKING)
    if story.state != "answered" or story.changed.made or asks:
        return ""
    if _HANDS_OVER.search(story.latest):
        return "Do what the latest request leaves to whoever goes on: it stands below, the agent has only answered it."
    listed = "Do what the latest request lists as still to do: it stands below, the agent has only answered it."
    return listed if _LISTS_WORK.search(story.latest) else ""


_LISTS_WORK = lazily(
    r"(?i:\b(?:still|left|remaining|remains|open|todo|to-do|to do|tomorrow|next week|next time|on the weekend|on monday"
    r"|offen|noch zu tun|morgen|pendiente|queda|ma\xf1ana|reste(?: \xe0 faire)?|demain|da fare|domani|falta"
    r"|amanh\xe3)\b)"
    r"[^.?!:\n]{0,30}:\s{0,3}(?=(?:\S[^,;\n]{1,160}[,;] )|\S?1[.)])"
)
"""How a request says what is left to do, and lists it."""


_TAKES_OVER = (
    r" (?:takes (?:it |this |that )?over|will take (?:it |this |that )?over|picks (?:it|this|that) up|continues"
    r"|goes on from here|\xfcbernimmt|macht (?:\w+ ){0,3}weiter|sigue ma\xf1ana|prend le relais)\b"
)
_HANDS_OVER = lazily(
    rf"\b(?:(?i:someone|somebody|whoever|(?:a|my|the) colleague|jemand|alguien|quelqu'un)(?: else)?|[A-Z][a-z]{{1,15}})"
    rf"(?: \w+){{0,2}}?{_TAKES_OVER}"
    r"|\b(?i:for whoever (?:continues|goes on|takes over|picks)|ma\xf1ana sigue)\b"
    r"|\b(?i:i (?:have|need|['\u2019]ve got) to (?:go|leave)|i (?:gotta|must) (?:go|leave)|i['\u2019]m off"
    r"|ich muss (?:jetzt )?(?:los|weg)|me tengo que ir|tengo que irme|je dois (?:y aller|partir))"
    r"(?: now| today| for today)?(?=[.,;!\n])[^?]{0,200}\w{4}"
)
"""How it is said that somebody else goes on with the work, or that who asks has to leave it."""


def _at_rest(story: Story, said: str) -> str:
    """Return that nothing is open, but for what the user left for later, and what is to be undone."""
    if later := put_off_in(story.latest):
        return f"The agent answered the latest request ({said}); of it is left for later: {ended(complete(later, 200))}"
    made = f" It made {prose(story.changed.links[0])}." if story.changed.links and story.requests[-1].bare else ""
    but = " but what is to be undone" * bool(
        story.to_undo.temporary or story.to_undo.stashed or story.to_undo.to_put_back
    )
    todo = None if story.left.stale_todos else todo_ahead(story)
    todo = None if todo and seems_done(story, todo) else todo
    listed = f"\n- The to-do list still has in progress: {ended(complete(todo.text, 160))}" if todo else ""
    return (
        f"Nothing is open{but}: the agent answered the latest request ({said}).{made} Wait for the user's next.{listed}"
    )


def put_off_in(latest: str) -> str:
    """Return the sentence of the user's ``latest`` words that wants something at a later time, empty without one."""
    told = (it for it in sentences(latest) if _AT_LATER.search(it) and _WANTED.search(it))
    return next((it for it in told if not (it.endswith(ASKING) or is_users_move(it))), "")


_AT_LATER = caseless(
    r"\b(?:tonight|tomorrow|later|this evening|next (?:week|month|sprint|release|\w+day)|after \d{1,2}(?::\d\d)?"
    r"|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|heute abend|morgen (?!fr)|sp\xe4ter|n\xe4chste woche|esta noche"
    r"|ma\xf1ana|m\xe1s tarde|ce soir|demain|plus tard)\b"
)
_WANTED = caseless(
    r"\b(?:(?:i|we)(?:['\u2019]d| would)? (?:want|need|like)|let['\u2019]?s|please|remind me|do (?:it|that|this)|we do"
    r"|(?:will|m\xf6chte) ich|ich will|wollen wir|machen wir|quiero|hacemos|lo hacemos|je veux|on fait)\b"
)


def _reported(story: Story) -> str:
    """Return what is open where the user reported that something fails, and the agent answered by words alone."""
    reports = not story.changed.made and tells_of_failure(story.latest)
    return "nothing shows that what it reports is mended: ask how it went." if reports else ""


def options(story: Story) -> list[str]:
    """Return in a line what the agent laid out to choose from, with what it recommends; none where it did not.

    Its question on them stands before them where the agent ended with another one.
    """
    if not story.options:
        return []
    told = f"To choose from: {'; '.join(complete(it, 180).rstrip('.') for it in story.options)}."
    lines = [plain(line) for line in (story.told.last_words or "").split("\n") if line.strip()]
    first = story.options[0].partition(": ")[2].rstrip("\u2026")[:_ALIKE]
    leads = (before for before, line in pairwise(lines) if first in line)
    question = next((sentences(it)[-1] for it in leads if it.endswith(ASKING)), "") if story.question else ""
    return [f"{complete(question, 160)} {told}" if question and question not in (story.question or "") else told]


_ALIKE = 40


def asked_back(story: Story) -> bool:
    """Return whether the agent ended with a question before it edited anything for a request that orders an edit."""
    made = story.changed.made or not story.question
    return not made and bool(TO_EDIT.search(story.latest)) and not ASKS.search(story.latest)


def undone(story: Story) -> list[str]:
    """Return that nothing was edited for the latest request, where the agent asked something before it did."""
    return ["Nothing was edited yet for the user's latest request, which stands below."] * asked_back(story)
