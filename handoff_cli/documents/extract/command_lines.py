"""The steps of a command line: what of it surely ran and succeeded, by what all of it returned."""

from __future__ import annotations

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import DOTALL, MULTILINE, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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


@lru_cache(maxsize=1_024)
def only_looks(command: str) -> bool:
    """Return whether a shell command does nothing but look: each of its steps, of its pipes and of its loops."""
    looks, sign = False, ""
    for place, step in enumerate(_PARTED.split(masked(command))):
        if place % 2:
            sign = step
            continue
        part = step.strip()
        part = part[lead.end() :] if (lead := _LEADS.match(part)) else part
        if _LOOKING.match(part):
            looks = True
        elif not (_NEUTRAL.match(part) or (sign == "|" and _FILTERS.match(part))):
            return False
    return looks


def moves_files(commands: Iterable[Command]) -> bool:
    """Return whether one of ``commands`` may move files, by a name that stands in it."""
    return any("mv " in it.text for it in commands)


_PARTED = lazily(r"(&&|\|\|?|[;&\n])")
_LEADS = lazily(r"(?:for \w+ in .*|while (?:IFS=\S* )?read .*|(?:do|then|else|if)(?=\s)|done\b|fi\b|[({])\s*")
_NEUTRAL = lazily(r"(?:cd|true|false|:|set|exit|export)(?![\w-])(?!.*\s>)|\w+=\S*$|#|[)}\s]*$")
"""Steps that change nothing and show nothing."""

_FILTERS = lazily(
    r"(?:cut|tr|uniq|sed(?! .*-\w*i)|paste|comm|rev|fold|xxd|hexdump|base64|\w*sum|yq|fmt"
    r"|python3? -(?:c|m json)|node -[ep]|ruby -n?e|perl -\w*[np]\w*e"
    r"|xargs(?: -\S+(?: \d+)?)* (?:cat|ls|grep|rg|head|tail|wc|stat|file))(?![\w-])(?!.*\s>)"
)
"""What a pipe is read by to show of it what matters."""

_LOOKING = lazily(
    r"(?:(?:ls|cat|e?grep|rg|ag|fd|find(?!.*\s-(?:delete|exec(?:dir)? (?:rm|mv)))|head"
    r"|tail|sed -n|nl|wc|which|test|stat|file|diff|jq|awk|strings|du|df|sleep|pwd|echo|printenv|env(?!\s+\w+=)|ps|pgrep"
    r"|type|command -v|column|sort|less|od|tree|\[\[?(?=\s))(?![\w-])(?!.*\s>)"
    r"|git (?:-C \S+ |--no-pager )*(?:(?:log|show|diff|status|blame|grep|reflog|ls-\S+|rev-parse|describe)\b"
    r"|(?:branch|remote)\b(?!\s+(?:-[dDmMcCfu]|--(?:delete|move|set)|\w)))"
    r"|gh (?:api(?!.*(?:-X|--method|-f |--field|--input))|\w+ (?:view|diff|list|status|checks))\b)"
)
