"""Texts that a pattern matches, made up: the published rules' own shapes, without anybody's examples."""

from __future__ import annotations

import re._constants as sc
import re._parser as sp
from random import Random
from string import ascii_letters, digits

ALNUM = ascii_letters + digits


def text_of(pattern: str, chance: Random) -> str:
    """Return a text that ``pattern`` matches, or would but for what it looks at around itself."""
    return _join(sp.parse(pattern), chance)


def _join(parsed, chance: Random) -> str:
    return "".join(_one(operation, value, chance) for operation, value in parsed)


def _one(operation, value, chance: Random) -> str:  # noqa: PLR0911 (one for each kind of item)
    if operation is sc.LITERAL:
        return chr(value)
    if operation is sc.NOT_LITERAL or operation is sc.ANY:
        return chance.choice(ALNUM)
    if operation is sc.IN:
        return chance.choice(_choices(value))
    if operation in (sc.MAX_REPEAT, sc.MIN_REPEAT, sc.POSSESSIVE_REPEAT):
        least, most, inner = value
        return "".join(_join(inner, chance) for _ in range(chance.randint(least, min(most, least + 8))))
    if operation is sc.SUBPATTERN:
        return _join(value[3], chance)
    if operation is sc.BRANCH:
        return _join(chance.choice(value[1]), chance)
    return ""


def _choices(items) -> str:
    if items[0][0] is sc.NEGATE:
        return ALNUM
    found = ""
    for operation, value in items:
        if operation is sc.LITERAL:
            found += chr(value)
        elif operation is sc.RANGE:
            found += "".join(map(chr, range(value[0], value[1] + 1)))
        elif operation is sc.CATEGORY:
            found += {sc.CATEGORY_DIGIT: digits, sc.CATEGORY_SPACE: " "}.get(value, ALNUM)
    return found
