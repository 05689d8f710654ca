import json
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handoff_cli
from handoff_cli.__main__ import main
from handoff_cli.cli.commands import COMMANDS, function_of
from handoff_cli.cli.reader import COMMON, SHORT, run_fast, signature_of, take_apart
from handoff_cli.errors import UsageError
from tests.transcripts import rows as r

LIGHT = {
    *("errno", "fcntl", "gc", "genericpath", "itertools", "mmap", "msvcrt", "ntpath", "os", "os.path", "posixpath"),
    *("stat", "zlib", "importlib", "importlib._bootstrap", "importlib._bootstrap_external"),
}
"""All that a hot verb may load beside our own modules and what Python writes with an underscore."""

WITH_PATTERNS = {
    *("bisect", "collections", "copyreg", "enum", "functools", "keyword", "operator", "re", "re._casefix"),
    *("re._compiler", "re._constants", "re._parser", "reprlib", "types", "warnings"),
    *("json", "json.decoder", "json.encoder", "json.scanner"),
}
"""What comes with ``re``, half the start of Python: for what reads transcripts, or searches for secrets."""

DEAR = {
    *("handoff_cli.cli.app", "handoff_cli.cli.options", "handoff_cli.cli.terminal", "handoff_cli.state.schema"),
    *("handoff_cli.state.archive", "handoff_cli.documents.render"),
}
"""Our own modules that load more than that, or are for moments that a hot verb has not."""

NOT_AGAIN = {
    "handoff_cli.redaction.search", "handoff_cli.tokens.stream",
}  # fmt: skip
"""What a session may need when it begins, and plain text in a state as it was left does not."""


def modules_loaded(argv, stdin, project, *, flags=("-S",)):
    """What running ``argv`` loads, in a Python started with ``flags``."""
    root = str(Path(handoff_cli.__file__).parents[1])
    code = (
        "import sys; before = set(sys.modules); from handoff_cli.__main__ import main; "
        f"code = main({argv!r}); sys.stderr.write(repr((code, sorted(set(sys.modules) - before))))"
    )
    done = subprocess.run(
        [sys.executable, *flags, "-c", code],
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": root},
        check=False,
        timeout=60,
    )
    exit_code, modules = eval(done.stderr.splitlines()[-1])
    assert exit_code == 0
    return set(modules)


def not_light(modules, also=frozenset()):
    """What of ``modules`` is neither our own nor light, nor of what may be loaded ``also``."""
    return {
        name
        for name in modules - LIGHT.union(sys.builtin_module_names, also)
        if name[0] != "_" and name.partition(".")[0] != "handoff_cli"
    }


@pytest.mark.parametrize(
    "argv",
    [
        ["track"],
        ["--quiet", "track", "-d", "text"],
        ["track", "--json"],
        ["status"],
        ["status", "--json"],
        ["status", "--line"],
        ["count"],
        ["-q", "notes"],
        ["--version"],
    ],
)
@pytest.mark.parametrize("text", ["hello world", "große 数据 🚀"])
def test_hot_verbs_load_nothing_heavy(project, handoff, argv, text):
    handoff("-q", "track", stdin="before")
    loaded = modules_loaded(argv, text.encode(), project)
    assert not_light(loaded) == set()
    assert not loaded & (DEAR | NOT_AGAIN | {"handoff_cli.transcripts"})


MOST_OF_OURS = 41
"""Modules of our own that a run of track may load: finding and reading one costs a hundredth of Python's start."""

CONVERSATION = "User: the import takes 40 minutes, please find out why.\nAssistant: a transaction for every row.\n"
ABOUT_CODE = (
    "User: why does `get_token_status(project)` in handoff_cli/state/ledger.py read the key twice?\n"
    "Assistant: see https://example.org/docs/tokens: the session's key is looked up again, 80% of the time for\n"
    "nothing. `make test` passes; the token counts are exact.\n"
)


def test_an_ordinary_conversation_is_not_searched_for_secrets(project, handoff):
    handoff("-q", "track", stdin="before")
    ours = {
        name for name in modules_loaded(["-q", "track"], CONVERSATION.encode() * 20, project) if "handoff_cli" in name
    }
    assert {name for name in ours if "redaction" in name} == {"handoff_cli.redaction"}
    assert len(ours) <= MOST_OF_OURS


@pytest.mark.parametrize("argv", [["status", "--line"], ["status", "--json"]])
def test_a_status_loads_nothing_that_redacts(project, handoff, argv):
    """Nor what replays a ledger that the state is as far as."""
    handoff("-q", "track", stdin="before")
    loaded = modules_loaded(argv, b"", project)
    assert not {name for name in loaded if "handoff_cli.redaction" in name or name.endswith("ledger")}


