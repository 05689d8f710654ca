"""What the benchmarks found: one JSON file each in ``benchmarks/results``, from which the documentation is made."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "results"
_DIGITS = 3


def write(name: str, found: dict[str, Any]) -> None:
    """Write ``results/<name>.json``: ``found``, after the Python, the system and the number of its cores."""
    machine = {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()}
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps(_rounded({**machine, **found}), indent=2)
    (FOLDER / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


def read(name: str) -> dict[str, Any]:
    """Return what ``write`` wrote under ``name``; raises FileNotFoundError where that benchmark has not run."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(it) for key, it in value.items()}
    return [_rounded(it) for it in value] if isinstance(value, list | tuple) else value
