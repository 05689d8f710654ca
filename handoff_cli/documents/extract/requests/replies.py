"""Which comments of a review no reply names yet, where others of them have one: replies are made one by one."""

from __future__ import annotations

from itertools import islice

from handoff_cli.core.patterns import MULTILINE, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Command, Transcript

_FETCHES = lazily(
    r"\bgh\s+api\b(?![^|;&\n]{0,400}\s(?:-[fFX]|--(?:raw-)?field|--method|--input)\b)[^|;&\n]{0,400}/comments\b"
)
_ID = lazily(r"(?:\"id\": ?|^\W{0,4}(?:id\W{1,3})?)(\d{7,12})\b", MULTILINE)
_PATH, _LINE = lazily(r"\"path\": ?\"([^\"\n]{1,200})\""), lazily(r"\"line\": ?(\d+)")
_PLACE = lazily(r"\W{1,4}((?:[\w.-]+/)*[\w.-]+\.\w{1,10}(?::\d+)?)(?=[\s:,|]|$)")
_RAW = '"node_id"'
"""Where nothing was chosen of what the server answered, the numbers of people and reviews stand among those."""

_MOST, _MOST_LISTED, _MOST_CHARS = 6, 60, 20_000


def unanswered(transcript: Transcript) -> tuple[str, ...]:
    """Return the comments that the last look at a review's gave and nothing names since, though it does others.

    Each is its number, with the file and line where that is told. Replies are commands, drafts are edits.
    """
    fetches = (it for it in reversed(transcript.commands) if "/comments" in it.text and _FETCHES.search(it.text))
    fetch = next((it for it in fetches if it.outcome != "failed" and it.output and _RAW not in it.output), None)
    found = _listed(fetch) if fetch else {}
    if not fetch or len(found) <= 1:
        return ()
    made = [it for it in transcript.commands if it.outcome != "failed" and it.position != fetch.position]
    before = [it.text for it in made if it.position < fetch.position and _REPLIES.search(it.text)]
    answered = set(_ANSWERED.findall(fetch.output or ""))
    if before and not answered and "in_reply_to" not in fetch.text:
        return ()  # nobody can tell which of the comments are replies
    answered.update(number for it in before for number in _NUMBER.findall(it))
    later = [it.text for it in made if it.position > fetch.position]
    later += [it.new for it in transcript.edits if it.position > fetch.position and it.outcome != "failed"]
    open_before = [number for number in found if number not in answered]
    left = [number for number in open_before if not any(number in it for it in later)]
    return tuple(found[it] for it in left[:_MOST]) if len(left) < len(open_before) else ()


_REPLIES = lazily(r"/comments/\d{7,12}/replies\b|\bin_reply_to(?:_id)?=\d")
_ANSWERED, _NUMBER = lazily(r"\"in_reply_to_id\": ?(\d{7,12})\b"), lazily(r"\b\d{7,12}\b")


def _listed(fetch: Command) -> dict[str, str]:
    """Return the comments that a command printed, by their numbers, each with where it is; none that is a reply."""
    output = (fetch.output or "")[:_MOST_CHARS]
    ids = list(islice(_ID.finditer(output), _MOST_LISTED))
    found: dict[str, str] = {}
    last = 0
    for it, after in zip(ids, (*ids[1:], None), strict=False):
        ends = after.start() if after else len(output)
        opens = output.rfind("{", last, it.start())
        shuts = output.rfind("{", it.end(), ends)
        own, last = output[it.start() if opens < 0 else opens : ends if shuts < 0 or not after else shuts], it.end()
        if _ANSWERED.search(own):
            continue
        path, line, place = _PATH.search(own), _LINE.search(own), _PLACE.match(output, it.end())
        where = f"{path[1]}{f':{line[1]}' if line else ''}" if path else place[1] if place else ""
        found.setdefault(it[1], f"{it[1]} ({where})" if where else it[1])
    return found
