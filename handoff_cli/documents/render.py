"""From facts and a template to the text of a handoff. Pure but for reading the shipped template."""

from __future__ import annotations

import re

from handoff_cli.constants import MAX_DESCRIPTION_CHARS, TEMPLATE_FILE
from handoff_cli.core.record import Record
from handoff_cli.documents import escape
from handoff_cli.documents.front_matter import combine, front_matter, split_front_matter
from handoff_cli.documents.recommendations import recommendations
from handoff_cli.documents.resources import template_text as shipped_template
from handoff_cli.documents.sandbox import MAX_CHARS, environment
from handoff_cli.documents.sections import Section, parse, section
from handoff_cli.errors import TemplateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from handoff_cli.documents.facts import Facts

HANDOFF_TEMPLATE = "SESSION_HANDOFF_TEMPLATE.md.j2"
"""The shipped template; a user's own has the same name without ``.j2``."""

_SENTENCES = frozenset({"description", "subject"})
_BLANK_LINES = re.compile(r"\n{3,}")
_HINT = "docs/templates.md lists what a template can use; without a template of your own the shipped one is taken"


def render(facts: Facts, template_text: str | None = None, source: str = TEMPLATE_FILE) -> str:
    """Return the handoff of ``facts`` as Markdown: front matter, machine sections, headings for people.

    Args:
        facts: What there is to say.
        template_text: The user's own template; the shipped one where None.
        source: Where that template came from, for error messages.

    Raises:
        TemplateError: The template is wrong, or its output grows past ``sandbox.MAX_CHARS`` characters.
    """
    if template_text is None:
        template_text, source = shipped_template(HANDOFF_TEMPLATE), HANDOFF_TEMPLATE
    theirs, body = split_front_matter(_rendered(template_text, facts, source))
    body = _BLANK_LINES.sub("\n\n", body).strip("\n") + "\n"
    if not body.strip():
        raise TemplateError(f"{source}: the template prints nothing", _HINT)
    if not any(isinstance(part, Section) for part in parse(body)):
        # A template without sections is one section as a whole; else no update could ever tell it from own text.
        body = section("document", body)
    return combine(front_matter(facts), theirs) + body


def context(facts: Facts) -> dict[str, Any]:
    """Return the names a template can use; records become dicts, text is inert but for the goal's and next's lines."""
    values: dict[str, Any] = {**_plain(facts), "goal": _lines(facts.goal), "next": _lines(facts.next)}
    values["usage"]["remaining_tokens"] = facts.usage.usable_tokens - facts.usage.tokens
    values["earlier_checkpoints"] = max(0, facts.usage.checkpoint_count - len(facts.checkpoints))
    return values


def _rendered(template: str, facts: Facts, source: str) -> str:
    from jinja2 import TemplateError as JinjaError
    from markupsafe import Markup

    def marked(name: str, caller: Callable[[], str]) -> str:
        return Markup(section(name, str(caller())))  # noqa: S704 - what is in it was escaped as it was printed

    made = environment({name: _markup(function) for name, function in _filters().items()}, escape.prose)
    lines = [Markup(line) for line in recommendations(facts)]  # noqa: S704 - escaped where they are made
    try:
        compiled = made.from_string(template)
        return _bounded(compiled.generate(**context(facts), section=marked, recommendations=lines))
    except JinjaError as error:
        line = getattr(error, "lineno", None) or _line_of(error)
        raise TemplateError(f"{source}, line {line}: {escape.one_line(error.message or '')}", _HINT) from error
    except Exception as error:  # a template can raise anything Python can
        what = f"{type(error).__name__}: {escape.one_line(str(error))}"
        raise TemplateError(f"{source}, line {_line_of(error)}: {what}", _HINT) from error


def _filters() -> dict[str, Callable[..., str]]:
    """Return the filters by name; each takes a plain value and returns Markdown."""
    return {
        "prose": escape.prose,
        "code": escape.code,
        "quote": escape.quote,
        "fence": escape.fence,
        "thousands": lambda number: f"{number:,}",
        "percent": lambda share: f"{share * 100:.1f} %",
    }


def _markup(function: Callable[..., str]) -> Callable[..., str]:
    from markupsafe import Markup

    return lambda value: Markup(function(value))  # noqa: S704 - the filters escape


def _bounded(chunks: Iterable[str]) -> str:
    """Return ``chunks`` joined; raises OverflowError as soon as they grow past the limit."""
    kept: list[str] = []
    left = MAX_CHARS
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise OverflowError(f"the document grows past {MAX_CHARS:,} characters")
        kept.append(chunk)
    return "".join(kept)


def _line_of(error: BaseException) -> int | str:
    """Return the line of the template at which ``error`` was raised; Jinja2 names template frames ``<template>``."""
    line: int | str = "unknown"
    trace = error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _plain(value: Any, key: str = "") -> Any:
    if isinstance(value, Record):
        return {name: _plain(item, name) for name, item in value.to_dict().items()}
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if not isinstance(value, str):
        return value
    return (escape.one_line if key in _SENTENCES else escape.name)(escape.clip(value, MAX_DESCRIPTION_CHARS))


def _lines(text: str | None) -> str | None:
    return escape.visible(text).strip() if text else None
