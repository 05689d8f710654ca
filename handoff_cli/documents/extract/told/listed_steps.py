"""The last list of a message that is announced as what is to be done, or said to be left."""

from __future__ import annotations

from itertools import pairwise, takewhile

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.announced import is_step
from handoff_cli.documents.extract.language.lists import LISTED
from handoff_cli.documents.extract.language.prose import prose_of
from handoff_cli.documents.extract.language.words import SENTENCE_END, clipped, plain, unglued

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def listed(text: str, left: bool = False) -> list[str]:
    """Return the items of the last list that a line announces as what is to be done, or says to be ``left``."""
    lines = [line.rstrip() for line in prose_of(unglued(text)).split("\n")]
    for place in range(len(lines) - 1, -1, -1):
        tells_left = lines[place] and _LEFT.match(lines[place])
        if not lines[place] or not (tells_left or (not left and _announces(lines[place]))):
            continue
        below = lines[place + 1 : place + 1 + _BELOW]
        found = _items([it for it in below if it]) or (_unmarked(below) if tells_left else [])
        items = [clipped(it, STEP_CHARS) for it in found]
        any_words = left or (tells_left and not _NOT_DONE.match(lines[place]))
        items = [it for it in items if (any_words or _ACTION.match(it)) and not _TICKED.search(it)]
        if len(items) >= FEWEST and not any(map(_OR.match, items)):
            lead = plain(lines[place].strip())
            one = _ENDS_TO.search(lead) and FILE_NAMED.search(lead) and is_step(lead)  # what is done to one file
            return [clipped(f"{lead} {'; '.join(items)}", STEP_CHARS)] if one else items
    return []


_BELOW = 400
"""So many lines below a heading are looked at for its list."""

_ENDS_TO = lazily(r"\bto:$")


def _announces(line: str) -> bool:
    return bool((_ANNOUNCES.search(line) and not _CHOICE.search(line)) or _HEADS.fullmatch(line))


def _unmarked(lines: Sequence[str]) -> list[str]:
    """Return the lines of the paragraph below a heading: a copied page has lost the marks of a list.

    Lines that are long, or many, are words, and such that hold several sentences; so are those right below the heading
    where a sentence goes on in the next. Of what begins with "nothing" none is left.
    """
    below = lines[1:] if lines[:1] == [""] else lines
    block = [*takewhile(bool, below)]
    if (block and _NOTHING.match(block[0])) or any(SENTENCE_END.search(it.strip()) for it in block):
        return []
    goes_on = below is lines and any(it[:1].islower() and before[-1] not in _ENDS for before, it in pairwise(block))
    return block if not goes_on and len(block) <= _MOST_UNMARKED and all(len(it) <= _LONG for it in block) else []


_ENDS = ".!?;:"
_NOTHING = caseless(r"\W*(?:none|nothing|nichts|rien|nada|n/a)\b")

_MOST_UNMARKED, _LONG = 10, 240


def _items(lines: Sequence[str]) -> list[str]:
    """Return the items of the list that ``lines`` begin with: each with what goes on with it, not what stands below."""
    items: list[str] = []
    depth = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
    own = True
    for line in lines:
        inner = len(line) - len(line.lstrip())
        if LISTED.match(line.strip()) and inner >= depth:
            own = inner == depth
            items += [_GLUED.split(plain(line.strip()))[0]] * own
        elif not items or inner <= depth:
            break
        elif own:
            items[-1] += f" {plain(line.strip())}"
    return items


_GLUED = lazily(r"(?<=[a-z])(?=(?:I['\u2019](?:ll|m|ve)|I need|Let me|Now I) )")
"""Where a stream lost the end of a line between two sentences."""

_ANNOUNCES = caseless(
    r"\b(?:next(?: steps?)?|remaining|still (?:to do|need(?:s|ed)?|open)|to ?do|left(?: to do)?"
    r"|i(?:'ll| will| need to| should| have to)|let me|(?:we|that) (?:need|should|have)s? to|what'?s left|pending"
    r"|not done yet|steps|the plan)\b(?:[^.]|\.(?=\w))*:\W*$",
)
_CHOICE = caseless(
    r"\b(?:either|(?:we|i) (?:could|might)|one of (?:these|the following)|entweder|soit|o bien|ou bien)\b"
    r"|\b(?:these|two|three|four|several|following|possible|\d) (?:options|alternatives)\b"
    r"|\b(?:options?|alternatives?)(?: (?:are|is|here|now|left|then|would be)\b|\W*$)"
)
_OR = caseless(r"\W*or\b")
"""What stands above a list of ways to go, of which one is taken, and before the last of them: no steps."""

_LEFT = caseless(
    r"\W*(?:(?:noted|understood|agreed|ok(?:ay)?|sure|status|done)[.:,!] )?(?:what(?:['\u2019]?s| is) )?"
    r"(?:remaining\b(?! (?:questions?|risks?))|remains\b|not (?:yet )?done\b"
    r"|still (?:to do|open|missing|needed|pending)\b|left\b(?! (?:out|alone|as|open|in)\b)"
    r"|to-?dos?\b(?=\W*$| (?:next|still|for|in)\b)|open\b(?=\W*$| (?:for|in|from)\b)"
    r"|(?:vorher |danach |jetzt |was )?noch (?:offen|zu (?:tun|erledigen|kl\xe4ren)|fehlt)\b|offene punkte\b"
    r"|(?:a\xfan |todav\xeda )?(?:pendientes?|quedan?|faltan?)\b|rest(?:e|ent) (?:\xe0 faire|encore)\b)"
    r"[^.:]{0,40}:?\W*$"
)
"""A line above a list of what is left."""

_NOT_DONE = caseless(r"\W*(?:\w+[.:,!] )?not ")
"""How such a line begins that may list what nobody wants: there only what orders something comes next."""

_HEADS = caseless(
    r"\W*(?:(?:my |the )?(?:recommended|suggested|proposed|possible|immediate) )?(?:next steps?|follow-?ups?)\W*"
)
_TICKED = caseless(r"\[x\]|✅|✓|✔")
_ACTION = caseless(
    r"\W*(?:then |next,? |finally,? )?(?:add|adjust|allow|apply|ask|build|call|change|check|clean|commit|compare"
    r"|confirm|consider|convert|copy|create|cut|debug|decide|delete|deploy|disable|document|drop|edit|enable|ensure"
    r"|extend|extract|(?:auto-?)?fetch|find|finish|fix|get|guard|handle|implement|improve"
    r"|inspect|install|instrument|integrate|investigate|keep"
    r"|let|look|lower|make|measure|merge|migrate|modify|monitor|move|open|pass|port|push|put|raise|read|reduce|re-?test"
    r"|rebase|refactor|release|remove|rename|renumber|replace|reply|rerun|restore|retry"
    r"|return|revert|review|rewrite|run|see"
    r"|send|set|simplify|split|start|stop|support|switch|test|trace|try|tune|turn|understand|update|use|validate|verify"
    r"|wire|wrap|write|how|why|whether|what)\b",
)
"""How an item of a list begins that is to be done, or a question that is to be looked into."""

STEP_CHARS, FEWEST = 140, 2
"""The most characters that a step is told in, and how many items make a list."""

FILE_NAMED = lazily(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z]\w{0,5}\b(?!\(|\.\w)")
