"""What was at work when the latest request came: which request, and which of the two an edit belongs to."""

from __future__ import annotations

from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.commands.messages import commit_message
from handoff_cli.documents.extract.files.edits import of_work
from handoff_cli.documents.extract.language.agreements import AGREED
from handoff_cli.documents.extract.language.words import words_of
from handoff_cli.documents.extract.progress.stops import stopped_for
from handoff_cli.documents.extract.progress.work_at_hand import made_since
from handoff_cli.documents.extract.requests.narrowing import only_limits
from handoff_cli.documents.extract.runs.underway import is_quiet
from handoff_cli.documents.extract.story import WorkDone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit, Transcript
    from handoff_cli.documents.extract.facts import Request


def amid(requests: Sequence[Request], transcript: Transcript) -> Request | None:
    """Return the request at which the agent was still at work when the latest came, None where it had answered.

    Where several people speak, one may answer the other. An agent that ends its turn says something after its last
    call: one that said nothing was stopped, or the words were queued. Praise looks back on work that had ended.
    """
    if not requests[1:] or requests[-1].refuses or requests[-1].question or requests[-1].by:
        return None
    if _PRAISE.match(requests[-1].text):
        return None
    latest, asked = requests[-1].position, max((it.position for it in requests[:-1]), default=0)
    # What waited was typed while the agent was at work.
    heard = next((it for it in reversed(transcript.messages) if it.role == "user"), None)
    waited = bool(heard and heard.typed and heard.position == latest)
    limits = only_limits(requests[-1])
    waited = waited or (limits and stopped_for(transcript, latest))
    before = [it for it in transcript.messages if it.role != "user" and it.position < latest]
    if before and before[-1].ended and before[-1].position > asked and not waited:
        return None
    said = before[-1].position if before else -1
    calls = [it.position for it in transcript.tool_calls if asked < it.position < latest and not is_quiet(it)]
    shows = transcript.format == "text" and before and before[-1].text.rstrip().endswith(":")
    if shows and sum(it > said for it in calls) <= 1:
        return None  # what stands in a text below such words is what they tell of
    if said >= max(calls, default=asked) and not waited:
        return None
    orders = (it for it in reversed(requests[:-1]) if not only_limits(it))
    until = None if limits else latest
    at_work = next((it for it in orders if _is_work(it, transcript, until)), requests[0])
    made = [it.position for it in transcript.commands if it.outcome != "failed" and commit_message(it.text)]
    committed = any(at_work.position < it < max(calls, default=asked) for it in made)
    refused = requests[-2].refuses and requests[-2].position > max(made, default=0)
    # What a commit has may be done, and other work have begun: what was said of a call since is of that.
    return at_work if limits or not committed else requests[-2] if refused else None


def _is_work(request: Request, transcript: Transcript, until: int | None) -> bool:
    """Return whether ``request`` orders something itself, or takes what the agent laid out, and work followed."""
    if not (request.question or request.bare or request.meant):
        return True
    made = transcript.tool_calls if until is None else transcript.edits
    begun = any(request.position < it.position and (until is None or it.position < until) for it in made)
    return bool(request.question or request.meant) and AGREED.match(request.text) is not None and begun


_PRAISE = caseless(r"(?:good|great|perfect|excellent|nice|thanks|thank you)(?: work| job)?[,.!]\s")


def job_of(requests: Sequence[Request], at_work: Request | None) -> Request | None:
    """Return the request that was ``at_work``, where the latest of ``requests`` only says how that is to go on."""
    return at_work if at_work and only_limits(requests[-1]) else None


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
        since_heard = [it for it in transcript.messages if it.position > last.position]
        for edit in late:  # what is said behind it begins with what comes next
            said = "\n".join(it.text for it in since_heard if it.position < edit.position)
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
