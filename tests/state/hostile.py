"""What is run against a folder prepared by somebody who means harm."""

from handoff_cli.constants import HANDOFF_FILE, LEDGER_FILE, STATE_FILE, TEMPLATE_FILE

COMMANDS = [
    ("status", "--json"),
    ("-q", "track", "-d", "x"),
    ("log", "--all", "--json"),
    ("sessions", "--json"),
    ("sessions", "show", "old"),
    ("config", "set", "warning_threshold", "0.5"),
    ("handoff",),
    ("--session", "b", "-q", "track"),
    ("sessions", "restore", "old"),
    ("reset",),
    ("-q", "track", "-d", "y"),
    ("init",),
]
FILES = (STATE_FILE, LEDGER_FILE, HANDOFF_FILE, TEMPLATE_FILE, ".lock", ".handoff.lock", ".reset", ".gitignore")
TEMPORARIES = (f".{STATE_FILE}.new", f".{HANDOFF_FILE}.new", "..reset.new")


def tree(folder):
    """Return every path below ``folder`` with its type, mode, and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else None
        found[str(path.relative_to(folder))] = (path.lstat().st_mode, content)
    return found


def run_all(handoff, outside, *, refused=()):
    """Run every command; return its exit codes. None may crash, hang, or touch what is outside."""
    before = tree(outside)
    codes = []
    for argv in COMMANDS:
        code, _, err = handoff(*argv, stdin="hello world")
        assert code in (0, 1, 3), (argv, err)
        assert "Traceback" not in err
        if code:
            chosen = ("handoff: session ", "handoff: the project's own session: ")  # which one is meant
            said = [line for line in err.splitlines() if not line.startswith(chosen)]
            assert len(said) == 1, err
        codes.append(code)
        assert tree(outside) == before, argv
    assert set(refused) <= set(codes)
    return codes
