"""What the documentation says about cost, made from ``benchmarks/results``: tables for the text, and plots."""

from __future__ import annotations

from typing import Any

from benchmarks import charts
from benchmarks.results import read
from benchmarks.stages import STAGES
from benchmarks.targets import TARGETS, Target

NOT_MEASURED = "not measured"
_PLOTTED = ("track", "count", "status --line", "status --json", "statusline", "hook", "sync")
_UNITS = {"milliseconds": "ms", "mebibytes": "MiB"}
_LAST_PERCENT = 150.0
_SHOWN = 5
_LEAST_SHOWN = 0.05
"""Milliseconds; a stage that is shorter in every command is not shown."""


def tables() -> dict[str, str]:
    """Return the Markdown of each generated part by its name."""
    return {
        "machine": _machine(),
        "targets": _targets(),
        "missed": _missed(),
        "stages": _stages(),
        "details": _details(),
        "growth": _growth(),
        "others": _others(),
        "fleet": _fleet(),
        "retention": _retention(),
    }


def plots() -> dict[str, str]:
    """Return the SVG of each plot by its file name."""
    return {"targets.svg": _targets_plot(), "growth.svg": _growth_plot(), "stages.svg": _stages_plot()}


def _machine() -> str:
    found = read("commands")
    bare = read("stages")["commands"]["track"]["bare"]
    return (
        f"CPython {found['python']}, {found['system']}, {found['cores']} cores; "
        f"bare Python, `python -c pass`, takes {bare:.1f} ms.\n"
    )


def _measured() -> list[tuple[Target, dict[str, Any] | None]]:
    """Return every target with its row of results, None where that has not been measured."""
    rows = {name: _rows(name) for name in sorted({target.benchmark for target in TARGETS})}
    return [(target, rows[target.benchmark].get(target.row)) for target in TARGETS]