def test_a_conversation_about_code_is_searched_without_the_tables_of_shapes(project, handoff):
    handoff("-q", "track", stdin="before")
    loaded = modules_loaded(["-q", "track"], ABOUT_CODE.encode(), project)
    assert "handoff_cli.redaction.search" in loaded
    assert not loaded & {"handoff_cli.redaction.published_rules"}
    assert not not_light(loaded)


LOOKS_GENERATED = (
    (
        "User: what changed since 4be7d0f51c2a9e8d7b6a5c4f3e2d1c0b9a8f7e6d? the live key test fails\n"
        " index 83db48f..bf269f4 100644 sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n"
        "request 7c9e6679-7425-40de-944b-e07fc1f90ae7 took 1832 ms; secret of the test: none\n"
    ),
    (
        "export async function fetchUserProfileById(userId: string): Promise<UserProfile> {\n"
        "  const response = await httpClient.get(`/api/v2/users/${userId}`, buildAuthorizationHeaders(sessionToken));\n"
    ),
)


@pytest.mark.parametrize("text", LOOKS_GENERATED)
def test_words_that_look_generated_are_looked_for_by_patterns_compiled_beforehand(project, handoff, text):
    """Whatever rule of a scanner's they lead to: loading ``re`` for one would be half the start of Python."""
    handoff("-q", "track", stdin="before")
    loaded = modules_loaded(["-q", "track"], text.encode(), project)
    assert "handoff_cli.redaction.published" in loaded
    assert not not_light(loaded, {"bisect"})


SEARCH = {"search", "gates", "layers", "index", "values", "placeholders"}
OF_TOKENS = {*SEARCH, "shapes", "prefixes", "published"}
ORDINARY = {
    "talk": (CONVERSATION, set()),
    "a table": ("| command | before | after |\n| --- | ---: | ---: |\n| `import -n 3` | 40.2 s | 3.1 s |\n", set()),
    "code and words for secrets": (ABOUT_CODE, {*SEARCH, "names", "keys", "separators", "calling"}),
    "a diff": (
        (
            "diff --git a/src/rows.py b/src/rows.py\nindex 83db48f..bf269f4 100644\n--- a/src/rows.py\n+++ b/src/rows.py\n"
            "@@ -12,9 +12,11 @@ def import_rows(rows):\n-    for row in rows:\n+    for chunk in batched(rows, batch):\n"
        ),
        OF_TOKENS,
    ),
    "hashes and ids": (
        (
            "User: what changed between 3f2a9c1b and main? It fails since 4be7d0f51c2a9e8d7b6a5c4f3e2d1c0b9a8f7e6d.\n"
            "request 7c9e6679-7425-40de-944b-e07fc1f90ae7 took 1832 ms\nFAILED tests/test_rows.py::test_wrong_password - x\n"
        ),
        {*OF_TOKENS, "names", "keys", "separators", "options"},
    ),
    "a trace": (
        (
            'Traceback (most recent call last):\n  File "/home/anna/importer/rows.py", line 41, in run\n'
            "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe4 in position 1042\n"
            "\tat com.example.importer.RowReader.readNext(RowReader.java:118)\n"
            "\tat com.example.ImportService$1.run(ImportService.java:57)\n"
        ),
        OF_TOKENS,
    ),
    "JSON": (
        '{"id": 4711, "name": "Widget", "createdAt": "2026-03-04T10:11:12Z", "owner": {"login": "jdoe"}}\n' * 3,
        {*OF_TOKENS, "options"},
    ),
    "addresses": (
        (
            "See https://docs.python.org/3/library/asyncio-task.html#coroutines and http://localhost:8080/users?page=2\n"
            "https://grafana.example.com/d/Xy3kD/imports?orgId=1&from=now-6h shows it; mail ops@example.com.\n"
        ),
        {*OF_TOKENS, "options"},
    ),
    "settings": (
        "APP_ENV=production\nDATABASE_HOST=db.example\nMAX_TOKENS=4096\nAPI_KEY=${API_KEY}\nCACHE_TTL=3600\n",
        {*SEARCH, "names", "keys", "separators", "options"},
    ),
    "logs": (
        (
            "2026-03-04 10:11:12,345 INFO  importer.rows: read 1,000 rows from /data/in/2026-03-04.csv in 1.2 s\n"
            '2026-03-04 10:11:14,110 INFO  importer.http: GET /api/v2/users/4711 200 12ms user-agent="curl/8.5.0"\n'
            "[2026-03-04T10:11:15Z] worker-3 pid=1832 done count=1000 failed=0 eta=00:12:31\n"
        ),
        set(),
    ),
    "sentences about passwords": (
        "The password check moved into the loop; test_rows.py says 'wrong password' for each row since then.\n",
        {*SEARCH, "names", "keys", "separators", "options", "calling"},
    ),
}
"""What people track, and all of ``redaction`` that it may load: each module is a hundredth of Python's start."""


