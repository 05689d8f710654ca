"""The templates that ship with the package."""

from __future__ import annotations

import os

from handoff_cli.errors import TemplateError

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_FOLDERS = (os.path.join(_PACKAGE, "_templates"), os.path.join(os.path.dirname(_PACKAGE), "templates"))
"""In an installed wheel the templates lie inside the package, in a checkout beside it."""


def template_text(name: str) -> str:
    """Return the text of the shipped template ``name``, such as ``USAGE_GUIDE.md``.

    Raises:
        TemplateError: The installation lacks the file.
    """
    for folder in _FOLDERS:
        try:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            continue
    raise TemplateError(f"{_PACKAGE} lacks the template {name}", "reinstall agent-handoffs")
