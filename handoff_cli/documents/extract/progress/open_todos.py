"""Open to-dos that nobody ticked: files were edited for them since, the user asked for them, or says to leave them."""

from __future__ import annotations

from handoff_cli.core.code import defined_by
from handoff_cli.core.paths import is_test, name_of, named_apart
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.objections import stems
from handoff_cli.documents.extract.language.words import identifiers, sentences
from handoff_cli.documents.extract.runs.underway import list_kept_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from handoff_cli.core.transcript import Edit, Message, Transcript
    from handoff_cli.documents.extract.facts import Request
    from handoff_cli.documents.extract.files.texts import Printed


def edited_todos(transcript: Transcript) -> tuple[tuple[str, str], ...]:
    """Return the open to-dos of a list in which none was begun, each with the file that was edited for it since.

    What was said, run and edited since has most words of such a to-do, and the to-do half of those of the file's name;
    what speaks of tests is of a file of tests.
    """
    kept_at = list_kept_at(transcript)
    still = [it.text for it in transcript.todos if it.status == "pending"]
    late = [it for it in transcript.edits if kept_at < it.position and it.outcome != "failed"]
    if not (kept_at and still and late) or any(it.status == "in_progress" for it in transcript.todos):
        return ()
    said = [it.text for it in transcript.messages if it.position > kept_at]
    run = [it.text for it in transcript.commands if it.position > kept_at]
    known = _stems([*said, *run, *(f"{it.path} {it.new[:_MOST_CHARS]}" for it in late)])
    names = named_apart(dict.fromkeys(it.path for it in transcript.edits))
    found = ((it, _file_of(it, known, late)) for it in still)
    return tuple((todo, names[path]) for todo, path in found if path)


def named_todos(transcript: Transcript, printed: Sequence[Printed]) -> tuple[tuple[str, str], ...]:
    """Return the open to-dos that name no code, each with the name that the agent's words have most of its words in.

    The place stands with it: the line that defines it, as it was ``printed``, else the file that the sentence names.
    """
    still = [it.text for it in transcript.todos if it.status != "completed" and not identifiers(it.text)]
    said = [*transcript.messages[-_LATE_WORDS:], *transcript.reasonings[-_LATE_WORDS:]] if still else []
    named = names_told(said)
    words = {it: _stems([it]) for it in named}
    found = [(todo, name) for todo in still if (name := _name_of(todo, words))]
    places = {name: f" ({named[name]})" if named[name] else "" for _, name in found}
    for path, number, line in (it for text in printed if places for it in text.lines):
        for name in places:
            if number and name in line and defined_by(line) == name:
                places[name] = f" ({name_of(path)}:{number})"
    return tuple((todo, f"{name}{places[name]}") for todo, name in found)


def names_told(said: Iterable[Message]) -> dict[str, str]:
    """Return the names of code that the agent quoted, the latest last, each with the file named beside it."""
    named: dict[str, str] = {}
    for message in sorted(said, key=lambda it: it.position):
        for sentence in sentences(message.text[:_MOST_CHARS]) if message.role != "user" else ():
            quoted = [it for it in _QUOTED.findall(sentence) if identifiers(it)]
            file = _FILE.search(sentence) if quoted else None
            for it in quoted:
                named[it] = named.pop(it, "") or (file[0] if file else "")
    return named


def _name_of(todo: str, words: dict[str, frozenset[str]]) -> str:
    """Return the name, by its ``words``, that has most of those of a ``todo``: half and two; of such the latest."""
    every = _stems([todo])
    about = {it.rstrip("s") for it in every - _DULL if len(it) > _SHORT}
    alike = [it for it in words if bool(words[it] & _OF_TESTS) == bool(every & _OF_TESTS)]
    shares = {it: sum(one.rstrip("s") in about for one in words[it]) for it in alike}
    best = max(reversed(shares), key=lambda it: shares[it], default="")
    return best if best and shares[best] >= max(_FEWEST, len(about) / 2) else ""


_SHORT = 2
_LATE_WORDS = 60
_QUOTED = lazily(r"`(?:\w+\.)*([A-Za-z_]\w{5,})(?:\(\))?`")
_FILE = lazily(r"(?<![\w/.-])[./]{0,20}[\w/-]+(?:\.[\w-]+)*\.[A-Za-z]\w{0,4}\b(?!\()")


