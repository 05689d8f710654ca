"""Which sentences of the agent's an edit overtook: what was to be done, what a linter found, what stood against it.

A signature that they quote is told as the last edit left it.
"""

from __future__ import annotations

from handoff_cli.core.code import defined_by
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.findings import CAUSE, WARNS, blames, complains, subject_of
from handoff_cli.documents.extract.language.words import ASKING, identifiers, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit
    from handoff_cli.documents.extract.facts import Finding, Turn


def is_overtaken(finding: Finding, ways: Sequence[tuple[int, set[str]]], edited: int) -> bool:
    """Return whether the edit at ``edited`` may have done what a ``finding`` of a turn told before it.

    ``ways`` are those of ``ways_round`` of all that was told in the turn.
    """
    return finding.position < edited and (
        is_to_do(finding.text)
        or (finding.source == "thought" and complains(finding.text))
        or _is_solved(finding, ways, edited)
    )


def is_disputed(finding: Finding, answer: str) -> bool:
    """Return whether the user's ``answer`` says that a ``finding`` is not so.

    It says that something works and they that it fails, that nothing is amiss and they that it was mended once, or it
    tells something of what they at once tell otherwise.
    """
    if _DISMISSES.search(finding.text) and _KNOWS_BETTER.match(answer[:_ANSWER_CHARS]):
        return True
    otherwise = next(iter(sentences(answer[:_ANSWER_CHARS])), "") if _OTHERWISE.match(answer) else ""
    if otherwise and not (blames(finding.text) or otherwise.endswith(ASKING)):
        return not set(map(str.lower, subject_of(otherwise))).isdisjoint(map(str.lower, subject_of(finding.text)))
    if not _WORKS.search(finding.text) or blames(finding.text):
        return False
    said = [it for it in sentences(answer[:_ANSWER_CHARS]) if _FAILS.search(it) and not it.endswith(ASKING)]
    said = [it for it in said if not _DENIES.search(it)]
    return any(_POINTS.search(it) or subject_of(it) & subject_of(finding.text) for it in said)


_ANSWER_CHARS = 160
_DISMISSES = caseless(
    r"(?:(?:\bnot|n['\u2019]t) (?:something )?caused by|(?:\bnot|n['\u2019]t) (?:really )?an? (?:code )?(?:regression"
    r"|bug|issue|problem)|\ba known (?:\w+ ){0,2}(?:issue|limitation)|\b(?:is|are) harmless|\bcan be ignored)\b"
)
_KNOWS_BETTER = caseless(
    r"\W*(?:yeah|yes|yep|ok(?:ay)?|no|right|sure|well|hm+)?[, ]*but\b[^?]*\b(?:already|before|used to|once|earlier)\b"
)
_OTHERWISE = caseless(
    r"\W*(?:no|nope|wrong|nein)\b[,.:]? [^.?!]{0,60}\b(?:is|are|was|were|runs?|lives?|ist)\b(?!n['\u2019]t)"
)
"""How something is dismissed, how a user begins who knows that it was otherwise, and one who tells how it is."""
_FAILS = caseless(
    r"\b(?:(?:is|are|still|keeps?|keep on) (?:\w+ )?(?:failing|broken|not working|red|wrong)|still fails?"
    r"|does(?:n['\u2019]t| not) work)\b"
)
_DENIES, _POINTS = (
    caseless(r"\b(?:nothing|none|no longer|not\b.*\bany ?more)\b"),
    caseless(r"\b(?:it|this|that|same|still)\b"),
)
_WORKS = caseless(
    r"\b(?:succe(?:eds?|eded|ssful|ssfully)|(?:now|all|it) (?:works?|pass(?:es|ed)?)"
    r"|works? (?:now|fine|correctly|as))\b"
)


def is_to_do(sentence: str) -> bool:
    """Return whether a sentence tells what is to be done rather than what is so: after an edit it may be done."""
    return bool(_TO_DO.search(sentence)) and not CAUSE.search(sentence)


