"""The steps of a command line: what of it surely ran and succeeded, by what all of it returned."""

from __future__ import annotations

from handoff_cli.core.patterns import DOTALL, MULTILINE, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.core.transcript import Command


def masked(text: str) -> str:
    """Return ``text`` with other characters for what is quoted: it is as long, and holds no signs of a shell there."""
    return "\0" * len(text) if never_ends(text) else _QUOTED.sub(lambda it: "\0" * len(it[0]), text)


def never_ends(text: str) -> bool:
    """Return whether a command line begins so many here-documents that looking for their ends would take too long."""
    return text.count("<<") * len(text) > _MOST_STEPS


_MOST_STEPS = 2_000_000
"""For each here-document that is begun and never ended all of the command behind it is looked through."""


_QUOTED = lazily(
    r"\"\$\( ?cat ?<<-? ?['\"]?(\w+)['\"]?\n.*?^[ \t]*\1\n?[ \t]*\)\"|<<-? ?['\"]?(\w+)['\"]?\n.*?^[ \t]*\2\b"
    r"|\"(?:\\.|[^\"\\])*(?:\"|\Z)|'[^']*(?:'|\Z)|\d?>&\d|&>",
    DOTALL | MULTILINE,
)


def surely_ran(bare: str, step: tuple[int, int], command: Command) -> bool:
    """Return whether a ``step`` of a command line ran and succeeded, by what all of it returned.

    It does where nothing but ``&&`` joins what comes after it, and no ``||`` comes before it.
    """
    rest = bare[step[1] :].rstrip()
    return command.outcome == "ok" and not _ENDS_ALONE.search(rest) and "||" not in bare[: step[0] + 2]


_ENDS_ALONE = lazily(r"^\s*\|(?!\|)|[;\n]|\|\||(?<!&)&(?!&)")
"""What lets a command line return something else than what a step before it did."""


def steps_in(bare: str) -> Iterator[tuple[int, int]]:
    """Yield where each step of a command line lies that ``masked`` gave: a pipe and all in it is one."""
    begins = 0
    for found in _BETWEEN.finditer(bare):
        yield begins, found.start()
        begins = found.end()
    yield begins, len(bare)


_BETWEEN = lazily(r"&&|\|\||[;\n]")


def only_looks(command: str) -> bool:
    """Return whether a shell command begins with a look, or a loop does nothing else again and again."""
    loop = _LOOP.match(command)
    if not loop or ">" in loop[1]:
        return _LOOKING.match(command) is not None
    return all(_LOOKING.match(part.strip()) for part in _PARTED.split(loop[1]) if part.strip())


_LOOP, _PARTED = lazily(r"for \w+ in [^;]*; *do (.*?);? *done$"), lazily(r"(?:;|&&|\|)")
_LOOKING = lazily(
    r"(?:cd\s+\S+\s*(?:&&|;)\s*)*(?:(?:ls|cat|e?grep|rg|ag|fd|find(?![^|;&]*\s-(?:delete|exec(?:dir)? (?:rm|mv)))|head"
    r"|tail|sed -n|nl|wc|which|test|stat|file|diff|jq|awk|strings|du|df|sleep|pwd|echo|printenv|env(?!\s+\w+=)|ps|pgrep"
    r"|type|command -v|column|sort|less|od|tree)\b(?![^|;&]*\s>)"
    r"|git (?:-C \S+ |--no-pager )*(?:(?:log|show|diff|status|blame|grep|reflog|ls-\S+|rev-parse|describe)\b"
    r"|(?:branch|remote)\b(?!\s+(?:-[dDmMcCfu]|--(?:delete|move|set)|\w)))"
    r"|gh (?:api(?!.*(?:-X|--method|-f |--field|--input))|\w+ (?:view|diff|list|status|checks))\b)"
)