def _file_of(todo: str, known: frozenset[str], edits: list[Edit]) -> str:
    """Return the file that ``edits`` changed for a ``todo``, the latest; empty where none was."""
    every = _stems([todo])
    about = every - _DULL
    if len(about) < _FEWEST or len(about & known) * 3 < len(about) * 2 or every & _LOOKS:
        return ""
    tests = bool(every & _OF_TESTS)
    paths = (it.path for it in reversed(edits) if _is_of_tests(it.path) == tests)
    return next((it for it in paths if _is_about(name_of(it), about)), "")


def _is_about(name: str, about: frozenset[str]) -> bool:
    """Return whether half of the words that the name of a file has are among those of a to-do."""
    words = _stems([name.rpartition(".")[0] or name]) - _OF_TESTS
    return 0 < len(words) <= 2 * len(words & about)


def _is_of_tests(path: str) -> bool:
    return is_test(path) or bool(_stems([path]) & _OF_TESTS)


def _stems(texts: Iterable[str]) -> frozenset[str]:
    """Return how the words of ``texts`` begin, those of names apart."""
    return frozenset(it[0].lower()[:_STEM_CHARS] for text in texts for it in _WORD.finditer(text))


_WORD = lazily(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}(?![a-z])|[a-z]*\d+[a-z\d]*")
_STEM_CHARS, _FEWEST, _MOST_CHARS = 5, 2, 4_000
_OF_TESTS = frozenset(("test", "tests", "spec", "specs", "bench"))
_LOOKS = frozenset(("check", "verif", "measu", "revie", "confi", "run"))
"""What a to-do says that no edit carries out."""

_DULL = frozenset((
    *("test", "tests", "add", "and", "the", "for", "with", "from", "into", "write", "fix", "check", "make", "use"),
    *("this", "that", "all", "new", "one", "its", "run", "updat", "chang", "remov", "imple", "not", "must", "are"),
    *("when", "where", "then", "than", "also", "each", "rewri", "try", "spec", "specs"),
))  # fmt: skip
"""What tells little of what a to-do is about."""


def todos_asked_for(transcript: Transcript, requests: Sequence[Request]) -> tuple[tuple[str, int], ...]:
    """Return the open to-dos with the number of the last request that half of their words stand in: nobody ticked them.

    It came after the list was written and before the latest request, so that the agent had its turn for it.
    """
    left = dict(todos_left(transcript, requests))
    told = [(it.number, it.text) for it in _since_list(transcript, requests[:-1])]
    return tuple(it for it in _spoken_of(transcript, told) if it[0] not in left)


def todos_left(transcript: Transcript, requests: Sequence[Request]) -> tuple[tuple[str, int], ...]:
    """Return the open to-dos that the user said to leave, each with the number of the last request that does."""
    late = _since_list(transcript, requests)
    told = [(it.number, said) for it in late for said in sentences(it.text) if _LEAVES.match(said)]
    return tuple(_spoken_of(transcript, told))


_LEAVES = caseless(
    r"\W*(?:(?:ok(?:ay)?|no|yes|and|but|please|also|then),? ){0,2}(?:leave|skip|drop|forget|ignore|cancel"
    r"|don['\u2019]?t|do not|no need to|never mind)\b"
)
"""How a sentence of the user's begins that takes something off the list."""


def _since_list(transcript: Transcript, requests: Sequence[Request]) -> list[Request]:
    kept_at = list_kept_at(transcript) if transcript.todos else 0
    return [it for it in requests if kept_at and it.position > kept_at]


def _spoken_of(transcript: Transcript, told: Sequence[tuple[int, str]]) -> Iterator[tuple[str, int]]:
    """Yield the open to-dos of several words, each with the last number that half of its words are ``told`` with."""
    known = [(number, stems(said)) for number, said in reversed(told)]
    for todo in (it for it in transcript.todos if known and it.status != "completed"):
        about = stems(todo.text)
        of = next((number for number, words in known if len(about & words) * 2 >= len(about)), 0)
        if of and len(about) > 1:
            yield todo.text, of