_TO_DO = caseless(
    r"\b(?:(?:also |still )?(?:needs?|has|have|ought) to (?:also )?be \w+|also needs? to|must be in\b"
    r"|(?:(?:is|are) to|must) be (?:updated|changed|fixed|adapted|edited|renamed|added)\b"
    r"|should (?:also |rather )?(?:be|happen|expect|use|have|return|go|stay)\b"
    r"|(?:\A|(?:we|i) )(?:need|have) to\b|(?:we|i) should:|there'?s (?:another|one more|still)"
    r"|the (?:only )?change (?:needed|required|necessary)\b)"
)


def without_last_steps(text: str) -> str:
    """Return ``text`` without the sentences at its end that say what the agent is at: later words end that."""
    told = text.rstrip()
    for it in reversed(sentences(told[-_ENDS:])):
        if not (told.endswith(it) and _IS_AT.match(it)):
            break
        told = told.removesuffix(it).rstrip()
    return told or text


_ENDS = 1_000
_IS_AT = caseless(
    r"(?:(?:so|now|next|first),? )?i(?:['\u2019]m| am) (?:also |just |now )?"
    r"(?!assum|treat|tak|keep|leav|us(?=ing\b)|avoid|skipp|rely)\w+ing\b"
    r"(?![^\n]*\b(?:because|since|so that|as (?!well\b|soon\b))\b)"
)
"""How a sentence begins that says what the agent is at; what it takes something for holds on, as a decision does."""


def ways_round(texts: Sequence[tuple[int, str, str]]) -> list[tuple[int, set[str]]]:
    """Return the places of ``texts`` of a turn that tell a way round something, and the names in them."""
    said = ((at, text) for at, text, source in texts if source in ("thought", "said"))
    return [(at, set(identifiers(text))) for at, text in said if _SOLVES.search(text)]


def _is_solved(finding: Finding, ways: Sequence[tuple[int, set[str]]], edited: int) -> bool:
    """Return whether a later one of ``ways``, with an edit after it, is round what ``finding`` warns of."""
    if not ways or not WARNS.search(finding.text):
        return False
    names = set(identifiers(finding.text))
    return any(finding.position < at < edited and len(names & others) >= _NAMES for at, others in ways)


_NAMES = 2
_SOLVES = caseless(
    r"\bthe (?:cleanest|simplest|best|right|easiest) (?:\w+ )?(?:solution|fix|way|approach)\b(?! would)"
    r"|\bno longer needs? to\b|\b(?:does|do)(?:n['\u2019]t| not) need to\b"
)
"""How a way round is told."""


def with_present_signatures(turns: tuple[Turn, ...], edits: Sequence[Edit]) -> tuple[Turn, ...]:
    """Return ``turns`` with each signature that they quote as the last of the ``edits`` since left it."""
    quoting = [turn for turn in turns if any(_SIGNATURE.search(it.text) for it in turn.told if "`" in it.text)]
    if not (quoting and edits):
        return turns
    return tuple(
        turn.replace(told=tuple(_with_present(it, edits) for it in turn.told)) if turn in quoting else turn
        for turn in turns
    )


def _with_present(finding: Finding, edits: Sequence[Edit]) -> Finding:
    quoted = _SIGNATURE.search(finding.text)
    if quoted is None or finding.text.count(f"{quoted[2]}(") > 1 or _OF_BEFORE.search(finding.text):
        return finding  # it tells of the old one, or of both
    signature = quoted[1].rstrip(" {:")
    for edit in edits:
        if edit.position > finding.position and signature in edit.old and edit.outcome != "failed":
            lines = (line.strip() for line in edit.new.split("\n") if f"{quoted[2]}(" in line)
            now = next((line for line in lines if defined_by(line) == quoted[2] and ")" in line), signature)
            signature = now.rstrip(" {:")
    return finding.replace(text=f"{finding.text[: quoted.start(1)]}{signature}{finding.text[quoted.end(1) :]}")


_OF_BEFORE = caseless(
    r"\b(?:was|were|took|had|did|used to|returned|becomes?|instead|old|before|because|cause|problem|bug)\b"
)
_SIGNATURE = lazily(
    r"(?<!`)`((?:(?:export|pub|public|async|static|default) )*(?:func|def|fn|function) (?:\([^()`\n]*\) )?"
    r"(\w{4,})\([^`\n]{0,200})`(?!`)"
)
