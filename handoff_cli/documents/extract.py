"""From a transcript to the facts the next session needs: pure, deterministic, in the order of their worth.

Nothing is summarised: the user's words, commands, errors and names stand as the transcript has them.
"""

from __future__ import annotations

import re

from handoff_cli.documents.commands import (
    is_check,
    is_piped,
    is_rejected,
    last_runs,
    one_command,
    telling_lines,
    untrimmed,
    variables_in,
)
from handoff_cli.documents.facts import Attempt, Check, Request, Story

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Command, Message, Transcript

_ERROR_CHARS = 300
_MAX_DECISIONS = 8
_DECISION_CHARS = 240
_MAX_RULE_CHARS = 1_000

_CURLY = "\u2019"
_RULE = re.compile(
    r"\b(?:do ?n[o']t|never|always|must|should(?:n'?t)?|only|instead|rather|prefer|without|avoid|stop|wrong"
    r"|nope|actually|make sure|revert|undo|not what|bad idea|no need|overcomplicate)\b|^\s*no\b",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    r"\b(?:decided (?:to|on|against)|instead of|rather than|root cause|going with|chose|trade-?off|we(?:'ll| will) use"
    r"|I(?:'ll| will) use|the fix is|opted)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^\n.!?]*(?:[.!?](?=\S)[^\n.!?]*)*[.!?]?")


def extract(transcript: Transcript) -> Story:
    """Return what ``transcript`` tells: requests in their order, every other list with what matters most first."""
    runs = last_runs(transcript.commands)
    requests = _requests(transcript)
    return Story(
        requests=requests,
        answered=_is_answered(transcript),
        todos=transcript.todos,
        commits=tuple(reversed(transcript.commits)),
        failing=_failing(runs, transcript.commands),
        checks=_checks(runs),
        files=transcript.files,
        question=_open_question(transcript),
        answers=tuple(reversed(transcript.answers)),
        decisions=_decisions([message for message in transcript.messages if message.role == "assistant"]),
        variables=variables_in(transcript.commands),
        last_words=_last_words(transcript),
    )


def _requests(transcript: Transcript) -> tuple[Request, ...]:
    """Return the user's words in order; what is repeated, once."""
    said = [(message.position, message.text) for message in transcript.messages if message.role == "user"]
    last = said[-1][0] if said else 0
    found: dict[str, Request] = {}
    for number, (position, text) in enumerate(said, 1):
        words = text.strip()
        key = " ".join(words.split())
        before = found.get(key)
        if position == last:
            found.pop(key, None)
        elif before:
            found[key] = before.replace(times=before.times + 1)
            continue
        rule = number > 1 and position != last and len(words) <= _MAX_RULE_CHARS and _binds(words)
        found[key] = Request(number, words, rule, before.times + 1 if before else 1)
    return tuple(found.values())


def _binds(words: str) -> bool:
    return bool(_RULE.search(words.replace(_CURLY, "'")))


def _is_answered(transcript: Transcript) -> bool:
    """Return whether the agent said or did anything after the last request."""
    last = max((message.position for message in transcript.messages if message.role == "user"), default=0)
    said = any(message.position > last for message in transcript.messages if message.role == "assistant")
    return said or any(call.position > last for call in transcript.tool_calls)


def _failing(runs: list[Command], commands: Sequence[Command]) -> tuple[Attempt, ...]:
    """Return the commands whose last run failed: the project's checks first, then the latest first."""
    failures: dict[str, int] = {}
    for command in commands:
        key = one_command(command.text)
        failures[key] = failures.get(key, 0) + (command.outcome == "failed")
    failed = [run for run in runs if run.outcome == "failed"]
    return tuple(_attempt(run, failures) for run in sorted(failed, key=lambda run: not is_check(run.text)))


def _checks(runs: list[Command]) -> tuple[Check, ...]:
    """Return the checks, the latest first; what differs from a later one only in trimming its output comes last."""
    seen: set[str] = set()
    variants: list[Check] = []
    checks: list[Check] = []
    for run in runs:
        if is_check(run.text):
            command = one_command(run.text)
            check = Check(command, run.outcome, run.exit_code, is_piped(run.text))
            (variants if untrimmed(command) in seen else checks).append(check)
            seen.add(untrimmed(command))
    return (*checks, *variants)


def _attempt(run: Command, failures: dict[str, int]) -> Attempt:
    command = one_command(run.text)
    rejected = is_rejected(run)
    error = None if rejected or not run.error else telling_lines(run.error, _ERROR_CHARS) or None
    return Attempt(command, error, run.exit_code, rejected, failures[command])


def _open_question(transcript: Transcript) -> str | None:
    """Return the question the agent ended with, if nobody has answered it."""
    if not transcript.messages or transcript.messages[-1].role != "assistant":
        return None
    last = transcript.messages[-1]
    later = any(call.position > last.position for call in transcript.tool_calls)
    ending = last.text.strip().split("\n")[-1].strip().strip("*_")
    return ending if ending.endswith("?") and not later else None


def _last_words(transcript: Transcript) -> str | None:
    return next((it.text.strip() for it in reversed(transcript.messages) if it.role == "assistant"), None)


def _decisions(messages: Sequence[Message]) -> tuple[str, ...]:
    """Return sentences of the agent's that say what was decided or found to be the cause, the latest first."""
    found: dict[str, None] = {}
    for message in reversed(messages):
        for sentence in map(str.strip, _SENTENCE.findall(message.text)):
            if len(sentence) <= _DECISION_CHARS and _DECIDED.search(sentence):
                found.setdefault(sentence.lstrip("-*#> "))
        if len(found) >= _MAX_DECISIONS:
            break
    return tuple(found)[:_MAX_DECISIONS]
