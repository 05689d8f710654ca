"""Words of the user's that only say how the work at hand is to go on: they are no work, and do not end it."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.documents.extract.facts import Request


def only_limits(request: Request) -> bool:
    """Return whether ``request`` only says how the work at hand is to go on: a limit, a remark, a no to something."""
    words = request.text
    return bool(request.refuses or says_limit(words) or _REMARKS.match(words) or narrows(words) or protests(words))


def says_limit(words: str) -> bool:
    """Return whether ``words`` only say what is to stay, what is not to be done, or what need not be."""
    return bool(_LIMITS.match(words) or _NEEDS_NOT.match(words))


def narrows(words: str) -> bool:
    """Return whether ``words`` take something off the work, or say what it goes by, and turn down nothing made."""
    return bool(_NEEDS_NOT.match(words) or _GOES_BY.match(words))


def protests(words: str) -> bool:
    """Return whether ``words`` say no by asking why: they turn something down and want no answer."""
    return bool(_PROTESTS.match(words))


_LIMITS = caseless(
    r"(?:(?:no|oh|and|but|btw|hm+|wait|ok(?:ay)?|please|bitte)\b\W*)*"
    r"(?:leave|keep|do ?n[o'\u2019]?t|never|lass|ne \w+ pas|no (?:toques|cambies))\b"
    r"(?![^\n]{0,100}\b(?:add|make|write|change|build|fix|use|then|instead)\b)[^?\n]{1,100}\Z"
)
"""A few words that only say what is to stay, or not to be done."""

_REMARKS = caseless(
    r"\W*(?:(?:oh|ah|and|also)\W+)?(?:btw|by the way|fyi|heads[- ]up|for the record|just so you know|\xfcbrigens"
    r"|nebenbei|au fait|por cierto)\b(?![^\n]{0,240}(?:\?|\b(?:add|make|write|change|build|fix|use|then|instead|update"
    r"|rename|remove|delete|move|put|run|test|commit|push|please|bitte|should|must|needs?|have to|want|soll\w*)\b))"
    r"[^\n]{1,240}\Z"
)
"""What is said by the way and orders nothing but what is not to be done."""

_NEEDS_NOT = caseless(
    r"(?:(?:no|oh|and|but|also|btw|hm+|wait|ok(?:ay)?)\b\W*)*"
    r"(?:(?:we|you|i) (?:really )?(?:do ?n[o'\u2019]?t|wo ?n['\u2019]?t|no longer) (?:really |even )?need(?! you\b)"
    r"|(?:there(?:'s| is) )?no need (?:to|for)|(?:you can |we can |please |just )*skip|wir brauchen kein\w*)\b"
    r"(?![^\n]{0,100}\b(?:then|instead|but|just|rather|until|before|sondern)\b)[^.?!\n]{1,100}[.!]?\s*\Z"
)
"""A few words that take something off what is to be done."""

_GOES_BY = caseless(
    r"(?:(?:oh|and|also|btw|fyi)\b\W*)*we(?:['\u2019]re|['\u2019]ve| are| have)? (?:now |already )*"
    r"(?:us(?:e|ing)|(?:switched|moved|migrated) to)\b"
    r"(?=[^\n]{0,80}\b(?:now|already|any ?more|these days)\b)[^.?!\n]{1,100}[.!]?\s*\Z"
)
"""A few words that tell what the user's side goes by now."""

_PROTESTS = caseless(
    r"\W*(?:no|nope|nein|non)\b\W*(?:why|how come|what for|warum|wieso|wozu|pourquoi|por qu\xe9)\b[^?\n]{1,120}\?\W*\Z"
)
