"""A template of the user's own: what it can name and use, and the text it makes; in a process apart (``sandbox``)."""

from __future__ import annotations

import sys
from contextlib import contextmanager

from handoff_cli.constants import NOTE_KINDS
from handoff_cli.core.text import one_line
from handoff_cli.documents.markdown import code, fence, prose, quote, section
from handoff_cli.documents.parts import note_line
from handoff_cli.documents.parts.next_action import next_action
from handoff_cli.documents.parts.pieces import TITLES, headed, written
from handoff_cli.documents.render import BLANK_LINES, plain_values
from handoff_cli.documents.sandbox import HINT, MAX_RENDERED_CHARS, environment, serve_template
from handoff_cli.errors import TemplateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from handoff_cli.documents.facts import Facts
    from handoff_cli.documents.fit import Taken


def serve() -> None:
    """Render what a ``sandbox.TemplateProcess`` asks for on standard input."""
    serve_template(_compiled, sys.stdin.buffer, sys.stdout.buffer)


def _compiled(template_text: str, source: str) -> Callable[[Facts, Taken], str]:
    """Return a function from facts and what fits to what is printed; raises TemplateError, as the function does."""
    made = environment({name: _markup(function) for name, function in _filters().items()}, prose)
    with _reported(source):
        template = made.from_string(template_text)

    def marked(name: str, caller: Callable[[], str]) -> str:
        return section(name, BLANK_LINES.sub("\n\n", str(caller())))

    def rendered(facts: Facts, taken: Taken) -> str:
        with _reported(source):
            return _bounded(template.generate(**context(facts, taken), section=_markup(marked)))

    return rendered


def context(facts: Facts, taken: Taken) -> dict[str, Any]:
    """Return the names a template can use; records become dicts, text in them is inert or escaped as it is printed."""
    from markupsafe import Markup

    values: dict[str, Any] = plain_values(facts)
    values["summary"] = facts.summary
    values["usage"]["remaining_tokens"] = facts.usage.usable_tokens - facts.usage.tokens
    values["earlier_checkpoints"] = max(0, facts.usage.checkpoint_count - len(facts.checkpoints))
    values["noted"] = {kind: [note for note in facts.notes if note.about == kind] for kind in NOTE_KINDS}
    step = next_action(facts)
    values["next"] = step and {**step.to_dict(), "text": Markup(step.text)}  # noqa: S704 - escaped where made
    texts = {name: Markup(written(name, list(taken.chosen))) for name in TITLES}  # noqa: S704 - as above
    values["part"] = texts
    values["parts"] = [{"name": name, "title": title, "text": text} for name, title, text in headed(texts)]
    values["left_out"] = taken.left_out
    del values["notes"], values["todos"]
    return values


@contextmanager
def _reported(source: str) -> Iterator[None]:
    """Turn whatever a template raises into a TemplateError that names its line."""
    from jinja2 import TemplateError as JinjaError

    try:
        yield
    except MemoryError:  # of a process with limits, which ends by it
        raise
    except JinjaError as error:
        line = getattr(error, "lineno", None) or _line_of(error)
        raise TemplateError(f"{source}, line {line}: {one_line(error.message or '')}", HINT) from error
    except Exception as error:  # a template can raise anything Python can
        what = f"{type(error).__name__}: {one_line(str(error))}"
        raise TemplateError(f"{source}, line {_line_of(error)}: {what}", HINT) from error


def _filters() -> dict[str, Callable[..., str]]:
    """Return the filters by name; each takes a plain value and returns Markdown."""
    return {
        "note": note_line,
        "prose": prose,
        "code": code,
        "quote": quote,
        "fence": fence,
        "thousands": lambda number: f"{number:,}",
        "percent": lambda share: f"{share * 100:.1f} %",
    }


def _markup(function: Callable[..., str]) -> Callable[..., str]:
    from markupsafe import Markup

    # Filters escape, and what a section holds was escaped as it was printed.
    return lambda *args, **kwargs: Markup(function(*args, **kwargs))  # noqa: S704


def _bounded(chunks: Iterable[str]) -> str:
    """Return ``chunks`` joined; raises OverflowError as soon as they grow past the limit."""
    kept: list[str] = []
    left = MAX_RENDERED_CHARS
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise OverflowError(f"the document grows past {MAX_RENDERED_CHARS:,} characters")
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
