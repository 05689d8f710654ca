"""Which of two requests an edit belongs to, where the latest was typed and heard while the agent was at work."""

from __future__ import annotations

from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.files.edits import of_work
from handoff_cli.documents.extract.language.words import words_of
from handoff_cli.documents.extract.progress.work_at_hand import made_since
from handoff_cli.documents.extract.story import WorkDone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Edit, Transcript
    from handoff_cli.documents.extract.facts import Request


def made_for(transcript: Transcript, since: int, asked: int, amid: Request | None) -> WorkDone:
    """Return what was edited ``since``, for the latest request, at ``asked``, or for the one that it came ``amid``.

    An edit belongs to the request that names its file, else to the one whose words the agent takes up, or the edit
    does. Once the turn had ended that the latest request came into, all are of that.
    """
    late = [it for it in transcript.edits if it.position > since]
    last = next((it for it in reversed(transcript.messages) if it.role == "user"), None)
    found: dict[str, list[Edit]] = {_LATEST: [], _EARLIER: [], _UNCLEAR: []}
    if amid is None or last is None or not last.typed or _had_ended(transcript, last.position):
        found[_LATEST] = late
    else:
        said = "\n".join(it.text for it in transcript.messages if it.position > last.position)
        for edit in late:
            found[_whose(edit, said, last.text, amid.text)].append(edit)
    return WorkDone(
        acted=any(it.position > asked for it in (*found[_LATEST], *found[_UNCLEAR])),
        made=made_since(of_work(found[_LATEST]), since),
        made_amid=made_since(of_work(found[_EARLIER]), since),
        made_unclear=bool(found[_UNCLEAR]),
    )


_LATEST, _EARLIER, _UNCLEAR = "latest", "earlier", "unclear"


def _had_ended(transcript: Transcript, position: int) -> bool:
    """Return whether the agent had spoken last when it heard the request at ``position``, and called nothing since."""
    said = max((it.position for it in transcript.messages if it.role != "user" and it.position < position), default=-1)
    called = max((it.position for it in transcript.tool_calls if it.position < position), default=-1)
    return said > called


def _whose(edit: Edit, said: str, latest: str, earlier: str) -> str:
    """Return whose an ``edit`` is, by the words of both requests and those that the agent ``said`` since."""
    named = [name_of(edit.path).lower() in set(_FILES.findall(it.lower())) for it in (latest, earlier)]
    if any(named):
        return _UNCLEAR if all(named) else _LATEST if named[0] else _EARLIER
    words = [*map(_long_words, (latest, earlier))]
    heard = _long_words(f"{said}\n{edit.new}")
    shared = [len(heard & (own - other)) for own, other in (words, words[::-1])]
    if max(shared) < _TAKEN_UP or min(shared) * 2 > max(shared):
        return _UNCLEAR
    return _LATEST if shared[0] > shared[1] else _EARLIER


def _long_words(text: str) -> set[str]:
    return {it for it in words_of(text) if len(it) >= _LONG}


_TAKEN_UP, _LONG = 2, 5
_FILES = lazily(r"[\w-]+(?:\.[\w-]+)*\.[a-z]\w{0,5}\b")
