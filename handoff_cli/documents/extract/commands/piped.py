"""What is printed of a check but by itself: what a pipe lets through, what its line or its task prints."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.verdicts import SILENT, is_nothing, is_silent
from handoff_cli.documents.extract.commands.outputs import tells


def shows_no_error(text: str, bare: str, output: str) -> bool:
    """Return whether all that the check ``text`` printed is in the ``output`` of its pipe, and tells of no error.

    ``bare`` is ``text`` without what is quoted. Runners of scripts say what they run before it runs.
    """
    if not _passes_errors(text, bare):
        return False
    if is_nothing(output):
        return bool(SILENT.search(bare))
    if not _is_whole(bare, output):
        return False
    said = [line for line in output.split("\n") if line.strip() and not _HEADS.match(line)]
    ran = [found[1] for line in said if (found := _RUNS.match(line))]
    return bool(ran) and len(ran) == len(said) and all(map(is_silent, ran))


def led_on(behind: str, output: str) -> bool:
    """Return whether a build passed, as the step that stands ``behind`` it in its command line ran.

    Something was printed, and nothing in the ``output`` tells of an error: a compiler that fails says so.
    """
    return _LEADS_ON.match(behind) is not None and not is_nothing(output) and not tells(output[:_MOST_CHARS].lower())


_LEADS_ON, _MOST_CHARS = lazily(r"[^;&|\n]*&&\s*\S"), 2_000


def led_past(bare: str, ends: list[int]) -> bool:
    """Return whether only a step behind the checks is piped, which ran as they passed (``a && b | tail``).

    ``bare`` is the command line without what is quoted, ``ends`` tells where the checks in it end. The line's own end
    tells of them then.
    """
    up_to = max(ends, default=len(bare))
    own, joined, _ = bare[up_to:].partition("&&")
    return bool(joined) and "|" not in bare[:up_to] + own and not any(it in bare for it in (";", "||", "\n"))


def run_by_tasks(output: str) -> list[str]:
    """Return the commands that runners of tasks and scripts say they run, by the beginning of ``output``."""
    whole = output[:_MOST_CHARS].rpartition("\n")[0] if len(output) > _MOST_CHARS else output
    return [found[1] for line in whole.split("\n") if (found := _RUNS.match(line))]


def echoed(text: str, output: str) -> str | None:
    """Return how a check ended by what the command line itself prints of it, None where it prints nothing."""
    last = output.strip().rpartition("\n")[2]
    if "$?" in text or "PIPESTATUS" in text:
        code = _CODE.search(last)
        return None if code is None else "ok" if code[1] == "0" else "failed"
    for pattern, outcome in ((_ECHOES_PASS, "ok"), (_ECHOES_FAILURE, "failed")):
        *_, word = (None, *pattern.finditer(text))  # what stands before may tell of something else
        if word and last == word[2].strip():
            return outcome
    round_ = _ECHOES_EACH.search(text)
    return "failed" if round_ and f"\n{round_[1]}" in f"\n{output}" else None


_ECHOES_PASS, _ECHOES_FAILURE = (
    lazily(rf"{joined}\s*echo\s+(['\"]?)([^'\"\n;&|]+)\1\s*(?:$|[|;)])") for joined in ("&&", r"\|\|")
)
_ECHOES_EACH = lazily(r"\bdo\b[^\n]{1,400}\|\|\s*echo\s+['\"]?([^'\"\n;&|$]{3,80})")
"""A loop that says of each round in which its check failed that it did, mostly with the number of the round."""
_CODE = lazily(r"(?:^|\D)(\d{1,3})\W*$")


def _passes_errors(text: str, bare: str) -> bool:
    """Return whether a pipe passes on whatever would tell of an error."""
    through = bare.split("|")[1:]
    return all(_TRIMS.match(it) for it in through) and ("grep" not in bare or bool(_GREPS_ERRORS.search(text)))


def _is_whole(bare: str, output: str) -> bool:
    """Return whether a pipe that shows only the last lines showed fewer than it may: nothing was cut off."""
    through = bare.split("|")[1:]
    shown = len(output.strip("\n").split("\n"))
    return all(_PASSES.match(it) or ((most := _LAST.match(it)) and shown < int(most[1] or 10)) for it in through)


_TRIMS = lazily(r"\s*(?:head|tail|cat|tee|less|sort|uniq|e?grep)\b|\s*$")
_GREPS_ERRORS = caseless(r"grep\b[^|]*(?:error|fail|warn)|grep\s+(?:-\S+\s+)*-v")
_PASSES, _LAST = lazily(r"\s*(?:cat|tee|less)\b"), lazily(r"\s*tail(?:\s+(?:-n\s*|--lines[= ]|-)(\d{1,5}))?\s*$")
_HEADS = lazily(r"> (?:@?[\w./-]+@\S*|\S+@\S+) [\w:.-]+(?: \S+)?\s*$|yarn run v\d|Done in [\d.]+m?s")
_RUNS = lazily(r"(?:\[[\w:.-]+\] )?[>$] (\S.*)$")
"""How npm, pnpm and yarn begin a script, and they and mise show the command that it is."""
