"""What hides a secret from a pattern, and what it stands for: colours, escapes, invisible signs, lists."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.redaction.layers import Layer

_SEQUENCE = r"(?:\[[0-9;:?]{0,32}[@-~]|\][0-9]{1,3};[^;\x07\x1b\\\s]{0,32};?\x07?|\\)?"
_ESCAPES = (
    # colours and other sequences of a terminal, raw or written out; a link's address stays
    rf"\x1b{_SEQUENCE}|\\\\{{0,3}}(?:[xX]1[bB]|u001[bB]|0?33|e){_SEQUENCE}|\^\[{_SEQUENCE}",
    r"\x9b[0-9;:?]{0,32}[@-~]",
    r"\\\\{0,7}(?:(?<='\\)''|[\"'`/=]|[nrt]|u00[0-7][0-9a-fA-F]|x[2-7][0-9a-fA-F])",
    r"%(?:25)?(?:[2-7][0-9a-fA-F]|0[9aAdD]|1[bB])",
    r"&(?:quot|apos|amp|lt|gt|equals|colon|nbsp|#0?(?:34|39|61|58|60|62)|#[xX](?:22|27|3[aAcCdDeE]));",
)
"""What stands for something else; each branch begins with one of the signs, so the rest of a text is passed quickly."""
_DIVIDED_LINE = "|".join(rf"{blank}\\{{0,7}}\r?\n[ \t]{{0,80}}" for blank in (r" \\", r"\t\\", r"\\"))
_ENTITIES = {"quot": '"', "apos": "'", "amp": "&", "lt": "<", "gt": ">", "equals": "=", "colon": ":", "nbsp": " "}
_INVISIBLE = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff" + "".join(
    map(chr, range(0xFE00, 0xFE10))
)
_WIDE = {"\uff1a": ":", "\uff1d": "=", "\u3000": " "}
_USUAL_ESCAPE = "|".join(_ESCAPES)
_ANY_ESCAPE = f"{_DIVIDED_LINE}|{_USUAL_ESCAPE}"
"""Also a line that a backslash divides, which may have a blank before it: looked for only where there is one."""
_ANY_INVISIBLE = f"[{_INVISIBLE}{''.join(_WIDE)}]"
_ALL_INVISIBLE = frozenset(_INVISIBLE).union(_WIDE)
_FIELD, _OF_FORM = r"[\w.~*%+-]+", r"%(?!2[bBfF]|3[dD])[2-7][0-9a-fA-F]|%3[dD]\+|\+%3[dD]"
"""A field of a form, and what it has where it is more than base64."""
_OF_ESCAPES = ("%5C", "%5c", "%1B", "%1b")
"""One of these stands for what begins another."""
_NEXT_ARGUMENT = r"([\"'][ \t]{0,4},[ \t\r\n]{0,40}[\"'])"
_TAG = r"t[hd](?: [^<>]{0,80})?>"
_CELLS = (
    rf"(?i)(\s{{0,40}}</t[hd]>\s{{0,40}}(?:<{_TAG}|(?:</tr>)?\s{{0,40}}(?:</thead>\s{{0,40}})?(?:<tbody>\s{{0,40}})?"
    rf"(?:</t(?:body|able)>|<tr(?: [^<>]{{0,80}})?>\s{{0,40}}<{_TAG})?)|<tr(?: [^<>]{{0,80}})?>\s{{0,40}}<{_TAG})"
)


def look_through(view: Layer) -> Layer:
    """Return ``view`` without colours, escapes and invisible characters."""
    if not _ALL_INVISIBLE.isdisjoint(view.rare):
        view = view.without(compiled(f"({_ANY_INVISIBLE})"), _meaning)
    if "+" in view.text and "%" in view.text:
        view = _with_blanks(view)
    divided = "\\\n" in view.text or "\\\r" in view.text
    again = any(sign in view.text for sign in _OF_ESCAPES)
    view = view.without(compiled(f"({_ANY_ESCAPE if divided else _USUAL_ESCAPE})"), _meaning)
    return view.without(compiled(f"({_USUAL_ESCAPE})"), _meaning) if again else view


def _with_blanks(view: Layer) -> Layer:
    """Return ``view`` with a blank for each ``+`` of what a form encodes so; in base64 it is a sign."""
    from handoff_cli.redaction.layers import Layer

    kept, at = list[str](), 0
    for field in compiled(_FIELD).finditer(view.text):
        plus = view.text.find("+", *field.span())
        if plus < 0 or not compiled(_OF_FORM).search(field[0]) or "%20" in field[0]:
            continue
        while plus >= 0:
            kept.append(view.text[at:plus])
            at = plus + 1
            plus = view.text.find("+", at, field.end())
    if not kept:
        return view
    pluses = ["+"] * len(kept)
    kept.append(view.text[at:])
    return Layer(" ".join(kept), view, (kept, pluses, [" "] * len(pluses)))


def without_list(view: Layer) -> Layer:
    """Return ``view`` with a list of arguments in quotes as the command that they make."""
    return view.without(compiled(_NEXT_ARGUMENT), _meaning)


def as_rows(view: Layer) -> Layer:
    """Return ``view`` with the tables of HTML as lines of cells."""
    return view.without(compiled(_CELLS), _meaning)


def _meaning(escape: str) -> str:
    """Return the character that ``escape`` stands for; nothing for a colour, an invisible sign or a divided line."""
    if escape[0] in "\"'" or escape in _WIDE:
        return _WIDE.get(escape, " ")
    if escape.lstrip()[:1] == "<":
        return "\n" if "tr" in escape.lower() else "\t"
    if escape[0] == "%":
        return chr(int(escape[-2:], 16)).replace("\r", "\n")
    if escape[0] == "&":
        return _of_entity(escape[1:-1])
    if escape[0] in " \t":
        return " "
    return _of_backslash(escape.lstrip("\\")) if escape[0] == "\\" else ""


def _of_entity(name: str) -> str:
    if name[0] != "#":
        return _ENTITIES[name]
    return chr(int(name[2:], 16)) if name[1] in "xX" else chr(int(name[1:]))  # noqa: FURB166 (no 0x before it)


def _of_backslash(rest: str) -> str:
    head = rest[:1]
    if head in {"", "\r", "\n"} or rest == "''" or rest[:3].lower() in {"x1b", "033"} or rest[:5].lower() == "u001b":
        return ""
    if head in "ux":
        return chr(int(rest[-2:], 16))
    return {"n": "\n", "r": "\n", "t": "\t", "e": "", "0": "", "3": "", "X": ""}.get(head, head)
