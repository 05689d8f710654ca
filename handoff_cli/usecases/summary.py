"""A summary by somebody else's command: it gets the facts, and what it answers is labelled as its own."""

from __future__ import annotations

import shlex

from handoff_cli.core.text import printable, shorten
from handoff_cli.redaction import redact

TIMEOUT_SECONDS = 120
MAX_CHARS = 4_000


def summarize(document: str, command: str, *, redacted: bool = True) -> tuple[str | None, str | None]:
    """Give ``document`` to ``command`` on standard input and return (its answer, None) or (None, why there is none).

    The command is split into words as a shell would, but no shell runs it. It has two minutes.
    """
    from subprocess import DEVNULL, PIPE, TimeoutExpired, run

    try:
        words = shlex.split(command)
        done = run(words, input=document.encode(), stdout=PIPE, stderr=DEVNULL, timeout=TIMEOUT_SECONDS, check=False)
    except ValueError as error:
        return None, _failed(command, str(error))
    except (OSError, IndexError) as error:
        return None, _failed(command, getattr(error, "strerror", None) or "no command")
    except TimeoutExpired:
        return None, _failed(command, f"no answer in {TIMEOUT_SECONDS} seconds")
    if done.returncode:
        return None, _failed(command, f"exit code {done.returncode}")
    answer = done.stdout.decode("utf-8", "replace").strip()
    if not answer:
        return None, _failed(command, "it said nothing")
    return shorten(redact(answer) if redacted else answer, MAX_CHARS), None


def _failed(command: str, why: str) -> str:
    return f"no summary from {printable(command)}: {why}; the document is whole without it"
