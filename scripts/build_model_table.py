"""Rewrite ``handoff_cli/models/catalogue.py``: the windows of models that our own table says nothing about.

They come from the package ``genai-prices``; ``handoff_cli/models/table.py`` holds our corrections, which go before
it. Ids whose window the corrections give differently are listed, to be looked into. With ``--check`` nothing is
written; the age of the catalogue is reported, past 90 days as a warning.

Usage: pip install genai-prices && python scripts/build_model_table.py [--check]
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "handoff_cli" / "models" / "catalogue.py"
sys.path.insert(0, str(ROOT))

from handoff_cli.models import catalogue  # noqa: E402
from handoff_cli.models.lookup import bare_name, find_listed  # noqa: E402

MAKERS = (
    *("anthropic", "openai", "google", "meta", "mistral", "deepseek", "x-ai", "moonshotai", "zai", "minimax"),
    *("cohere", "arcee", "perplexity", "openrouter"),
)
"""Whose word on a model's window counts first: its maker's, then the largest host's."""
OLD_DAYS = 90
LEAST_WINDOW = 1_000
LINE = 112


def windows_by_id(providers: list[tuple[str, list[tuple[str, int]]]]) -> dict[str, int]:
    """Return window by bare model id, given ``(provider, [(id, window)])``; makers go before hosts."""
    order = {name: number for number, name in enumerate(MAKERS)}
    found: dict[str, int] = {}
    for _, models in sorted(providers, key=lambda provider: order.get(provider[0], len(order))):
        for model, window in models:
            name = bare_name(model)
            if window >= LEAST_WINDOW and name and name.isascii() and not set(name) & set(' "\\'):
                found.setdefault(name, window)
    return found


def unlisted(windows: dict[str, int]) -> dict[str, int]:
    """Return those of ``windows`` that neither our corrections nor a shorter id of the same window covers."""
    kept: dict[str, int] = {}
    for name in sorted(windows):
        if find_listed(name) is None and catalogue.longest(name, kept) not in same(kept, windows[name]):
            kept[name] = windows[name]
    return kept


def same(kept: dict[str, int], window: int) -> set[str]:
    """Return the ids of ``kept`` that have ``window``."""
    return {name for name, other in kept.items() if other == window}


def disagreements(windows: dict[str, int]) -> list[str]:
    """Return a line for each id to which our corrections give another window."""
    lines = []
    for name, window in sorted(windows.items()):
        ours = find_listed(name)
        if ours and ours.window != window:
            lines.append(f"{name}: ours {ours.window:,} ({ours.pattern}: {ours.source}), theirs {window:,}")
    return lines


def module(kept: dict[str, int], source: str, day: str) -> str:
    """Return the text of the module."""
    head = TARGET.read_text(encoding="utf-8").partition("SOURCE = ")[0]
    tail = TARGET.read_text(encoding="utf-8").partition("# end of the generated part\n")[2]
    lines = [f'SOURCE = "{source}"\n', f'DATE = "{day}"\n', "IDS = {\n"]
    for window in sorted(set(kept.values())):
        lines.append(f"    {window:_}: (\n")
        line = ""
        for name in sorted(same(kept, window)):
            if len(line) + len(name) > LINE - 14:
                lines.append(f'        "{line}"\n')
                line = ""
            line += f" {name}"
        lines += [f'        "{line} "\n', "    ),\n"]
    return f"{head}{''.join(lines)}}}\n# end of the generated part\n{tail}"


def read_genai_prices() -> list[tuple[str, list[tuple[str, int]]]]:
    """Return ``(provider, [(id, window)])`` of the installed genai-prices."""
    from genai_prices.data import providers

    return [
        (provider.id, [(model.id, model.context_window) for model in provider.models if model.context_window])
        for provider in providers
    ]


def age_days() -> int:
    """Return how old the catalogue is, in days."""
    return (datetime.now(UTC).date() - date.fromisoformat(catalogue.DATE)).days


def main() -> int:
    """Rewrite the catalogue, or report its age; returns the exit code."""
    if "--check" in sys.argv[1:]:
        days = age_days()
        print(f"model catalogue: {catalogue.SOURCE}, {days} days old")
        if days > OLD_DAYS:
            print("warning: rebuild it with make models", file=sys.stderr)
        return 0
    windows = windows_by_id(read_genai_prices())
    source = f"genai-prices {metadata.version('genai-prices')}"
    kept = unlisted(windows)
    TARGET.write_text(module(kept, source, datetime.now(UTC).date().isoformat()), encoding="utf-8")
    print(f"{len(kept)} ids of {len(windows)} written to {TARGET.relative_to(ROOT)}")
    for line in disagreements(windows):
        print(f"differs: {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
