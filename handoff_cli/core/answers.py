"""What tools answer to a call that did not run: the user said no, or a policy did."""

from __future__ import annotations

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import caseless
from handoff_cli.core.transcript import REFUSED

_REFUSES = caseless(
    r"\W*(?:(?:error|blocked|exec denied|encountered error in step execution): )?(?:"
    r"(?:(?:it|command|patch|operation|permission|exec command|tool (?:call|use|execution|\"[^\"\n]{1,80}\")"
    r"|the (?:tool call|command|edit)) ?(?:was |is |has been )?)?(?:rejected|denied|declined|refused|blocked)"
    r" by (?:the )?user\b"
    r"|(?:tool \"[^\"\n]{1,80}\" )?was not (?:approved\Z|run because the user (?:rejected|denied|declined|refused)\b)"
    r"|(?:the )?user (?:(?:has |did not |doesn['\u2019]t )?(?:rejected|denied|declined|refused|allow(?: this| tool)"
    r"|want to (?:proceed|take this action)))\b|operation cancell?ed\] reason: user (?:denied|did not allow))"
)


def is_refused(answer: str) -> bool:
    """Return whether the ``answer`` of a tool begins with saying that the user did not let the call run.

    So end calls that were not allowed in Codex ("exec command rejected by user"), Gemini CLI and Qwen ("[Operation
    Cancelled] Reason: User denied execution."), Cline ("The user denied this operation"), OpenCode ("The user rejected
    permission to use this specific tool call"), Antigravity ("Encountered error in step execution: user denied
    permission for command(…)"), OpenClaw ("exec denied: user denied"), Continue ("Permission denied by user"), goose
    ("The user has declined to run this tool"), Kimi Code ("Tool "Bash" was not run because the user rejected the
    approval request"), Amp ("Tool execution rejected by user").
    """
    if answer.startswith(REFUSED):
        return True
    return ("user" in answer.lower() or answer.endswith("approved")) and _REFUSES.match(answer) is not None


def is_held_back(answer: str) -> bool:
    """Return whether the ``answer`` to questions says that the user has something to clarify before: they are open yet.

    Claude Code (2.1) tells it as a refusal, with words that are its own and not the user's.
    """
    return answer.startswith(REFUSED) and _TO_CLARIFY in answer


_TO_CLARIFY = "the user said:\nThe user wants to clarify these questions."
_CUT_OFF = caseless(
    r"\W*(?:(?:api )?error: )?(?:request |command |operation |tool (?:call|use|execution) )?(?:was )?"
    r"(?:interrupted|cancell?ed|aborted) by (?:the )?user"
    r"|\[operation cancell?ed\] reason: user (?:cancell?ed|aborted)"
)


@lru_cache(maxsize=256)
def is_cut_off(answer: str) -> bool:
    """Return whether the ``answer`` of a call says that the user stopped it while it ran.

    Claude Code says so behind what a command had printed till then, in one of two ways, Kimi Code too. Copilot CLI says
    it of all calls of a response.
    """
    if answer.endswith(_STOPPED_HERE) or answer == _ABORTED:
        return True
    return "user" in answer[:_CUT_OFF_CHARS].lower() and _CUT_OFF.match(answer) is not None


_CUT_OFF_CHARS = 80
_ABORTED = "Command aborted"
_STOPPED_HERE = (
    f"\n\n{_ABORTED}",  # pi
    "\n[Command interrupted]",  # Hermes
    *(f"\nUser aborted the command\n</{tag}>" for tag in ("shell_metadata", "bash_metadata", "metadata")),  # OpenCode
    "<error>Command was aborted before completion</error>",
    "\n[Request interrupted by user for tool use]",
    "\nInterrupted by user",
    "The execution of this tool, or a previous tool was interrupted.",
)
_STOPPED = caseless(
    r"\W*(?:interrupted\b|\[?request interrupted|user rejected|tool use rejected"
    r"|the user (?:doesn't|does not) want to|no \(tell )"
)


def is_stopped(shown: str) -> bool:
    """Return whether what a screen has ``shown`` of a call says that the user stopped it or did not let it run."""
    return is_refused(shown) or is_cut_off(shown) or _STOPPED.match(shown) is not None


_BLOCKED = caseless(
    r"\W*(?:error: )?(?:"
    r"(?:[\w.' -]{0,60}? )?(?:reject|block|den[iy]|refus|disallow|forbid)\w* [^.\n]{0,80}\bpolic(?:y|ies)\b"
    r"|(?:this action|the command) was (?:rejected|blocked) due to\b"
    r"|this (?:command|action|tool) requires (?:\w+ )?approval\b"
    r"|[\w.+-]{1,40} runs [^\n:,]{1,60}, which cannot be checked against\b"
    r"|permission to use [^\n]{1,400} has been denied|\w+ requested permissions? to [^\n]{1,400}n['\u2019]t granted"
    r"|[\w:.-]{0,80} ?hook (?:blocking |denied |blocked |returned )?error\b"
    r"|(?:blocked|denied|stopped) by (?:a )?[\w ]{0,30}hook\b)"
)
_OF_BLOCKED = ("polic", "due to", "denied", "granted", "hook", "approval", "cannot be checked")
"""One of these is in whatever ``_BLOCKED`` finds."""


@lru_cache(maxsize=256)
def is_blocked(answer: str) -> bool:
    """Return whether the ``answer`` of a tool begins with saying that a policy, a rule or a hook turned the call down.

    As the tools of Codex do in a plain result (seen in 0.125), and Claude Code by its permissions and hooks (2.1).
    """
    lower = answer.lower()
    return any(word in lower for word in _OF_BLOCKED) and _BLOCKED.match(answer) is not None
