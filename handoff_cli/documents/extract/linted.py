"""What a linter made of the code that the agent wrote, by the agent's words: no tool edited it."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Edit, Message, Transcript


def with_linted(transcript: Transcript) -> Transcript:
    """Return ``transcript`` with the edits as a linter left them of which the agent says what it changed to what."""
    for message in (*transcript.messages, *transcript.reasonings):
        if message.role != "user" and any(it in message.text for it in _LINTERS):
            for said in _CHANGED.finditer(message.text):
                transcript = _changed(transcript, message, said[1], said[2])
    return transcript


def _changed(transcript: Transcript, message: Message, old: str, new: str) -> Transcript:
    """Return ``transcript`` with ``new`` for ``old`` where the last edit before ``message`` brought it."""
    before = [it for it in transcript.edits if it.position < message.position and (old in it.new) != (old in it.old)]
    if not before or old in before[-1].old:
        return transcript
    last = before[-1]

    def linted(edit: Edit) -> Edit:
        return edit.replace(new=edit.new.replace(old, new)) if edit is last else edit

    texts = (
        it.replace(text=it.text.replace(old, new)) if it.path == last.path and it.position <= message.position else it
        for it in transcript.texts
    )
    return transcript.replace(edits=tuple(map(linted, transcript.edits)), texts=tuple(texts))


_LINTERS = ("linter", "formatter", "Linter", "Formatter")
_CHANGED = lazily(
    r"\b(?:[Ll]inter|[Ff]ormatter)(?: has| had| also| just)* (?:changed|replaced|rewrote|converted|turned|simplified)"
    r"(?: the)? `([^`\n]{4,200})` (?:to|with|by|into|as) `([^`\n]{4,200})`"
)
