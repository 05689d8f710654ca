"""What was made or told and did not do, by the user's word: it need not be tried again."""

from __future__ import annotations

from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.failed import Refuted
from handoff_cli.documents.extract.files.changes import change_line
from handoff_cli.documents.extract.files.edits import digest, of_project
from handoff_cli.documents.extract.language.agreements import is_bare
from handoff_cli.documents.extract.language.announced import is_users_move
from handoff_cli.documents.extract.language.denials import claims, confirms, denies, error_in, tells_of_failure
from handoff_cli.documents.extract.language.objections import offer_in, stems
from handoff_cli.documents.extract.language.shortened import brief
from handoff_cli.documents.extract.language.words import as_one_line, clipped, identifiers, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Edit, Message, Transcript

_LOOKED_AT, _MOST = 40, 4
_WHAT_CHARS, _WORDS_CHARS, _ERROR_CHARS, _READ_CHARS = 180, 200, 240, 8_000


def _leaves_open(later: Message) -> bool:
    """Return whether a word of the user's leaves open what was reported before: it turns to nothing else."""
    return is_bare(later.text) or tells_of_failure(later.text) or is_users_move(later.text)


def refuted(transcript: Transcript) -> tuple[Refuted, ...]:
    """Return what a later word of the user's says that it did not do, and errors reported since, the latest first.

    What was edited between two words of the user's tells what was tried, else the sentence of the agent's that claims
    to have mended it, orders or offers something. A fix that works by the user's next word, though nothing was made
    since, was none that failed.
    """
    users = [it for it in transcript.messages if it.role == "user"]
    starts = (-1, *(it.position for it in users[:-1]))
    found: list[Refuted] = []
    for message, start in [*zip(users, starts, strict=False)][-_LOOKED_AT:]:
        denial = denies(message.text)
        error = error_in(message.text) if denial or tells_of_failure(message.text) else ""
        if not (denial or error):
            continue
        spoke = [it for it in transcript.messages if it.role != "user" and start < it.position < message.position]
        edits = [it for it in transcript.edits if start < it.position < message.position]
        if not (denial or spoke or edits):
            continue
        later = [it for it in users if it.position > message.position]
        works = next((it.position for it in later if confirms(it.text)), 0)
        if works and edits and not any(message.position < it.position < works for it in transcript.edits):
            continue
        if denial and not error and found and found[-1].live:
            error = found[-1].error
        found.append(
            Refuted(
                _tried(message, spoke, edits, transcript) if denial else "",
                clipped(denial or as_one_line(message.text), _WORDS_CHARS),
                clipped(error, _ERROR_CHARS),
                message.position,
                not works and all(map(_leaves_open, later)),
                any(it.position > message.position for it in transcript.edits),
            )
        )
    return tuple(reversed(found))[:_MOST]


def _tried(message: Message, spoke: Sequence[Message], edits: Sequence[Edit], transcript: Transcript) -> str:
    """Return what came before the user's ``message`` that this says did not do, empty where nothing tells."""
    files = digest(of_project(transcript.replace(edits=tuple(it for it in edits if it.outcome != "failed"))))
    changed = [f"{name_of(it.path)}: {change_line(it.changes[0])}" for it in files if it.changes]
    if 0 < len(changed) <= _FEW_FILES:
        return clipped("; ".join(changed), _WHAT_CHARS)
    told = [it for said in reversed(spoke) for it in sentences(said.text[-_READ_CHARS:])]
    claimed = sorted((it for it in told if claims(it) and _is_full(it)), key=lambda it: -len(identifiers(it)))
    ordered = [it for it in told if _ORDERS.match(it)]
    wanted = stems(message.text)
    what = next(iter(claimed), "") or max(ordered, key=lambda it: len(stems(it) & wanted), default="")
    what = what or (offer_in(spoke[-1].text, message.text) if spoke else "")
    after = next((it for it in transcript.messages if it.role != "user" and it.position > message.position), None)
    return brief(what or (_named_after(after.text) if after else ""), _WHAT_CHARS)


def _is_full(claim: str) -> bool:
    """Return whether a ``claim`` says what was done, not only that it was."""
    return bool(_CODE.search(claim)) or (len(claim) >= _LONG_CLAIM and not claim.endswith(_CRIES))


_FEW_FILES, _LONG_CLAIM, _CRIES = 3, 40, (":", "!", "\uff1a", "\uff01")
_CODE = lazily(r"`[^`\n]{2,}`|[\w)]\.\w|\w[(_]\w")
_ORDERS = caseless(
    r"(?:\d+[.)] |\W)*(?:(?:please|just|then|now|instead|try to|you (?:can|should|need to)),? )*(?:try|use|add|remove"
    r"|change|set|run|replace|update|install|delete|rename|move|put|wrap|restart|clear|make sure|double-check|downgrade"
    r"|upgrade|disable|enable|paste|comment out|uncomment|reinstall|rebuild|switch)\b(?=.{12})"
)


def _named_after(answer: str) -> str:
    """Return what the agent's ``answer`` to a denial says that it was which did not do, empty where it does not."""
    found = _DID_NOT.search(answer[:_ANSWER_CHARS])
    return found[1].strip() if found else ""


_ANSWER_CHARS = 600
_DID_NOT = lazily(
    r"\b(?:[Ss]ince|[Aa]s|[Bb]ecause|[Ii]f|[Ss]o) ([^.,;\n]{8,140}?) (?:did|does|do|has|have)(?:n['\u2019]t| not)"
    r" (?:fix|help|work|change|solve|resolve)"
)