def _rows(name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = read(name)["rows"]
    except FileNotFoundError:
        return {}
    return found


def _targets() -> str:
    lines = []
    for target, row in _measured():
        cells = (NOT_MEASURED, "", "") if row is None else _cells(target, row)
        lines.append((target.what, target.against, cells[0], _amount(target, target.most), *cells[1:]))
    return _table(("what", "against", "measured", "at most", "target", "pairs"), lines)


def _cells(target: Target, row: dict[str, Any]) -> tuple[str, str, str]:
    verdict = target.verdict(row)
    return _amount(target, target.measured(row)), verdict if verdict == "met" else f"**{verdict}**", str(row["runs"])


def _amount(target: Target, value: float) -> str:
    if target.quantity == "ratio":
        return f"{value:.3f}" if target.most < 1 else f"{value:.2f}"
    return f"{value:.0f} {_UNITS[target.quantity]}"


def _missed() -> str:
    missed = [(target, row) for target, row in _measured() if row is not None and target.verdict(row) != "met"]
    lines = [
        f"- {target.what}{f' against {target.against}' if target.against else ''}: "
        f"{_amount(target, target.measured(row))}, wanted {_amount(target, target.most)}; {target.verdict(row)}."
        for target, row in missed
    ]
    return "\n".join(lines or ["None."]) + "\n"


def _stages() -> str:
    commands = read("stages")["commands"]
    used = [stage for stage in STAGES if any(it["stages"][stage] >= _LEAST_SHOWN for it in commands.values())]
    lines = [
        (
            f"`{name}`",
            *(f"{it['stages'][stage]:.1f}" for stage in used),
            f"{it['milliseconds']:.1f}",
            f"{it['traced'] - 1:+.0%}".replace("%", " %"),
        )
        for name, it in commands.items()
    ]
    meaning = "; ".join(f"*{stage}*: {STAGES[stage]}" for stage in used)
    return f"{_table(('ms', *used, '**total**', 'error'), lines, numbers=True)}\n{meaning}.\n"


def _details() -> str:
    """Return the largest imports and the largest parts of the work of every command."""
    lines = [
        (f"`{name}`", _largest(it["imports"]), _largest(it["work"])) for name, it in read("stages")["commands"].items()
    ]
    return _table(("ms", "imports", "work"), lines)


def _largest(parts: dict[str, float]) -> str:
    shown = sorted(parts.items(), key=lambda part: -part[1])[:_SHOWN]
    return ", ".join(f"{name.removeprefix('handoff_cli.')} {spent:.1f}" for name, spent in shown)


def _growth() -> str:
    lines = []
    for against, commands in read("growth")["growth"].items():
        for name, points in commands.items():
            cells = ", ".join(f"{_size(it['size'], against)}: {it['ratio']:.1f}" for it in points)
            lines.append((f"`{name}`", against, cells))
    return _table(("command", "grows with", "times bare Python"), lines)


def _size(value: int, against: str) -> str:
    if not against.startswith("bytes"):
        return f"{value:,}"
    return next(f"{value // size} {unit}" for size, unit in ((10**6, "MB"), (10**3, "KB")) if value >= size)


def _others() -> str:
    aimed = {target.row for target in TARGETS if target.benchmark == "rivals"}
    lines = [
        (label, f"{row['a']['milliseconds']:.0f}", f"{row['b']['milliseconds']:.0f}", f"{row['ratio']:.2f}")
        for label, row in read("rivals")["rows"].items()
        if label not in aimed or "ccusage" in label
    ]
    return _table(("what", "ours, ms", "theirs, ms", "ratio"), lines)


def _targets_plot() -> str:
    rows = []
    for target, row in _measured():
        share = target.measured(row) / target.most if row else 0.0
        label = f"{target.what.replace('`', '')}{f' / {target.against}' if target.against else ''}"
        note = f"{100 * share:.0f} %" if row else NOT_MEASURED
        rows.append(charts.Bar(label, ((0 if share <= 1 else 1, 100 * share),), note))
    title = "Measured, in per cent of the most a target allows"
    return charts.bars(title, "per cent of the target", rows, ("met", "missed"), _LAST_PERCENT, (100.0, "target"))


def _growth_plot() -> str:
    series = {
        f"{name}: {against.removeprefix('bytes of ')}": [(it["size"], it["ratio"]) for it in points]
        for against, commands in read("growth")["growth"].items()
        for name, points in commands.items()
    }
    axes = ("bytes of input or transcript, or checkpoints behind", "times bare Python")
    return charts.lines("How cost grows", axes, series)


def _stages_plot() -> str:
    commands = {name: it for name, it in read("stages")["commands"].items() if name in _PLOTTED}
    used = [stage for stage in STAGES if any(it["stages"][stage] >= _LEAST_SHOWN for it in commands.values())]
    rows = [
        charts.Bar(
            name,
            tuple((number, commands[name]["stages"][stage]) for number, stage in enumerate(used)),
            f"{commands[name]['milliseconds']:.1f}",
        )
        for name in _PLOTTED
    ]
    bare = sum(it["bare"] for it in commands.values()) / len(commands)
    most = max(it["milliseconds"] for it in commands.values())
    title = "Where the milliseconds go"
    return charts.bars(title, "milliseconds", rows, tuple(used), most, (bare, "bare Python"))


def _fleet() -> str:
    found = read("fleet")
    size, status, many = found["sizes"], found["status"], found["many"]
    rows, sessions, writers = f"{found['rows']:,}", f"{found['sessions']:,}", found["writers"]
    lag = "{p50:.0f} ms in the middle, {p99:.0f} ms at most for 99 of 100"
    index = f"of which {size['entries_index'] / 1e6:,.0f} MB index: {size['entries'] / found['rows']:.0f} bytes each"
    command = (
        f"{status['command']:.0f} ms of processor, where bare Python takes {status['bare']:.0f} "
        f"and loading the driver {status['driver']:.0f}"
    )
    fast = f"{writers} connections send {rows} checkpoints of {sessions} sessions, {found['batch']} at a time"
    newest, of_a_day = many["newest"], many["of_a_day"]
    lines = [
        (f"{fast}, as fast as they can", f"{found['rows_per_second']:,.0f} a second"),
        ("lag of each exchange meanwhile", lag.format(**found["filling"])),
        (f"lag where each of the {writers} sends one a second", lag.format(**found["paced"])),
        ("one project's ledger by `handoff fleet sync`", f"{found['outbox_rows_per_second']:,.0f} a second"),
        (f"size of {rows} checkpoints", f"{size['entries'] / 1e6:,.0f} MB, {index}"),
        (f"size of {sessions} sessions' latest states", f"{size['sessions'] / 1e6:.1f} MB"),
        (f"the {status['sessions']:,} sessions asked for and read", f"{status['query']:.0f} ms"),
        ("`fleet status` of them, the whole command", command),
        (f"size of {many['sessions']:,} sessions' latest states", f"{many['size'] / 1e6:.0f} MB"),
        (f"the newest {newest['rows']:,} of them asked for and read", f"{newest['query']:,.0f} ms"),
        (f"the {of_a_day['rows']:,} of them seen within a day", f"{of_a_day['query']:,.0f} ms"),
    ]
    return _table(("what", "measured"), lines)


def _retention() -> str:
    found = read("fleet")["retention"]
    lines = [
        (how, f"{milliseconds:,.0f} ms", f"{written / 1e6:,.1f} MB", after)
        for how, (milliseconds, written), after in (
            (f"`delete` of a month's {found['rows']:,} lines", found["delete"], "the space is reused after a vacuum"),
            ("`drop` of the month's partition", found["drop"], "the space is free at once"),
        )
    ]
    return _table(("how", "takes", "written ahead", "afterwards"), lines)


def _table(head: tuple[str, ...], lines: list[tuple[str, ...]], *, numbers: bool = False) -> str:
    rule = ("---", *("---:" if numbers else "---" for _ in head[1:]))
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *lines))
