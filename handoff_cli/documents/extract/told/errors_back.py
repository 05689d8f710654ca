"""Errors that are there as before by words that came after it was claimed that they are gone."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.denials import claims
from handoff_cli.documents.extract.language.words import clipped, plain, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Message
    from handoff_cli.documents.extract.facts import Turn


class ErrorsBack:
    """The sentences of a session by which an error that they name is there as before, in their order."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._told = [(it.position, said, named) for it in messages for said, named in _there_again(it.text)]
        self._asked = {it.position: it.text for it in messages if it.role == "user"} if self._told else {}

    def refutes(self, claim: str, position: int, asked: int) -> str:
        """Return the sentence that says that an error is there again which a ``claim`` has gone, empty without any.

        Args:
            claim: A sentence of the agent's.
            position: Its place.
            asked: The place of the request it was told for: the claim may name no error, as that does.
        """
        if not self._told or not claims(claim):
            return ""
        named = names_in(claim) or names_in(self._asked.get(asked, ""))
        return next((said for at, said, again in self._told if at > position and named & again), "")

    def between(self, since: int, until: float) -> str:
        """Return the first sentence after ``since`` and before ``until`` by which an error is back, empty without."""
        return next((said for at, said, _ in self._told if since < at < until), "")


def claims_void(turns: Sequence[Turn], back: ErrorsBack) -> tuple[str, ...]:
    """Return the last claims in ``turns`` with the sentence that refutes each, the latest first, of a sentence one."""
    found: dict[str, str] = {}
    for turn in reversed(turns):
        for it in reversed(turn.told):
            against = back.refutes(it.text, it.position, turn.position) if it.source == "said" else ""
            if against:
                found.setdefault(against, f"{clipped(plain(it.text), _CHARS)} → {clipped(plain(against), _CHARS)}")
    return tuple(found.values())[:_MOST]


def _there_again(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the sentences of ``text`` by which an error is there as before, each with the errors it names."""
    if not (_NAMED.search(text) and _AGAIN.search(text)):
        return
    for said in sentences(text[:_READ_CHARS]):
        named = names_in(said)
        if named and _AGAIN.search(said) and not _NO_MORE.search(said):
            yield said, named


def names_in(text: str) -> frozenset[str]:
    """Return the errors that ``text`` names: a status, an exception, a code."""
    return frozenset(_NAMED.findall(text[:_READ_CHARS]))


_MOST, _CHARS, _READ_CHARS = 2, 140, 8_000
_NAMED = lazily(
    r"(?<![\w.,:/-])(?:[45]\d\d(?![\w:/-]|[.,]\d| ?(?:%|ms\b|[km]b\b|(?:rows|lines|files|tests|items|users|records"
    r"|times|events|cases|entries|messages|commits|points|steps|calls|samples|bytes|words|days|people|patients|orders)\b))"
    r"|[A-Z]\w{2,40}(?:Error|Exception)\b|E[A-Z]{4,12}\b|[A-Z]{2,5}\d{3,5}\b)"
)
_AGAIN = caseless(
    r"\b(?:still|persist(?:s|ed|ing|ent|e)?|again|remains?|(?:is|are|was) back|as before|(?:is|are|stays?) unchanged"
    r"|the same|same"
    r"|immer noch|noch immer|weiterhin|wieder|gleiche[rn]?|sigue[n]?|otra vez|de nuevo|mism[oa]|toujours|encore|m\xeame"
    r"|ainda|mesm[oa]|ancora|stess[oa])\b|\u8fd8\u662f|\u4ecd\u7136|\u4f9d\u7136|\u307e\u3060|\u307e\u305f"
)
_NO_MORE = caseless(
    r"\b(?:no longer|never|not|without|no more|gone|(?:is|was|do|does|did|wo|would|ca)n['\u2019]t|nicht|kein\w*)\b"
    r"[^,;:.\n]{0,40}\b(?:still|again|persist\w*|back|same|wieder)\b"
    r"|\b(?:if|whenever|in case|unless|would|might|could|should|used to|(?<!as )before|let me|try|falls|wenn|si)\b"
    r"|\?\W*$"
    r"|\b(?:still|again|remains?)\b[^,;:.\n]{0,20}\b(?:works?|green|fine|passe[sd]|there for"
    r"|returns? (?:the )?[45]\d\d (?:for|on|when))\b"
)
"""What a sentence has that says that it is not there again, or only may be."""
