"""What a linter made of the code that the agent wrote, by the agent's words: no tool edited it."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Edit, Message, Transcript


def with_linted(transcript: Transcript) -> Transcript:
    """Return ``transcript`` with the edits as a linter left them of which the agent says what it changed to what."""
    for message in (*transcript.messages, *transcript.reasonings):
        if message.role != "user" and any(it in message.text for it in _LINTERS):
            for said in _CHANGED.finditer(message.text):
                if not _SUPPOSED.search(message.text[max(0, said.start() - _BEFORE) : said.start()]):
                    transcript = _changed(transcript, message, said[1], said[2])
    return transcript


def _changed(transcript: Transcript, message: Message, old: str, new: str) -> Transcript:
    """Return ``transcript`` with ``new`` for ``old`` where the last edit before ``message`` brought it."""
    before = [it for it in transcript.edits if it.position < message.position and (old in it.new) != (old in it.old)]
    if not before or old in before[-1].old:
        return transcript
    last = before[-1]

    def linted(edit: Edit) -> Edit:
        return edit.replace(new=_put(edit.new, old, new)) if edit is last else edit

    texts = (
        it.replace(text=_put(it.text, old, new))
        if it.path == last.path and last.position <= it.position <= message.position
        else it
        for it in transcript.texts
    )
    return transcript.replace(edits=tuple(map(linted, transcript.edits)), texts=tuple(texts))


def _put(text: str, old: str, new: str) -> str:
    """Return ``text`` with ``new`` for ``old`` wherever that is not a part of a longer word."""
    told, *parts = text.split(old)
    for part in parts:
        longer = _within_a_word(told[-1:], old[0]) or _within_a_word(old[-1], part[:1])
        told += (old if longer else new) + part
    return told


def _within_a_word(one: str, other: str) -> bool:
    """Return whether two characters that follow each other, empty at an end, are of one word."""
    return all(it.isalnum() or it == "_" for it in (one, other))


_SUPPOSED, _BEFORE = caseless(r"\b(?:if|could|would|might|may|whether|should|did)\b[^.!?\n]*$"), 80
"""What before it makes a sentence one of what may be."""

_LINTERS = ("linter", "formatter", "Linter", "Formatter")
_CHANGED = lazily(
    r"\b(?:[Ll]inter|[Ff]ormatter)(?: has| had| also| just)* (?:changed|replaced|rewrote|converted|turned|simplified)"
    r"(?: the)? `([^`\n]{4,200})` (?:to|with|by|into|as) `([^`\n]{4,200})`"
)
