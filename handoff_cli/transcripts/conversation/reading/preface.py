"""What stands before the first speaker: what an export says of itself, or what the first one speaks of."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.sentences import is_printed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_TITLE_CHARS = 200
_TITLE = compiled(
    r"#{1,6} |\*\*[\w -]{1,40}(?:[:\uff1a]\*\*|\*\*[:\uff1a])|[-=_*]{3,}$"
    r"|_?(?:Export(?:ed|iert|ad[ao]|at[ao]|\xe9e?)\b|Erstellt\b|Generated|Created|Date|Model|Project|Session"
    r"|OpenAI Codex|workdir:|model:|provider:|approval:|sandbox:|reasoning \w+:|session id:)|<|> |\*[^*]+\*$"
    r"|(?:ChatGPT|Claude|Gemini|Copilot|Skip to content|Chat history|Share$|Note: )\b"
    r"|(?:(?:Zum Inhalt springen|(?:Passer|Aller) au contenu|(?:Saltar|Ir) al contenido|(?:Pular|Ir) para o conte[úu]do"
    r"|(?:Passa|Vai) al contenuto)(?: principal)?|Chatverlauf|Historique des? (?:chats?|discussions?)"
    r"|Historial de(?:l)? chats?|Histórico de chats?|Cronologia chat|Teilen|Partager|Compartir|Condividi)$"
)
_FIELD = compiled(
    r"[-*] (?:\*\*)?(?:Date|Time|Model|Source|(?:Session|Conversation|Chat|Thread)(?: ID)?|ID|CWD|Link|URL"
    r"|(?:Exported|Created|Updated|Started|Ended|Last updated)(?: at| on| by)?|Messages|Message count|Duration)"
    r"(?:\*\*)?:(?:\*\*)? \S"
)
"""A line of a list below a heading, in which an export names where it comes from: other names may be the user's."""


_OF_SESSION = compiled(r"\*\*(?:Project|Session(?: ID)?|Started|Permission Mode|Exported):\*\* ?\S")


def is_title(lines: Sequence[str]) -> bool:
    """Return whether ``lines`` are only what an export says of itself."""
    lines = _below_front_matter(lines)
    headed = next((line.startswith("# ") for line in lines if line), False)
    if headed and next((line for line in reversed(lines) if line), "") == "---" and any(map(_OF_SESSION.match, lines)):
        return True  # the heading may be the first lines of what was asked
    return all(
        not line or (len(line) <= _TITLE_CHARS and (_TITLE.match(line.lstrip()) or (headed and _FIELD.match(line))))
        for line in lines
    )


def is_of_page(lines: Sequence[str]) -> bool:
    """Return whether ``lines`` are names and buttons above all a page shows, or settings: nobody says them."""
    filled = [line for line in lines if line]
    is_listed = any(line[:2] in ("- ", "* ") for line in filled) and not any(map(_UNDERLINED.fullmatch, filled))
    return len(filled) > 1 and not is_listed and all(map(_OF_PAGE.fullmatch, filled))


_UNDERLINED = compiled(r"#{5,}")


_OF_PAGE = compiled(r"#{3,}|[#*_-]{0,4} ?(?!(?:FAIL|ERR|Traceback)\w*)[^\W\d_\[(][^\s.!?]*(?:[ ,.][^\s.!?]+){0,6}")


def _below_front_matter(lines: Sequence[str]) -> Sequence[str]:
    """Return ``lines`` without the fields between two rules that they begin with."""
    if not lines or lines[0] != "---":
        return lines
    end = next((at for at, line in enumerate(lines[1:], 1) if not _KEY.match(line)), 0)
    return lines[end + 1 :] if end and lines[end] == "---" else lines


_KEY = compiled(r"[A-Za-z_][\w-]{0,40}:(?: |$)|\s{1,8}\S|- ")
"""A field of front matter, or what goes on with one."""


def is_pasted(lines: Sequence[str]) -> bool:
    """Return whether ``lines`` are what a program printed: that is what the first speaker speaks of."""
    printed = [is_printed(line) for line in lines if line]
    return len(printed) > 1 and all(printed) and not is_title(lines) and not is_of_page(lines)
