"""From a transcript to the facts the next session needs: the state at its end, pure and deterministic.

Nothing is summarised: words, commands, errors and names stand as the transcript has them. One module per concern.
"""

from __future__ import annotations

from handoff_cli.documents.extract.assembly import Assembly
from handoff_cli.documents.extract.commands.command_lines import moves_files, takes_back, with_servers_answers
from handoff_cli.documents.extract.facts import Request, TakenBack
from handoff_cli.documents.extract.files.linted import with_linted
from handoff_cli.documents.extract.language.objections import undid
from handoff_cli.documents.extract.language.sign_offs import without_sign_offs
from handoff_cli.documents.extract.language.words import ends, redacting
from handoff_cli.documents.extract.requests.choices import with_answers
from handoff_cli.documents.extract.requests.house_rules import guides_read
from handoff_cli.documents.extract.runs.astray import set_aside
from handoff_cli.documents.extract.runs.underway import without_programs
from handoff_cli.documents.extract.story import Spoken, Story
from handoff_cli.documents.extract.told.fell_short import edits_in_place, with_effect
from handoff_cli.redaction import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Message, Transcript


def extract(transcript: Transcript, redacts: bool = True) -> Story:
    """Return what ``transcript`` tells; ``redacts`` where secrets are to be taken out: before any text is cut."""
    with redacting(redacts):
        aside = set_aside(without_programs(transcript))
        now = with_linted(without_sign_offs(with_answers(with_servers_answers(aside.now))))
        now = with_effect(now) if edits_in_place(now) else now
        back = TakenBack(now)
        # Few take back or move files, and what follows them is not loaded for others.
        if takes_back(now.commands) or any(it.role == "user" and undid(it.text) for it in now.messages):
            from handoff_cli.documents.extract.runs.taken_back import taken_back

            back = taken_back(now)
        if moves_files(back.now.commands):
            from handoff_cli.documents.extract.files.relocated import relocated

            back = back.replace(now=relocated(back.now))
        story = Assembly(back).story()
        ends = story.dead_ends.replace(dead_tools=aside.dead_tools, folder=aside.folder)
        runs = story.runs.replace(failing=(*story.runs.failing, *aside.astray))
        story = story.replace(guides=guides_read(now), dead_ends=ends, runs=runs)
        if back.now.speakers:
            return story
        from handoff_cli.documents.extract.told.minutes import with_minutes

        return with_minutes(story, back.now)


def words_of(transcript: Transcript, redacts: bool = True) -> Story:
    """Return the first and the latest requests of ``transcript`` and the agent's last words, as they were said."""

    def told(message: Message) -> str:
        return ends(redact(message.text) if redacts else message.text, _WORDS_CHARS)

    asked = [*enumerate((it for it in transcript.messages if it.role == "user"), 1)]
    shown = (*asked[:1], *asked[1:][-_WORDS_SHOWN:])
    said = next((it for it in reversed(transcript.messages) if it.role == "assistant"), None)
    requests = tuple(Request(number, told(it)) for number, it in shown)
    return Story(requests=requests, state="progress", told=Spoken(last_words=told(said) if said else None))


_WORDS_CHARS, _WORDS_SHOWN = 4_000, 6
