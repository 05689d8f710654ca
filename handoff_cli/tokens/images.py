"""What an image costs, by the formulas its vendor publishes; the size is read from the first bytes of the file.

OpenAI (platform.openai.com/docs/guides/images-vision): low detail is a fixed price; else the image is fitted into
2048 x 2048, its short side brought down to 768, and each 512-pixel tile costs the same. Anthropic
(docs.anthropic.com/en/docs/vision): fitted to a long side of 1568 pixels, width x height / 750, about 1600 at most.
"""

from __future__ import annotations

from math import ceil

from handoff_cli.models.lookup import bare_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.models.lookup import ModelInfo

_TILE_PRICES = (
    # beginning of the id, price of the image, price of a tile
    ("gpt-4o-mini", 2833, 5667),
    ("gpt-4o", 85, 170),
    ("chatgpt-4o", 85, 170),
    ("gpt-4.1-mini", None, None),  # priced by patches, at rates that have changed since
    ("gpt-4.1-nano", None, None),
    ("gpt-4.1", 85, 170),
    ("gpt-4.5", 85, 170),
    ("gpt-4-turbo", 85, 170),
    ("o1", 75, 150),
    ("o3", 75, 150),
)
_FIT, _SHORT_SIDE, _TILE = 2048, 768, 512
_CLAUDE_LONG_SIDE, _CLAUDE_PIXELS, _CLAUDE_MOST = 1568, 750, 1600

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_HEAD = 1 << 16


def image_tokens(model: ModelInfo | None, size: tuple[int, int] | None, detail: str) -> int | None:
    """Return the tokens of an image; None where there is no formula for ``model`` or the size is needed but unknown.

    Args:
        model: The model that will see it.
        size: Width and height in pixels.
        detail: ``low``, ``high`` or ``auto`` (read as ``high``, as OpenAI does for all but small images).
    """
    if model is None:
        return None
    if model.family.startswith("claude"):
        return _claude(*size) if size else None
    name = bare_name(model.model)
    base, tile = next(((base, tile) for start, base, tile in _TILE_PRICES if name.startswith(start)), (None, None))
    if base is None or tile is None or not (size or detail == "low"):
        return None
    return base if detail == "low" or size is None else base + tile * _tiles(*size)


def image_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG, GIF or JPEG; None for anything else, or if it is damaged."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:  # noqa: PLR2004 (signature, chunk head, two numbers)
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data.startswith((b"GIF87a", b"GIF89a")) and len(data) >= 10:  # noqa: PLR2004 (signature, two numbers)
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    return _jpeg_size(data) if data.startswith(b"\xff\xd8") else None


def size_of_url(url: str) -> tuple[int, int] | None:
    """Return the size of an image given as a ``data:`` URL; None for any other address (nothing is fetched)."""
    head, found, body = url.partition(";base64,")
    return size_of_base64(body) if found and head.startswith("data:") else None


def size_of_base64(body: str) -> tuple[int, int] | None:
    """Return the size of an image in base64; looks no further than its first 48 KiB."""
    from binascii import Error, a2b_base64

    try:
        return image_size(a2b_base64(body[:_HEAD]))
    except (Error, ValueError):
        return None


def _tiles(width: int, height: int) -> int:
    scale = min(1.0, _FIT / max(width, height, 1))
    scale *= min(1.0, _SHORT_SIDE / max(min(width, height) * scale, 1))
    return ceil(width * scale / _TILE) * ceil(height * scale / _TILE)


def _claude(width: int, height: int) -> int:
    scale = min(1.0, _CLAUDE_LONG_SIDE / max(width, height, 1))
    return min(ceil(width * scale * height * scale / _CLAUDE_PIXELS), _CLAUDE_MOST)


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 (every JPEG segment begins so)
        if data[at + 1] in _JPEG_FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
