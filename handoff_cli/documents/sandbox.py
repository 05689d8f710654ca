"""Where templates run: Jinja2's sandbox, Markdown-escaping and bounded, and for a stranger's in a process of its own.

A template may come with a cloned project. It reaches no file, no module and no attribute that begins with an
underscore, and cannot change what it is given. Loops share a budget of ``range`` items, and output stops at
``MAX_RENDERED_CHARS``. What a template can still ask for (doubling a text, padding it, powers of powers, loops in
loops) the limits of its process end: ``SECONDS`` of time and, where the system has limits, ``MEMORY_BYTES``.
"""

from __future__ import annotations

import os
import sys

from handoff_cli.errors import TemplateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, BinaryIO

    from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_RENDERED_CHARS = 1 << 20
"""Characters in a rendered document; a handoff is meant to be a hundredth of it."""

SECONDS = 6
"""Time a template has in all, starting its process included."""

MEMORY_BYTES = 400 << 20
"""Addresses that its process may use, the interpreter's own among them."""

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


class TemplateProcess:
    """A template of a stranger's in a process that the system stops when it takes too much.

    Args:
        text: The template.
        source: Where it came from, for error messages.

    Raises:
        TemplateError: It is wrong, or takes too much.
    """

    def __init__(self, text: str, source: str) -> None:
        from subprocess import DEVNULL, PIPE, Popen
        from threading import Timer

        self._source = source
        package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        served = "from handoff_cli.documents.own_template import serve; serve()"
        code = f"import sys; sys.path.insert(0, {package!r}); {served}"
        self._process = Popen(
            [sys.executable, "-c", code], stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=os.name == "posix"
        )
        self._timer = Timer(SECONDS, self._process.kill)
        self._timer.daemon = True
        self._timer.start()
        try:
            self._ask((text, source))
        except BaseException:
            self.close()
            raise

    def render(self, facts: Any, view: Any) -> str:
        """Return what the template prints; raises TemplateError as the class does."""
        return self._ask((facts, view))

    def close(self) -> None:
        """End the process."""
        self._timer.cancel()
        self._process.kill()
        with self._process:
            pass

    def _ask(self, question: tuple[Any, Any]) -> str:
        import pickle

        from handoff_cli.core.text import printable

        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(pickle.dumps(question))
            self._process.stdin.flush()
        except OSError:
            return self._stopped()
        head = self._process.stdout.read(_HEAD_BYTES)
        if len(head) < _HEAD_BYTES:
            return self._stopped()
        size = int.from_bytes(head[1:], "big")
        answer = self._process.stdout.read(size) if size <= _MAX_ANSWER_BYTES else b""
        if len(answer) < size:
            return self._stopped()
        text = answer.decode("utf-8", "surrogatepass")
        if head[:1] == _DONE:
            return text
        raise TemplateError(printable(text), HINT)

    def _stopped(self) -> str:
        raise TemplateError(
            f"{self._source}: the template was stopped: it takes more than {SECONDS} seconds or "
            f"{MEMORY_BYTES >> 20} MiB",
            "let it loop over less, or take the shipped one",
        )


HINT = "docs/templates.md lists what a template can use; without a template of your own the shipped one is taken"
_DONE, _FAILED = b"+", b"-"
_HEAD_BYTES = 9
_MAX_ANSWER_BYTES = 8 * MAX_RENDERED_CHARS


def serve_template(
    compiled: Callable[[str, str], Callable[[Any, Any], str]], source: BinaryIO, target: BinaryIO
) -> None:
    """Be the process of a ``TemplateProcess``: compile the template asked for, then render until nothing is asked.

    Args:
        compiled: Makes of a template's text and source a function from facts and view to text.
        source: Questions, as ``TemplateProcess`` writes them; they come from the process that started this one.
        target: Answers: a sign, the length of the text, the text.
    """
    import pickle

    _limit()
    render: Callable[[Any, Any], str] | None = None
    while True:
        try:
            question = pickle.load(source)  # noqa: S301 (from the process that started this one)
        except EOFError:
            return
        try:
            if render is None:
                render, text = compiled(*question), ""
            else:
                text = render(*question)
            sign = _DONE
        except TemplateError as error:
            sign, text = _FAILED, error.message
        except MemoryError:
            return
        data = text.encode("utf-8", "surrogatepass")
        target.write(sign + len(data).to_bytes(_HEAD_BYTES - 1, "big") + data)
        target.flush()


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; there the time ends what grows
        return
    for kind, most in (("RLIMIT_AS", MEMORY_BYTES), ("RLIMIT_CPU", SECONDS), ("RLIMIT_CORE", 0)):
        try:
            _, hard = resource.getrlimit(getattr(resource, kind))
            soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(getattr(resource, kind), (soft, hard))
        except (OSError, ValueError, AttributeError):
            continue
