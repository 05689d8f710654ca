"""What the path of a file says by itself."""

from __future__ import annotations

from handoff_cli.core.light import Counts, lru_cache
from handoff_cli.core.patterns import caseless, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def name_of(path: str) -> str:
    """Return the last part of a path, of either kind of slash; empty where it ends with one."""
    return path.replace("\\", "/").rpartition("/")[2]


def with_folder(path: str) -> str:
    """Return the last part of a path with the folder it is in."""
    return "/".join(path.replace("\\", "/").split("/")[-2:])


MARKDOWN = (".md", ".mdx", ".markdown")
TEXTS = (*MARKDOWN, ".txt", ".rst", ".adoc")
"""How the names of files end that are read as prose."""

AT_LINE = lazily(r":\d+$")
"""How a path ends that names a line of the file."""


_IN_EVERY_FOLDER = ("index.", "__init__.", "mod.rs", "page.tsx", "route.ts", "layout.tsx")


def named_apart(paths: Iterable[str]) -> dict[str, str]:
    """Return for each of ``paths`` its last part, with the folder it is in where that alone tells it from others.

    So it is where another of them has that last part, and of a name that every folder has. Of one that ends with a
    slash it is the whole path.
    """
    distinct = dict.fromkeys(paths)
    often = Counts(map(name_of, distinct))
    shared = {it for it in distinct if often[name_of(it)] > 1 or name_of(it).startswith(_IN_EVERY_FOLDER)}
    last = {it: with_folder(it) if it in shared else name_of(it) for it in distinct}
    return {path: told or path for path, told in last.items()}


def is_absolute(path: str) -> bool:
    """Return whether ``path`` begins at a root: ``/``, or a Windows drive with a slash, as ``C:/``."""
    return path.startswith("/") or bool(_DRIVE.match(path))


_DRIVE = lazily(r"[A-Za-z]:/")


def is_scratch(path: str) -> bool:
    """Return whether the file at ``path`` lies where systems keep what is there for a while."""
    return path.startswith(_SCRATCH) or "/AppData/Local/Temp/" in path.replace("\\", "/")


_SCRATCH = ("/tmp/", "/var/tmp/", "/var/folders/", "/private/tmp/", "/private/var/")  # noqa: S108 - nothing is written


def is_left_behind(path: str) -> bool:
    """Return whether the file at ``path`` is one that runs leave behind, as a log: nothing they do depends on it."""
    return path.endswith(_LEFT_BEHIND) and not is_test(path)


_LEFT_BEHIND = (".log", ".tmp", ".bak", ".orig", ".rej", ".pid", ".swp", ".pyc", ".coverage")


@lru_cache(maxsize=1_024)
def is_test(path: str) -> bool:
    """Return whether the file at ``path``, which a line or a test's name may follow, holds tests by name or folder."""
    return _TESTS.search(path) is not None


_TESTS = caseless(
    r"(?:^|[/\\])(?:tests?|specs?|__tests__)[/\\]|[._-](?:test|spec)s?\.\w+(?::|$)|(?:^|[/\\])test_[^/\\:]*\.\w+(?::|$)"
)


def is_guide(path: str) -> bool:
    """Return whether the file at ``path``, which a line may follow, tells by its name how to work in its project."""
    return _GUIDE.match(name_of(path)) is not None


_GUIDE = caseless(
    r"(?:contributing|agents|claude|gemini|copilot-instructions|conventions|guidelines|hacking|house[-_]?rules|rules"
    r"|(?:code|coding|style)[-_]?(?:style|guide|standards?|conventions|guidelines|rules)|styleguide)"
    r"(?:\.local)?(?:\.(?:md|mdx|mdc|rst|txt|adoc))?(?::\d+)?$|\.(?:cursor|windsurf|cline)rules$|[\w.-]+\.mdc$"
)