@pytest.mark.parametrize("kind", ORDINARY)
def test_ordinary_text_loads_of_what_redacts_no_more_than_its_kind_needs(project, handoff, kind):
    """A rule that lets more be loaded makes every run slower: tell by a word or a form that the text needs it not."""
    handoff("-q", "track", stdin="before")
    text, most = ORDINARY[kind]
    loaded = modules_loaded(["-q", "track"], text.encode(), project)
    assert {it.rpartition(".")[2] for it in loaded if it.startswith("handoff_cli.redaction.")} <= most
    assert not not_light(loaded)


@pytest.mark.parametrize("argv", [["-q", "track"], ["status", "--line"], ["status", "--json"]])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("HANDOFF_MODEL", "gpt-4o"),
        ("HANDOFF_CONTEXT_WINDOW_LIMIT", "200k"),
        ("HANDOFF_WARNING_THRESHOLD", "70%"),
        ("HANDOFF_ENCODING", "cl100k_base"),
        ("HANDOFF_ON_WARNING", '["make", "save"]'),
        ("HANDOFF_KEEP_TEXT_BYTES", "1MiB"),
    ],
)
def test_a_documented_variable_does_not_end_the_fast_path(project, handoff, monkeypatch, argv, name, text):
    handoff("-q", "track", stdin="before")
    monkeypatch.setenv(name, text)
    loaded = modules_loaded(argv, b"hello", project)
    assert not_light(loaded) == set()
    assert not loaded & DEAR


@pytest.mark.parametrize("argv", [["-q", "track"], ["status", "--line"], ["status", "--json"]])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{\n", "{\n  // ours\n"),
        ('"warning_threshold": 0.8', '"warning_threshold": 0.7'),
        ('"warning_threshold": 0.8', '"warning_threshold": "70%"'),
        ('"context_window_limit": 128000,', '"context_window_limit": 5000, "_mine": {"a": [1]},'),
    ],
)
def test_an_edit_by_hand_does_not_end_the_fast_path(project, handoff, argv, old, new):
    handoff("-q", "track", stdin="before")
    state = project / ".agent-handoffs" / "token_usage.json"
    assert old in state.read_text()
    state.write_text(state.read_text().replace(old, new))
    loaded = modules_loaded(argv, b"hello", project)
    assert not_light(loaded) == set()
    assert not loaded & DEAR


def claude_rows():
    return r.jsonl(r.claude_response(10_000)), r.jsonl(r.claude_response(11_000, id_="msg_2"))


def codex_rows():
    start = r.jsonl(r.codex("session_meta", cli_version="0.125.0"), r.codex("turn_context", model="gpt-5.5"))
    return start + r.jsonl(r.codex_tokens(10_000)), r.jsonl(r.codex_tokens(11_000))


def gemini_rows():
    start = r.jsonl(r.gemini_start(), r.gemini_message("a", 10_000, model="gemini-2.5-pro"))
    return start, r.jsonl(r.gemini_message("b", 11_000, model="gemini-2.5-pro"))


@pytest.mark.parametrize("rows", [claude_rows, codex_rows, gemini_rows])
def test_a_sync_loads_nothing_heavy(project, handoff, rows):
    """Hooks run it after every tool call: decoding rows is all it may cost."""
    before, after = rows()
    (project / "t.jsonl").write_text(before)
    assert handoff("sync", "--transcript", "t.jsonl")[0] == 0
    with (project / "t.jsonl").open("a") as file:
        file.write(after)
    loaded = modules_loaded(["sync", "--transcript", "t.jsonl"], b"", project)
    assert not_light(loaded, WITH_PATTERNS) == set()
    assert not loaded & (DEAR | {"handoff_cli.tokens", "handoff_cli.transcripts.collector"})
    assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 11_000


