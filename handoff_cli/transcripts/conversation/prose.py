"""What a text gives in which nobody is named: the files it mentions, the commands it says were run, how they ended."""

from __future__ import annotations

import re

from handoff_cli.transcripts.conversation.output import outcome_of
from handoff_cli.transcripts.tools import MENTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.transcripts.conversation.talk import Placed, Talk

_MOST_NAMED = 500
_PATH = re.compile(
    r"(?<![\w/.:@-])((?:~|\.{1,2})?(?:[\w.@+-]{0,60}/){0,12}[\w@+-][\w.@+-]{0,80}\.[A-Za-z]\w{0,7})(?=$|[\s:;,.)\]}'\"`?!])(?::(\d{1,6}))?"
)
_SUFFIXES = frozenset(
    """
    c cc cfg cpp cs css csv go h hpp html ini ipynb java js json jsx kt lock lua md mjs mk php pl proto py pyi
    rb rs rst sass scala scss sh sql svelte swift tf toml ts tsx txt vue xml yaml yml zig
    """.split()  # noqa: SIM905 (a list of words is read as one)
)
_RAN = re.compile(
    r"\b(?:[Rr]an:?|[Rr]unning|[Ee]xecuted|[Tt]ried) `([^`\n]{2,400})`([^\n]{0,400})"
    r"|(?:^|[.:;] |- )\s*`([^`\n]{2,400})`\s"
    r"((?:fails|failed|passes|passed|works|exits|ended|gives|says|prints)\b[^\n]{0,400})"
)
_FAILS = re.compile(
    r"\b(?:fail(?:s|ed|ure)?|\w*error|\w*exception|exit(?:s|ed)?(?: code)? [1-9]|crash(?:es|ed)?|refused|denied"
    r"|not found|timed out)\b",
    re.IGNORECASE,
)
_PASSES = re.compile(r"\b(?:pass(?:es|ed)?|succeed(?:s|ed)|green|works|ok)\b", re.IGNORECASE)


def noticed(talk: Talk, lines: list[str], number: int) -> Iterator[Placed]:
    """Yield calls for what ``lines``, from line ``number`` on, say was run, and for the files they mention."""
    for at, line in enumerate(lines):
        for found in _RAN.finditer(line):
            run, after = (found[1], found[2]) if found[1] else (found[3], found[4])
            failed, code = outcome_of(run, after)
            if failed is None:
                failed = True if _FAILS.search(after) else False if _PASSES.search(after) else None
            yield from talk.call("Bash", {"command": run}, number + at)
            yield from talk.answer(after.strip(" .:,;"), failed, code, last=True)
        for found in _PATH.finditer(line):
            path = found[1]
            known = path.rpartition(".")[2].lower() in _SUFFIXES or "/" in path
            if known and path not in talk.mentioned and len(talk.mentioned) < _MOST_NAMED:
                talk.mentioned.add(path)
                yield from talk.call(MENTION, {"file_path": path}, number + at)
                yield from talk.answer("", failed=False, last=True)
