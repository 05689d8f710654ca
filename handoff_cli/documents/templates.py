"""The templates that ship with the package, and the page of the report: it loads nothing and runs no text of others."""

from __future__ import annotations

import os

from handoff_cli.core.jsonc import dumps
from handoff_cli.errors import TemplateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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


_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
_INERT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""What could end a script element or a line of it, as JSON writes it otherwise."""


def render_page(data: dict[str, Any], plotly: str) -> str:
    """Return the page that shows ``data``, whole: markup, style, script and the plotting library ``plotly``.

    The keys of ``data`` are those ``usecases.report`` gives. A content security policy names the page's own scripts by
    their digests, so that nothing else runs, and lets nothing be loaded.
    """
    script = template_text("report.js")
    parts = {
        "policy": _POLICY.format(scripts=f"{_digest(plotly)} {_digest(script)}"),
        "data": "".join(_INERT.get(char, char) for char in dumps(data, any_letter=True)),
        "plotly": plotly,
        "script": script,
    }
    pieces = template_text("report.html").split("{{")
    page = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("}}")
        page += [parts[name], rest]
    return "".join(page)


def render_markdown(text: str) -> str:
    """Return markdown as HTML in which nothing links, loads or runs: HTML in it is text, its comments are left out."""
    import re

    from markdown_it import MarkdownIt

    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.disable(["image", "link", "autolink", "reference", "html_block", "html_inline"])
    return str(reader.render(text))


def _digest(script: str) -> str:
    import base64
    import hashlib

    found = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(found).decode('ascii')}'"