def test_a_document_from_a_log_loads_neither_json_nor_subprocess_nor_jinja(project):
    """Nor what else a run of a fifth of a second would feel; ``re`` only where a pattern was changed since the tables."""
    before, after = claude_rows()
    (project / "t.jsonl").write_text(before + after)
    (project / ".git").mkdir(exist_ok=True)
    (project / ".git" / "HEAD").write_text("ref: refs/heads/main\n")  # enough for git to be asked
    loaded = modules_loaded(["handoff", "--transcript", "t.jsonl", "-o", "told.md"], b"", project)
    of_patterns = {name for name in WITH_PATTERNS if "re" in loaded and not name.startswith("json")}
    assert not_light(loaded, of_patterns | {"abc", "bisect", "io", "select"}) == set()
    assert not any(name.startswith("handoff_cli.agents.") and name.endswith("_log") for name in loaded - CLAUDES)


CLAUDES = {"handoff_cli.agents.claude_code_log"}


def test_a_document_loads_what_its_session_calls_for(project):
    """Without a repository no git; where no code was edited or shown, nothing that tells of code."""
    (project / "t.jsonl").write_text("".join(claude_rows()))
    loaded = modules_loaded(["handoff", "--transcript", "t.jsonl", "-o", "told.md"], b"", project)
    assert not loaded & {"handoff_cli.git", "handoff_cli.documents.extract.files.central", "handoff_cli.agents.hooks"}
    assert not loaded & {"handoff_cli.state.ledger", "handoff_cli.state.kept", "fcntl"}


@pytest.mark.parametrize("argv", [["--help"], ["track", "--help"], ["config", "--help"], ["config", "set", "-h"]])
def test_help_loads_typer_and_what_it_shows(project, argv):
    """pydantic, which Typer takes to read values, costs as much again as Typer itself."""
    loaded = modules_loaded(argv, b"", project, flags=())
    assert "typer" in loaded
    assert not {"pydantic", "rich", "tiktoken", "jinja2", "tomlkit", "handoff_cli.cli.completion"} & loaded


COMMAND_LINES = [
    ["track"],
    ["track", "-"],
    ["track", "a.txt", "b.txt"],
    ["track", "-d", "words", "a.txt"],
    ["track", "-d=words", "a.txt"],
    ["track", "--description=words", "--model", "gpt-4", "a.txt"],
    ["track", "--encoding", "cl100k_base", "--", "a.txt"],
    ["track", "--tokens", "12", "--json"],
    ["track", "--tokens=12", "-d", "x"],
    ["track", "--tee"],
    ["track", "--dry-run", "--strict", "a.txt"],
    ["track", "--json", "absent.txt"],
    ["track", "--format", "text", "a.txt"],
    ["-q", "track", "a.txt"],
    ["track", "a.txt", "--quiet"],
    ["--color", "never", "status"],
    ["--color=always", "status"],
    ["count", "a.txt", "b.txt", "--by-file"],
    ["count", "--json", "--model=gpt-4"],
    ["count", "--safe", "--model", "claude-opus-4-5", "a.txt"],
    ["status", "--json"],
    ["status", "--line", "--exit-code"],
    ["status", "--line", "--json"],
    ["sync"],
    ["sync", "--agent", "nobody"],
    ["sync", "--transcript", "absent.txt", "--json"],
    ["sync", "--transcript=a.txt", "--model", "claude-opus-4-5", "--format", "codex"],
    ["sync", "surplus"],
    ["--window", "5000", "status"],
    ["status", "--window", "x"],
    ["--session", "b", "track", "a.txt"],
    ["--session", "../b", "status"],
    ["--dir", "absent", "status"],
    ["track", "--bogus"],
    ["track", "--tokens", "x"],
    ["track", "--tokens", "-5"],
    ["status", "--window", "0"],
    ["status", "--window", "٣"],
    ["hook"],
    ["hook", "--dir"],
    ["hook", "nobody", "--tokens"],
    ["track", "-d"],
    ["--color", "purple", "status"],
    ["status", "surplus"],
    ["--version"],
]


def outcome(argv, project, handoff, door):
    for path in sorted(project.rglob("*"), reverse=True):
        if ".git" not in path.parts:
            path.rmdir() if path.is_dir() else path.unlink()
    (project / "a.txt").write_text("hello world")
    (project / "b.txt").write_text("hello again, world")
    with (
        mock.patch("time.time", return_value=1_768_464_000.0),
        mock.patch("os.urandom", bytes),
        mock.patch("handoff_cli.cli.reader.run_fast", door),
    ):
        result = handoff(*argv, stdin="piped text")
    files = {str(path.relative_to(project)): path.read_bytes() for path in project.rglob("*") if path.is_file()}
    return result, {name: data for name, data in files.items() if not name.endswith(".lock")}


