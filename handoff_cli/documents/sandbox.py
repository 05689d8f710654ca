"""The Jinja2 environment in which templates run: sandboxed, Markdown-escaping and bounded.

A template may come with a cloned project, so it is a stranger's. It reaches no file, no module and no attribute that
begins with an underscore, and cannot change what it is given. Loops share a budget of ``range`` items, products and
powers of huge operands are refused, and output stops at ``MAX_CHARS``. What is not bounded is time spent in nested
loops over values that exist already.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_CHARS = 1 << 20
"""Characters in a rendered document; a handoff is meant to be a hundredth of it."""

_MAX_RANGE = 10_000
_MAX_PRODUCT = 1 << 20
_MAX_EXPONENT = 64


def environment(filters: dict[str, Callable[..., Any]], escape: Callable[[str], str]) -> ImmutableSandboxedEnvironment:
    """Return an environment that passes every printed value through ``escape`` unless a filter made it ``Markup``.

    An undefined name is an error: a hole in a handoff would go unseen until somebody needs what is missing.
    """
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    class Environment(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset({"*", "**"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            _check_product(operator, left, right)
            return super().call_binop(context, operator, left, right)

    def escaped(value: Any) -> Any:
        if hasattr(value, "__html__"):
            return value
        return Markup("" if value is None else escape(str(value)))  # noqa: S704 - this is the escaping

    made = Environment(
        autoescape=True,  # makes macros and blocks return Markup; the escaping itself is done by finalize
        finalize=escaped,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(filters)
    made.globals = {name: made.globals[name] for name in ("dict", "namespace", "cycler", "joiner")}
    made.globals["range"] = _bounded_range()
    return made


def _bounded_range() -> Callable[..., range]:
    """Return a ``range`` whose calls together give at most ``_MAX_RANGE`` items."""
    left = _MAX_RANGE

    def bounded(*bounds: int) -> range:
        nonlocal left
        items = range(*bounds)
        left -= min(len(items), left + 1)
        if left < 0:
            raise OverflowError(f"range() gives at most {_MAX_RANGE:,} items in one document")
        return items

    return bounded


def _check_product(operator: str, left: Any, right: Any) -> None:
    if operator == "**":
        too_big = abs(right) > _MAX_EXPONENT or abs(left) > _MAX_PRODUCT
    elif isinstance(left, int | float) and isinstance(right, int | float):
        too_big = False
    else:
        sizes = [side if isinstance(side, int) else len(side) for side in (left, right)]
        too_big = sizes[0] * sizes[1] > _MAX_PRODUCT
    if too_big:
        raise OverflowError(f"the operands of {operator} are too big for a template")
