"""What a page shows below the last words: the field for the next message, and buttons around it."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_FIELD = compiled(
    r"(?:Ask|Message|Reply|Talk to|Type|Send|Add|Describe|Write|Plan|Frag|Nachricht|Schreib|Écri|Envoy|Envi|Pergunt"
    r"|Pregunt|Escrib|Escrev|Scrivi|Chiedi)[^.!?…:]{0,60}(?:…|\.{3})$"
    r"|(?:Talk to|Message|Send a message to) [A-Z][\w ]{1,24}$|(?:Ask anything|Type a message|Send a follow-?up)$"
    r"|[A-Z][\w.]{1,20}(?: [A-Z]\w{1,20})? (?:can|may|could) make mistakes\b.{0,80}$"
)
_BUTTON = compiled(r"(?![-*•\d])[^\s.!?:`][^\s.!?:`]*(?: [^\s.!?:`]+){0,3}$")
_LAST = 12


def words_end(lines: Sequence[str]) -> int:
    """Return where the last words end among ``lines``: all of them, unless the end of a page stands below."""
    begins = max(0, len(lines) - _LAST)
    field = next((at for at in range(begins, len(lines)) if _FIELD.match(lines[at].strip())), len(lines))
    below = (it.strip() for it in lines[field:])
    if not all(not it or _FIELD.match(it) or _BUTTON.match(it) for it in below):
        return len(lines)
    end = field
    while field < len(lines) and end and (not lines[end - 1].strip() or _BUTTON.match(lines[end - 1].strip())):
        end -= 1
    return end
