"""The plan that the work goes by: its open steps as what is to be done, and how far it has come."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.language.words import as_one_line
from handoff_cli.documents.extract.runs.underway import acts_in
from handoff_cli.documents.markdown import code
from handoff_cli.documents.parts.pieces import MUST, STANDING, Piece, quoted
from handoff_cli.documents.parts.wording import complete, ended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.documents.extract.facts import PlanStep
    from handoff_cli.documents.extract.story import Story


def by_plan(story: Story) -> str:
    """Return the open steps of the approved plan as what is at work, a line each; empty where something else is.

    What the user ordered for the time after it is nothing else, nor is a word to go on.
    """
    plan = story.left.at_plan
    if plan is None or not (plan.approved and plan.of("open")) or story.state != "progress":
        return ""
    latest = story.requests[-1] if story.requests else None
    nothing_else = latest is None or latest.position < plan.position or (latest.bare and not acts_in(latest.text))
    after_it = story.left.owed and _AFTER_IT.search(as_one_line(story.latest))
    return "\n- ".join(_lines(story)) if nothing_else or after_it else ""


_AFTER_IT = caseless(
    r"\b(?:once|when|after|as soon as)\b[^.!?]{0,60}"
    r"\b(?:done|finished|completed?|implemented|through|works?|the plan)\b"
)


def beside_plan(story: Story) -> list[str]:
    """Return the open steps of the plan, a line each, where they are not the work at hand itself.

    Once the agent ended its turn it may have done them in another way than the plan has it: the state tells of them.
    """
    return [] if by_plan(story) or story.state == "answered" else _lines(story)


def _lines(story: Story) -> list[str]:
    """Return the first open steps and the numbers of those behind them, then the checks that the plan wants run."""
    plan = story.left.at_plan
    left = plan.of("open") if plan else []
    if plan is None:
        return []
    file = f", {code(plan.file)}" if plan.file else ""
    lead = f"Go on with the plan that the user approved{file}" if plan.approved else "Open in the plan"
    lines = [f"{lead}: {ended(_told(left[0]))}"] if left else []
    lines += [f"Then {ended(_told(it))}" for it in left[1:_TOLD]]
    lines += [f"Open too: {_numbers(left[_TOLD:])}."] * (len(left) > _TOLD)
    if plan.checks and (plan.approved or left):
        lines.append(f"Of its verification not run yet: {'; '.join(map(code, plan.checks[:_CHECKS]))}.")
    return lines


_TOLD, _CHECKS, _PLACES, _TITLE_CHARS, _ACTION_CHARS = 3, 4, 4, 120, 240


def _told(step: PlanStep) -> str:
    """Return a step with its number in the plan, where it is to be done, and what."""
    places = [code(it) for it in step.places[:_PLACES] if it not in step.title]
    where = f" ({', '.join(places)})" if places else ""
    known = step.action and step.action not in step.title
    action = f": {complete(step.action, _ACTION_CHARS)}" if known else ""
    return f"{step.number}. {complete(step.title, _TITLE_CHARS)}{where}{action}"


def _numbers(steps: Sequence[PlanStep]) -> str:
    return ", ".join(str(it.number) for it in steps)


def steps_of_plan(story: Story) -> Iterator[Piece]:
    """Yield by number which steps of the plan are done, open and not known; with room their titles."""
    plan = story.left.at_plan
    if plan is None:
        return
    rank = MUST if plan.approved or plan.of("open") else 1.0  # of a plan that was worked off it is of little use
    label = f"Steps of the {'approved ' * plan.approved}plan, done where an edit, a run or the agent's words show it:"
    for state, name in (("done", "done"), ("open", "open"), ("", "not known")):
        if steps := plan.of(state):
            titled = "; ".join(f"{it.number}. {as_one_line(it.title)}" for it in steps)
            fuller = rank if state == "open" and story.state == "answered" else 2.0 if state else 1.2
            forms = ((rank, f"{name}: {_numbers(steps)}"), (fuller, f"{name}: {titled}"))
            yield quoted(STANDING, label, *forms, kind="step of the plan")
