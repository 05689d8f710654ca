"""Whether the work at hand writes its tests before the code that they test, by the agent's words."""

from __future__ import annotations

from handoff_cli.core.paths import is_test
from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.language.words import sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Transcript


def said_tests_first(transcript: Transcript, asked: int) -> str:
    """Return the agent's last sentence since ``asked`` by which tests come before the code; empty once code is edited.

    Empty too before a test was.
    """
    edits = [it for it in transcript.edits if it.position > asked and it.outcome != "failed"]
    if not edits or not all(is_test(it.path) for it in edits):
        return ""
    told = [it for it in (*transcript.messages, *transcript.reasonings) if it.position > asked and it.role != "user"]
    said = (it for text in sorted(told, key=lambda it: -it.position) for it in reversed(sentences(text.text)))
    return next((it for it in said if _says_so(it)), "")


def _says_so(sentence: str) -> bool:
    """Return whether a ``sentence`` says that tests come first, and neither denies it nor has them only run first."""
    found = _TESTS_FIRST.search(sentence)
    if found is None or _RUN.search(found[0]):
        return False
    return not (_DENIES.search(sentence[: found.end()]) or _DENIED.match(sentence[found.end() :]))


_TESTS_FIRST = caseless(
    r"\b(?:add|begin|creat|start|writ)\w*\b[^.]{0,40}\b(?:failing|red) tests?\b"
    r"|\b(?:add|creat|start(?:ing)? with|writ)\w*\b[^.]{0,40}\btests? first\b|^\W*tests? first\b|\btdd\b"
    r"|\btest[- ]driven\b"
)
_RUN = caseless(r"\b(?:re-?)?r[au]n(?:ning|s)?\b")
_DENIES = caseless(r"\b(?:no|not|never|without|instead|skip\w*)\b|n['\u2019]t\b")
_DENIED = caseless(r"\W*(?:(?:is|was|would|makes?|does|do|has) ?)?(?:not?\b|n['\u2019]t\b)")
"""How what stands before such words, or right behind them, takes them back."""
