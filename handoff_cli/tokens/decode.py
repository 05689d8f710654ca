"""shim"""

from __future__ import annotations

import codecs


class TextDecoder:
    replaced = 0
    encoding = "UTF-8"

    def __init__(self, name: str, *, strict: bool = False) -> None:
        self._d = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data: bytes) -> str:
        return self._d.decode(data)

    def finish(self) -> str:
        return self._d.decode(b"", True)