@pytest.mark.parametrize("argv", COMMAND_LINES, ids=" ".join)
def test_both_doors_do_the_same(project, handoff, argv):
    """The fast door and Typer give the same bytes, the same exit code and the same files."""
    assert outcome(argv, project, handoff, run_fast) == outcome(argv, project, handoff, lambda _: None)


def test_the_fast_door_takes_the_ordinary_lines(project, handoff):
    """The equivalence above would be empty if everything fell through to Typer."""
    (project / "a.txt").write_text("hello")
    for argv in (
        ["track", "a.txt"],
        ["-q", "track", "-d", "x", "a.txt"],
        ["status"],
        ["status", "--json"],
        ["--version"],
    ):
        assert run_fast(take_apart(argv)) == 0


@given(st.lists(st.sampled_from(["--dir", "--quiet", "-q", "--color=never", "track", "x", "-d", "--", "--session"])))
def test_taking_apart_loses_and_invents_nothing_and_is_done_once(words):
    try:
        line = take_apart(words)
    except UsageError:
        assert words[-1] in ("--dir", "--session")
        return
    assert sorted(line.typed()) == sorted(words)
    assert take_apart(line.typed()) == line


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (["track", "-q", "x"], ["-q", "track", "x"]),
        (["track", "-d", "-q", "x"], ["track", "-d", "-q", "x"]),
        (["track", "--description", "--session=b"], ["track", "--description", "--session=b"]),
        (["track", "--", "-q"], ["track", "--", "-q"]),
        (["handoff", "--next", "-q", "--dir", "d"], ["--dir", "d", "handoff", "--next", "-q"]),
        (["config", "-q", "set", "model", "--dir=d"], ["-q", "--dir=d", "config", "set", "model"]),
        (["-q", "hook", "codex", "-q", "--dir"], ["-q", "hook", "codex", "-q", "--dir"]),
    ],
)
def test_a_value_is_never_taken_for_a_common_option(words, typed):
    assert take_apart(words).typed() == typed


@pytest.mark.parametrize("path", COMMANDS)
def test_typer_reads_what_the_fast_reader_reads(path):
    """Same arguments, same options, same flags, and none that hides a common one."""
    from handoff_cli.cli.app import root

    command = root()
    for name in path.split():
        command = command.commands[name]
    signature = signature_of(function_of(path))
    options = [it for it in command.params if it.param_type_name == "option"]
    arguments = [it for it in command.params if it.param_type_name == "argument"]
    assert {it.opts[0]: it.is_flag for it in options} == {word: it.is_flag() for word, it in signature.options.items()}
    assert {letter: it.opts[0] for it in options for letter in it.opts[1:]} == {
        short: long for short, long in SHORT.items() if long in signature.options
    }
    assert [it.required for it in arguments if it.nargs == 1] == [
        number < signature.required for number, _ in enumerate(signature.arguments)
    ]
    assert [it.nargs for it in arguments if it.nargs != 1] == ([-1] if signature.rest else [])
    assert not signature.options.keys() & COMMON.options.keys()


@pytest.mark.parametrize("argv", [["track", "status", "--session"], ["reset", "--dir"], ["status", "--color"]])
def test_a_global_option_without_its_value_is_refused(handoff, argv):
    code, out, err = handoff(*argv, stdin="hello")
    assert (code, out) == (2, "")
    assert "needs a value" in err


def test_a_bug_ends_in_one_line_and_a_log_not_a_traceback(capsys, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("\x1b[31mboom")

    monkeypatch.setattr("handoff_cli.usecases.status.get_status", broken)
    assert main(["status"]) == 70
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    log = Path(err.rsplit(" ", 1)[1].strip())
    assert "RuntimeError" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_the_json_of_track_is_the_new_status_and_what_was_added(handoff):
    result = json.loads(handoff("track", "--json", "-d", "x", stdin="hello world")[1])
    assert (result["total_tokens"], result["added_tokens"], result["recorded"], result["crossed"]) == (2, 2, True, None)
    assert result["added"][0]["source"] == "stdin"


def test_without_arguments_the_help_is_shown(handoff):
    code, out, err = handoff()
    assert (code, err) == (0, "")
    assert out.startswith("Usage: handoff [OPTIONS] COMMAND")
    code, out, err = handoff("-q")
    assert (code, out, err.count("\n")) == (2, "", 1)
