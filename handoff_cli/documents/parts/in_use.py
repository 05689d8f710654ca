"""The part that tells what is in hand: commands, searches, names of code and files, and what was read last."""

from __future__ import annotations

from handoff_cli.core.paths import AT_LINE
from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.commands.checks import untrimmed
from handoff_cli.documents.extract.commands.told_commands import beyond_folder
from handoff_cli.documents.extract.language.words import SENTENCE_END, as_one_line, clipped, start_of, whole
from handoff_cli.documents.extract.told.searches import PATCH
from handoff_cli.documents.files import short_path
from handoff_cli.documents.parts.at_work import ASKS
from handoff_cli.documents.parts.pieces import (
    FILES_MET,
    FINDINGS,
    HAND,
    MUST,
    NAMES,
    OTHER_FILES,
    SOON,
    SPARE,
    STANDING,
    Piece,
    file_name,
    hand_lines,
    quoted,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.story import Story


_NAMES_AT_HAND = -0.6
"""The order of the first few names of code: work goes on with them."""


def in_hand(story: Story) -> Iterator[Piece]:
    """Yield commands, searches, lines of what was read last, names of code and files, as they were used."""
    hand = story.in_use.hand
    lead = _NEAREST if any(AT_LINE.search(it) for _, it in hand) else _IN_USE
    yield from _commands(story, lead)
    yield from _searches(story)
    if hand:
        many = [most for most in (8, 14, 22) if most < len(hand)] + [min(len(hand), 30)]
        lines = (
            (0.1 + step * 0.2 if step else _NAMES_AT_HAND, hand_lines(hand, most)) for step, most in enumerate(many)
        )
        yield quoted(HAND, lead, *lines, kind=NAMES)
    own = {file_name(file.path) for file in story.changed.files if file.action != "read"}
    nearby = [
        short_path(path) for path in story.in_use.nearby if file_name(path) not in own and " " not in file_name(path)
    ]
    if nearby:
        forms = (
            (order, f"{OTHER_FILES}{', '.join(nearby[:most])}") for order, most in ((-0.55, 4), (0.05, 7), (0.3, 12))
        )
        yield quoted(HAND, lead, *forms, kind=FILES_MET)


def compared(story: Story) -> Iterator[Piece]:
    """Yield what comparing files showed, where room is left."""
    for index, line in enumerate(story.in_use.compared):
        label = "What comparing showed, the latest first (nothing was said of it yet):"
        yield quoted(FINDINGS, label, (SPARE + index, line))


def _commands(story: Story, lead: str) -> Iterator[Piece]:
    shown = {command.removeprefix("$ ")[:_ALIKE] for command, _ in story.in_use.fetched}
    checks = {untrimmed(it.command) for it in story.runs.checks}  # how they ended tells another part
    done = {it.step for it in story.changed.outside}
    figures = {it.command for it in story.in_use.measured}
    fresh = [it for it in story.in_use.again if clipped(it[0], 150) not in figures]
    again = [it for it in fresh if not (untrimmed(it[0]) in checks or any(step in it[0] for step in done))]
    for index, (command, times, gave) in enumerate(again):
        often = f" ×{times}" if times > 1 else ""  # noqa: RUF001
        brief = f"{often} → {clipped(gave, 60)}" if gave and index < _RESULTS_AT_ONCE else often
        if command[:_ALIKE] not in shown:
            shown.add(command[:_ALIKE])
            order = 0.03 + index / 20 if index < _FIRST_COMMANDS else 1.0 + index / 4
            order = _AGAIN_AND_AGAIN if times >= _OFTEN and index < _FIRST_COMMANDS else order
            short, whole = f"$ {start_of(command, 44, 20)}", f"$ {clipped(command, 150)}"
            steps = [(order, f"{short}{brief}"), (5.0 + index, f"{whole}{brief}")]
            steps += [(12.0 + index, f"{whole}{often} → {gave}")] * bool(gave)
            yield quoted(HAND, lead, *steps, kind="command")


_OFTEN, _AGAIN_AND_AGAIN = 3, -0.57
"""A command that was run so often will be run again: it comes right after the first names."""


def _searches(story: Story) -> Iterator[Piece]:
    known = {file_name(path) for path in story.changed.broken.users} if story.changed.broken else set()
    found = [(it, result) for it, result in story.in_use.searched if result and not _all_known(result, known)]
    lists = [it for it in found if _FILES_ALONE in it[1]]
    shown = [it for it in found if it not in lists[_LISTS_TOLD:]]
    answers = is_asked(story)
    for index, (pattern, result) in enumerate(shown[:_SEARCHES]):
        lines = [clipped(it, 280) for it in result.split("\n")]
        head, order = f"searched {clipped(pattern, 80)} →", _SEARCH_ORDERS[index]
        told = "\n".join((head, *(f"  {it}" for it in lines))) if lines[1:] else f"{head} {lines[0]}"
        forms = [(_ANSWERS if answers and lines[1:] and not index else order, told)]
        if len(lines) > _AT_ONCE + 1 and forms[0][0] == order:
            brief = (head, *(f"  {it}" for it in lines[:_AT_ONCE]), f"  and {len(lines) - _AT_ONCE} more")
            forms = [(order, "\n".join(brief)), (order + _FULLER, told)]
        yield quoted(HAND, "Searched for the latest request:", *forms, kind="result of a search")


def is_asked(story: Story) -> bool:
    """Return whether the latest request is a question that no edit, and no end of the agent's turn, has answered."""
    latest = as_one_line(story.latest)
    return story.state == "progress" and not story.changed.acted and bool(ASKS.search(latest))


_ANSWERS = -0.9
"""The order of what the search for a question found last: it is the answer, or half of it."""


def fetched(story: Story) -> Iterator[Piece]:
    """Yield what commands fetched for the latest request: what somebody wrote is told in full."""
    reads = not story.changed.acted and bool(_TO_READ.search(story.latest[:_REQUEST_CHARS]))
    for index, (command, result) in enumerate(story.in_use.fetched):
        said, _, proposed = result.partition("\n")
        if all(it in story.runs.printed for it in result.split(" | ")):
            continue  # it stands among what the last command printed
        if f"{command.replace('$ ', 'ran ', 1)} → {result}" in story.runs.happened:
            continue  # it stands among the last steps
        if index or " | " in said:  # lines that a command printed
            soon = reads if index else not story.changed.acted
            sizes = ((SOON if soon else 0.4 + index, 200 if index else 300), (2.0 + index, 600))
        else:
            sizes = ((MUST, 900), (1.2, 1_600)) if not story.changed.acted else ((MUST, 360), (0.5, 900))
        if said.startswith(PATCH) and not index:  # of which what came of the requests tells more
            sizes = ((0.5 if story.changed.acted else _PATCHED, 480), (2.0, 900))
        head = f"{start_of(beyond_folder(command, 46), 46, 20)} →"
        forms = [(order, f"{head} {_sentences(said, size)}") for order, size in sizes]
        if proposed:
            forms.append((forms[-1][0] + 0.5, f"{forms[-1][1]}\n{_first_lines(proposed)}"))
        asked = " for the latest request" * bool(story.requests)
        yield quoted(STANDING, f"Printed{asked}:", *forms, kind="result of a command")


_TO_READ = caseless(r"\b(?:compare|review|read|look (?:at|into|through)|summari[sz]e|differences?|what changed)\b")
_REQUEST_CHARS, _PATCHED = 600, -0.88
"""What a request says, near its beginning, of which the product is what was read for it; when names of a patch come."""


def _sentences(text: str, size: int) -> str:
    """Return the first sentences, or lines, of ``text`` that fit ``size`` characters, else its beginning."""
    if len(text) <= size:
        return text
    text = whole(text)
    ends = [it.start() for it in SENTENCE_END.finditer(text)]
    if " | " in text:
        return f"{text[:size].rpartition(' | ')[0] or text[:size]} | …"
    fits = [it for it in ends if it <= size] or [it for it in ends[:1] if it * 2 <= size * 3]
    return text[: fits[-1]] if fits and fits[-1] * 2 > size else clipped(text, size)


def _first_lines(code: str) -> str:
    """Return the first lines of ``code`` that are no comment, with a mark where more follow."""
    lines = [line for line in whole(code).split("\n") if line.strip() and not line.strip().startswith(("//", "#"))]
    return "\n".join((*lines[:_PROPOSED], *["…"] * (len(lines) > _PROPOSED)))


_PROPOSED = 30


def _all_known(result: str, known: set[str]) -> bool:
    """Return whether a list of files that a search found holds few that are not ``known``."""
    files = result.partition(_FILES_ALONE)[2].rstrip("…,").split(", ")
    return bool(known) and sum(it not in known for it in files) * 3 < len(files)


_SEARCH_ORDERS, _AT_ONCE, _FULLER = (0.5, 2.0, 3.0, 4.0), 5, 9.0
_SEARCHES, _LISTS_TOLD, _FILES_ALONE = len(_SEARCH_ORDERS), 1, " files: "
_IN_USE, _NEAREST = "In use lately:", "In use lately (`name:line`: defined there):"
_ALIKE = 40
_FIRST_COMMANDS, _RESULTS_AT_ONCE = 6, 3
