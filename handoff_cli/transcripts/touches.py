"""Which files were touched, how and how often; a rewind takes touches back."""

from __future__ import annotations

from handoff_cli.core.light import deque
from handoff_cli.core.transcript import FileTouch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_FILES, _MAX_UNDONE = 5_000, 20_000


class Touches:
    """The files touched so far, those of ``earlier`` among them; ``lately`` are the touches that can be taken back.

    Each of these is the place in the log, the file and what was done to it.
    """

    def __init__(self, earlier: Iterable[FileTouch] = ()) -> None:
        self._files: dict[str, dict[str, int]] = {}
        for touch in earlier:
            self._files.setdefault(touch.path, {})[touch.action] = touch.count
        self.lately: deque[tuple[int, str, str]] = deque(maxlen=_MAX_UNDONE)

    def add(self, path: str, action: str, position: int) -> None:
        """Take in that ``action`` was done to the file at ``path``; of very many files the later ones are left out."""
        if path in self._files or len(self._files) < _MAX_FILES:
            actions = self._files.setdefault(path, {})
            actions[action] = actions.get(action, 0) + 1
            self.lately.append((position, path, action))

    def undo(self, position: int) -> None:
        """Take back what was done after ``position``."""
        while self.lately and self.lately[-1][0] > position:
            _, path, action = self.lately.pop()
            actions = self._files[path]
            actions[action] -= 1
            if not actions[action]:
                del actions[action]
            if not actions:
                del self._files[path]

    def told(self) -> tuple[FileTouch, ...]:
        """Return each file with how often each action fell on it, in the order in which they came up."""
        return tuple(FileTouch(path, *item) for path, actions in self._files.items() for item in actions.items())
