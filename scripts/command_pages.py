"""The pages made from the commands themselves: docs/commands.md, and the man page that the wheel brings."""

from __future__ import annotations

import inspect
import re
from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any

from handoff_cli.cli.app import root, run_typer
from handoff_cli.cli.commands import GROUPS
from handoff_cli.cli.reader import common, take_apart
from handoff_cli.constants import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = """# Every command and option

Made from the commands themselves (`make docs`); `man handoff` says the same. Common options may stand before or after
the command. Files, settings and exit codes are in [files.md](files.md), what `--json` prints is in [json.md](json.md).
"""

_EXIT_STATUS = (
    ("0", "done"),
    ("1", "an expected failure; the message says what to do"),
    ("2", "the command line cannot be understood (never from hook)"),
    ("3", "state or settings cannot be read"),
    ("4", "another process held the lock for too long"),
    ("10, 11, 12", "status --exit-code: warning, critical, over"),
    ("70", "a bug in handoff; the message names the log to send"),
    ("130", "interrupted"),
)
_ENVIRONMENT = (
    ("HANDOFF_DIR", "as --dir"),
    ("HANDOFF_SESSION", "as --session"),
    ("HANDOFF_...", "any setting, in capitals: HANDOFF_WARNING_THRESHOLD=70%"),
    ("NO_COLOR, TERM=dumb", "no color unless --color always is given"),
    ("COLUMNS", "the width to draw for"),
    ("VISUAL, EDITOR", "what config edit opens"),
)
_FILES = (
    (".agent-handoffs/token_usage.json", "settings, and the state of the running session"),
    (".agent-handoffs/checkpoints.jsonl", "the ledger of the session"),
    (".agent-handoffs/CURRENT_SESSION.md", "the handoff document"),
)


def help_of(command: str) -> str:
    """Return what ``handoff COMMAND --help`` prints at 80 columns."""
    with redirect_stdout(StringIO()) as output:
        run_typer(take_apart([*command.split()[1:], "--help"]))
    return "\n".join(line.rstrip() for line in output.getvalue().strip().splitlines())


def commands_page() -> str:
    """Return docs/commands.md: the help of every command, in the order in which --help lists them."""
    parts = [_HEAD, _section("handoff", 2)]
    for heading, modules in GROUPS.items():
        parts.append(f"## {heading}\n")
        parts += [_section(f"handoff {path}", 3) for paths in modules.values() for path in paths]
    return "\n".join(parts)


def _section(command: str, level: int) -> str:
    return f"{'#' * level} `{command}`\n\n```text\n{help_of(command)}\n```\n"


def man_page() -> str:
    """Return the man page in roff."""
    app = root()
    first, _, example = inspect.cleandoc(common.__doc__ or "").partition("\n\n")
    lines = [
        f'.TH HANDOFF 1 "" "handoff {VERSION}" "User Commands"',
        *(".SH NAME", f"handoff \\- {_roff(first[:1].lower() + first[1:].rstrip('.'))}"),
        *(".SH SYNOPSIS", ".B handoff", _roff("[OPTIONS] COMMAND [ARGS]...")),
        *(".SH DESCRIPTION", _roff(first), ".PP", _roff(example)),
        *(".SH OPTIONS", "They may stand before or after the command.", *_parameters(app, "handoff")),
    ]
    for heading, modules in GROUPS.items():
        lines.append(f".SH {_roff(heading.upper())} COMMANDS")
        for path in (path for paths in modules.values() for path in paths):
            lines += _command(app, path)
    for heading, table in (("EXIT STATUS", _EXIT_STATUS), ("ENVIRONMENT", _ENVIRONMENT), ("FILES", _FILES)):
        lines += [f".SH {heading}", *(part for name, text in table for part in _item(name, text))]
    return "\n".join(lines) + "\n"


def _command(app: Any, path: str) -> Iterator[str]:
    command = app
    for name in path.split():
        command = command.commands[name]
    context = command.make_context(f"handoff {path}", [], resilient_parsing=True)
    yield f".SS {_roff(' '.join(['handoff', path, *command.collect_usage_pieces(context)]))}"
    for number, paragraph in enumerate([*command.help.split("\n\n"), command.epilog.removeprefix("\b")]):
        yield from [".PP"] * bool(number)
        yield _roff(" ".join(paragraph.split()))
    yield from _parameters(command, f"handoff {path}")


def _parameters(command: Any, name: str) -> Iterator[str]:
    context = command.make_context(name, [], resilient_parsing=True)
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record and record[0] != "-h, --help":
            yield from _item(record[0].strip(), " ".join(record[1].split()))


def _item(name: str, text: str) -> tuple[str, ...]:
    return ".TP", f".B {_roff(name)}", _roff(text)


def _roff(text: str) -> str:
    r"""Return ``text`` as roff shows it: backslashes and dashes as they are, no request at the start of a line."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti").replace("^", "\\(ha")
    return re.sub(r"^([.'])", r"\\&\1", escaped, flags=re.MULTILINE)
