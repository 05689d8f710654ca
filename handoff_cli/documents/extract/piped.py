"""What a pipe lets through of a check: whether all it printed is there, and what that tells of how it ended."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.verdicts import SILENT, is_nothing, is_silent
from handoff_cli.documents.extract.outputs import tells


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
_RUNS = lazily(r"[>$] (\S.*)$")
"""How npm, pnpm and yarn begin a script, and show the command that it is."""
