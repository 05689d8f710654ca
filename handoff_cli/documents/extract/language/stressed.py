"""What the agent set in bold: figures, so it marks what it measured, in whatever language, and whole statements."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily


def stressed_figures(text: str) -> tuple[str, ...]:
    """Return what ``text`` has in bold that is a figure with what it counts, or one of some precision.

    Numbers of items and headings are none.
    """
    return tuple(_STRESSED.findall(text)) if "**" in text else ()


_STRESSED = lazily(
    r"\*\*(?!\d{1,2}[.)]\s)((?:[^*\n\d#`]{0,12}[+\u2212-]?(?:\d[\d.,]{0,12}(?:\s?%|m\d|\s?[mnk\xb5]?s\b)|\d[\d.,]{2,12}\s?[^\W\d])"
    r"|[+\u2212-]?\d{1,12}[.,]\d{2})[^*\n]{0,80})\*\*"
)
STRESSED = 1.5
"""What a sentence has ahead with such a figure in it, or that begins with such a statement."""


def stressed_statements(text: str) -> tuple[str, ...]:
    """Return what ``text`` has in bold at the beginning of a line that states something of one thing."""
    return tuple(_STATED.findall(text)) if "**" in text else ()


_STATED = lazily(
    r"(?m)^\*\*((?!\d{1,2}[.)]|(?:this|that|it|here|there|all|done|what|why|how|where|which)\b)"
    r"[^*\n:?]{6,60} (?:is|are|was|were) (?:the |not |never |only )[^*\n:?]{3,60})(?<!:)\*\*(?!:)"
)
