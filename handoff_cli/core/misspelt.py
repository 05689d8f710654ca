"""Keys that look like a setting's and are none: most likely misspelt, and without effect."""

from __future__ import annotations

from handoff_cli.core.settings import SETTING_KEYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LIKENESS = 0.8
"""The share of letters in common from which on a key is taken for a misspelt one; ``warn_threshold`` has 0.9."""
_MAX_CHARS = 2 * max(map(len, SETTING_KEYS))
_MAX_LOOKED_AT = 200
"""A file with more keys than that is not one that somebody wrote by hand."""


def setting_meant(key: str) -> str | None:
    """Return the setting that ``key`` is a misspelling of, None where it is one, or is plainly something else.

    Capitals, ``-`` and ``_`` make no difference. A key that does not begin with a letter, such as ``_note``, is its
    owner's.
    """
    if key in SETTING_KEYS or not key[:1].isalpha() or len(key) > _MAX_CHARS:
        return None
    from difflib import get_close_matches

    settings = {_plain(name): name for name in SETTING_KEYS}
    near = get_close_matches(_plain(key), settings, 1, _LIKENESS)
    return settings[near[0]] if near else None


def misspelt_settings(keys: Iterable[str]) -> dict[str, str]:
    """Return those of ``keys`` that look misspelt, each with the setting that is likely meant."""
    unknown = [key for key in keys if key not in SETTING_KEYS][:_MAX_LOOKED_AT]
    return {key: meant for key in unknown if (meant := setting_meant(key))}


def _plain(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")
