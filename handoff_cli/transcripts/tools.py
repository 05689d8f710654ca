"""What the agents' tools do, by name: which files they touch, which command they run, what they say on failing."""

from __future__ import annotations

from handoff_cli.core import tool_names
from handoff_cli.core.answers import is_held_back, is_refused
from handoff_cli.core.patterns import DOTALL, MULTILINE, lazily
from handoff_cli.core.transcript import REFUSED
from handoff_cli.transcripts.by_shell import changes_by_shell
from handoff_cli.transcripts.events import WRITTEN
from handoff_cli.transcripts.values import as_dict, as_list, as_str, compact_json, cut, first_line, object_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


_ACTIONS = {
    **dict.fromkeys(tool_names.READERS, "read"),
    **dict.fromkeys(tool_names.WRITERS, WRITTEN),
    **dict.fromkeys(tool_names.CREATORS, "created"),
    **dict.fromkeys(tool_names.CHANGERS, "modified"),
    **dict.fromkeys(tool_names.DELETERS, "deleted"),
    tool_names.MENTION: "mentioned",
}
_SEARCHES = {
    **dict.fromkeys(tool_names.SEARCHERS, "search"),
    **dict.fromkeys(tool_names.FETCHERS, "fetch"),
    **dict.fromkeys(tool_names.SUB_AGENTS, "agent"),
}
_ASKED_KEYS = (
    *("pattern", "query", "regex", "url", "description", "task_name", "prompt", "message", "path"),
    *("task", "instructions", "objective", "goal", "prompt_1", "Role", "Prompt"),
    *("search_term", "Query", "Url", "queries", "urls", "requests"),
)
_PLAN_FILE = lazily(r"/plans?/[^/]+\.md$")
_RUN_KEYS = ("command", "cmd", "CommandLine", "script")
_EDITOR_COMMANDS = frozenset(("view", "create", "write", "str_replace", "insert", "undo_edit"))
_PATH_KEYS = (
    *("file_path", "filePath", "path", "absolute_path", "notebook_path", "target_file", "filename"),
    *("filepath", "targetFile", "AbsolutePath", "TargetFile"),
)
_PATCHED = lazily(r"^\*\*\* (Add|Update|Delete) File: (.+)$", MULTILINE)
_PATCH_ACTIONS = {"Add": "created", "Update": "modified", "Delete": "deleted"}
_EXIT_CODE = lazily(r"(?:(?:[Pp]rocess|[Cc]ommand) exited with code|[Ee]xit [Cc]ode:?) (-?\d{1,10})\b")
_COMMITTED = lazily(r"^(?:Output: )?\[[^\[\]\n]{0,300} ([0-9a-f]{7,40})\] (.+)$", MULTILINE)
_INSTEAD = "the user said:"
_FEEDBACK = lazily(
    r"(?s)(?:feedback:\s*(?:<feedback>\s*)?|approval request\. Reason: |execution rejected by user: "
    r"|provided by the user as an alternative: )"
    r"(\S.*?)\s*(?:</feedback>|\Z)"
)
"""As OpenCode, Cline and Copilot CLI give on what the user said, Kimi Code, Amp and Antigravity."""

_HINT = "\n\nNote: The user's next message may contain a correction"
"""What Claude Code adds to the user's words where its memory is on."""

_ANSWER_CHARS = 16_000
_HEADER_CHARS = 300
_SUMMARY_CHARS = 200
COMMAND_CHARS = 2000

_OWN_COMMANDS = frozenset((
    "add-dir", "agents", "branch", "btw", "bug", "clear", "color", "compact", "config", "context", "copy", "cost",
    "effort", "exit", "export", "fast", "feedback", "fork", "ide", "login", "logout", "mcp", "memory", "model",
    "output-style", "permissions", "plugin", "rename", "resume", "rewind", "sandbox", "status", "statusline", "tag",
    "tasks", "theme", "usage", "vim",
))  # fmt: skip
"""Commands about Claude Code itself: what is typed after them asks nothing of the agent."""


_BEYOND = (
    ("sandbox_permissions", ("require_escalated",)),  # Codex
    ("with_escalated_permissions", (True,)),  # Codex up to 0.70
    ("dangerouslyDisableSandbox", (True,)),  # Claude Code
)
"""Arguments by which a call asks to run outside of the sandbox."""


class Asked:
    """What a call asks of its tool, taken apart once.

    ``fields`` are the arguments by their names, ``run`` is the command it runs in a shell (None: none), ``touches`` the
    files it deals with, as ``(path, action)`` with an action as in ``FileTouch`` or ``WRITTEN``, ``edits`` the changes
    it makes, as ``(path, action, old, new)``. ``name`` is the tool's, of a shell that only patches files a patcher's.
    """

    def __init__(self, name: str, arguments: Any) -> None:
        self.name = name
        self.tool, self.arguments, self.fields = name.lower(), arguments, object_of(arguments)
        self.run: str | None = None
        self.touches: list[tuple[str, str]] = []
        self.edits: list[tuple[str, str, str, str]] = []
        if self.tool in tool_names.SHELLS or self.tool in tool_names.PATCHERS:
            self._run_and_patch()
        elif action := _editor_action(self.fields) if self.tool in tool_names.EDITORS else _ACTIONS.get(self.tool):
            self._touch(action)

    def _touch(self, action: str) -> None:
        """Take in the files that the arguments name, and the changes; each may name its file itself."""
        edits = action not in ("read", "deleted", "mentioned")
        paths, changes = _paths_in(self.fields), _changes_in(self.fields) if edits else []
        own = list(dict.fromkeys(path for path, _, _ in changes if path))
        self.touches = [(path, action) for path in own or paths]
        if edits and self.touches:
            whole = changes or [("", "", "")]
            self.edits = [(it or path, action, old, new) for path in paths or own[:1] for it, old, new in whole]

    def _run_and_patch(self) -> None:
        self.run = _run(self.fields, self.arguments) if self.tool in tool_names.SHELLS else None
        given = _first_text(self.fields, ("input", "patch", "command")) or self.run or ""
        patch = _patch_in(self.fields) or given or ("" if self.fields else as_str(self.arguments))
        if _PATCH in patch:
            self.touches += [(path.strip(), _PATCH_ACTIONS[verb]) for verb, path in _PATCHED.findall(patch)]
            self.edits += _patched(patch)
            if self.run and _only_patches(self.run):
                self.name = self.tool = "apply_patch"
                self.run = None
        if self.run and (written := list(changes_by_shell(self.run))):
            self.touches += [(path, action) for path, action, _, _ in written]
            self.edits += written

    def lookup(self) -> tuple[str, str] | None:
        """Return ``(kind, asked)`` of a call that looks something up (of ``Lookup``), None for any other.

        What no other kind is, and changes nothing that is known, is a ``tool``.
        """
        fields = self.fields
        if kind := _SEARCHES.get(self.tool):
            asked = next((it for key in _ASKED_KEYS if (it := _first_in(fields.get(key)))), "")
            place = _first_text(fields, ("path", "SearchPath")) if kind == "search" else ""
            return kind, first_line(asked, _SUMMARY_CHARS) + (
                f" in {cut(place, _SUMMARY_CHARS)}" if place != asked and place else ""
            )
        for path, action in self.touches:
            if action == "read":
                line = _first_line(fields)
                return "read", f"{path}:{line}" if line > 1 else path
        changes = self.run is not None or self.touches
        return None if changes or not tool_names.tells_of_work(self.tool) else ("tool", f"{self.tool} {self.summary()}")

    def outside(self) -> str | None:
        """Return the reason with which a call asks to run outside of the agent's sandbox, None where it does not."""
        for name, asked in _BEYOND:
            if name in self.fields and self.fields[name] in asked:
                return cut(" ".join(as_str(self.fields.get("justification")).split()), _SUMMARY_CHARS)
        return None

    def plan(self) -> tuple[str | None, str | None]:
        """Return ``(text, file)`` of the plan a call presents or writes; either is None where it does not tell."""
        if self.tool in tool_names.PLANNERS:
            text = as_str(self.fields.get("plan")) or as_str(self.fields.get("response"))
            return text or None, as_str(self.fields.get("planFilePath")) or None
        for path, _, old, new in self.edits:
            if ".md" in path and _PLAN_FILE.search(path.replace("\\", "/")):
                return (None if old else new or None), path
        return None, None

    def summary(self) -> str:
        """Return one line of what a call was about: its command, its file, or its first arguments."""
        if self.run:
            return first_line(self.run, _SUMMARY_CHARS)
        if self.touches:
            return cut(self.touches[0][0], _SUMMARY_CHARS)
        return first_line(cut(compact_json(self.arguments), _SUMMARY_CHARS), _SUMMARY_CHARS)


def known_by_arguments(name: str, arguments: Any) -> str:
    """Return the known tool that a call of ``name`` is like by its ``arguments``, empty where it is known or like none.

    Whoever sends messages to a model names tools as they like.
    """
    asked = Asked(name, arguments)
    if (asked.lookup() or ("",))[0] != "tool":
        return ""
    texts = {key: value for key, value in asked.fields.items() if as_str(value).strip()}
    if _patch_in(texts):
        return "apply_patch"
    run = next((texts[key] for key in _RUN_KEYS if key in texts), "")
    edits = run in _EDITOR_COMMANDS and any(key in texts for key in _PATH_KEYS)
    return "str_replace_editor" if edits else "shell" if run else ""


def _only_patches(run: str) -> bool:
    """Return whether the command ``run`` is the program that takes a patch, with nothing else, as older Codex ran it.

    The patch is its argument, or stands in a document that one word ends.
    """
    _, _, rest = run.partition(_PATCH)
    return run.lstrip().startswith("apply_patch") and len(rest.rpartition("*** End Patch")[2].split()) <= 1


_PATCH = "*** Begin Patch"


def _patch_in(fields: dict[str, Any]) -> str:
    """Return the patch that one of the arguments of a call is, empty where none is."""
    for it in fields.values():
        if isinstance(it, str) and it.lstrip().startswith(_PATCH):
            return it
    return ""


def _paths_in(fields: dict[str, Any]) -> list[str]:
    for key in _PATH_KEYS:
        if key in fields and isinstance(path := fields[key], str):
            found: list[Any] = [path]
            break
    else:
        found = [*as_list(fields.get("paths")), *(as_dict(file).get("path") for file in as_list(fields.get("files")))]
    return [cut(it.strip(), COMMAND_CHARS) for it in found if isinstance(it, str) and it.strip()]


def _changes_in(fields: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return the path (empty: the call's), the old and the new of each change that an editing tool's arguments name."""
    for several in (as_list(fields[key]) for key in _SEVERAL if key in fields):
        named = [("".join(_paths_in(it)[:1]), _old_of(it), _new_of(it)) for it in map(as_dict, several)]
        if changes := [it for it in named if it[1] or it[2]]:
            return changes
    diff = as_str(fields.get("diff"))
    if diff and (blocks := _BLOCK.findall(diff)):
        return [("", old, new) for old, new in blocks]
    old, new = _old_of(fields), _new_of(fields)
    return [("", old, new)] if old or new else []


_SEVERAL = ("edits", "changes", "replacements", "ReplacementChunks")
_BLOCK = lazily(
    r"(?:<{7}|-{7}) SEARCH\n(?::start_line:\d+\n)?(?:-------\n)?(.*?)\n?=======\n(.*?)\n?(?:>{7}|\+{7}) REPLACE",
    DOTALL,
)
_OLD_KEYS = (
    *("old_string", "oldString", "old_str", "oldStr", "oldText", "old_text", "search", "before"),
    "TargetContent",
)
_NEW_KEYS = (
    *("new_string", "newString", "new_str", "newStr", "newText", "new_text", "replace", "after"),
    *("content", "contents", "file_text", "new_source", "insert_text", "text"),
    *("ReplacementContent", "CodeContent"),
)
"""What an argument is called that holds what a change takes out, or puts in: each agent's tools have their own."""


def _old_of(fields: dict[str, Any]) -> str:
    return _first_text(fields, _OLD_KEYS)


def _new_of(fields: dict[str, Any]) -> str:
    return _first_text(fields, _NEW_KEYS)


def _first_in(asked: Any) -> str:
    """Return what was asked for, of several things the first; empty where it is nothing."""
    first = asked[0] if isinstance(asked, list) and asked else asked
    return next((it for it in (as_str(first), as_str(as_dict(first).get("url"))) if it.strip()), "")


def _first_text(fields: dict[str, Any], keys: tuple[str, ...]) -> str:
    """Return the first text that says something under one of ``keys``, empty where there is none."""
    for key in keys:
        if key in fields and isinstance(value := fields[key], str) and value:
            return value
    return ""


def _patched(patch: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the changes of a patch in the form of ``apply_patch``; a place a hunk names stands in their first line."""
    path = action = place = ""
    hunk: list[str] = []
    for line in (*patch.split("\n"), "*** End Patch"):
        if not line.startswith(("*** ", "@@")):
            hunk.append(line)
            continue
        for part in _spots(hunk) if path else ():
            old, new = ([it[1:] for it in part if not it.startswith(sign)] for sign in "+-")
            if old != new and (any(map(str.strip, old)) or any(map(str.strip, new))):
                yield path, action, "\n".join([place] * bool(place) + old), "\n".join([place] * bool(place) + new)
        hunk = []
        place = _LINES.sub("", line[2:]).strip("@ ") if line.startswith("@@") else ""
        if named := _PATCHED.match(line):
            path, action = named[2].strip(), _PATCH_ACTIONS[named[1]]


def _spots(hunk: list[str]) -> Iterator[list[str]]:
    """Yield a hunk by the spots it changes, each with all lines around it: three lines that stay part them."""
    start = end = 0
    for at, line in enumerate(hunk):
        if line.startswith(("-", "+")):
            if end and at - end >= _PARTED_BY:
                yield hunk[start:at]
                start = end
            end = at + 1
    yield hunk[start:]


_PARTED_BY = 3
_LINES = lazily(r"^ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")
"""What a unified diff tells of where a hunk lies, by numbers."""


def _first_line(fields: dict[str, Any]) -> int:
    """Return the line from which on a file is to be shown, 0 where that is not told."""
    told = (*(fields.get(it) for it in _FROM_LINE), *as_list(fields.get("view_range"))[:1])
    return next((it for it in told if isinstance(it, int)), 0)


_FROM_LINE = ("offset", "line_offset", "start_line", "startLine", "StartLine")


def said_on_refusal(answer: str) -> str | None:
    """Return what the user said on refusing a call, None where the ``answer`` is no refusal or nothing was said."""
    if is_held_back(answer):
        return None
    if answer.startswith(REFUSED):
        return answer.partition(_INSTEAD)[2].partition(_HINT)[0].strip() or None
    found = _FEEDBACK.search(answer) if is_refused(answer[:_HEADER_CHARS].lstrip()) else None
    return found[1].strip() if found else None


def _editor_action(fields: dict[str, Any]) -> str:
    return {"view": "read", "create": "created", "write": WRITTEN, "": WRITTEN}.get(
        as_str(fields.get("command")), "modified"
    )


def _run(fields: dict[str, Any], arguments: Any) -> str | None:
    """Return the command that the arguments of a shell's call name, None where they name none."""
    words = None
    for key in _RUN_KEYS:
        if key in fields:
            words = fields[key]
            break
    if words is None and isinstance(fields.get("commands"), list):
        words = "\n".join(word for word in fields["commands"] if isinstance(word, str))
    if words is None:
        words = as_dict(fields.get("action")).get("command", arguments if isinstance(arguments, str) else None)
    if isinstance(words, list):
        texts = [word for word in words if isinstance(word, str)]
        inner = len(texts) == 3 and texts[1] in ("-c", "-lc", "-Command")  # noqa: PLR2004 (shell, flag, script)
        words = texts[2] if inner else " ".join(texts)
    return words if isinstance(words, str) and words.strip() else None


def exit_code_at_start(text: str) -> int | None:
    """Return the exit code an agent wrote before the output of a command, None if there is none."""
    found = _EXIT_CODE.search(text[:_HEADER_CHARS].partition("Output:")[0])
    return int(found[1]) if found else None


def exit_code_at_end(text: str) -> int | None:
    """Return the exit code an agent wrote after the output of a command, None if there is none."""
    found = _EXIT_CODE.findall(text[-_HEADER_CHARS:])
    return int(found[-1]) if found else None


def commits_in(run: str, answer: str) -> Iterator[tuple[str, str]]:
    """Yield ``(hash, subject)`` of the commits that git reported in the ``answer`` to the command ``run``."""
    if "git" in run and "commit" in run:
        for hash_, subject in _COMMITTED.findall(answer[:_ANSWER_CHARS]):
            yield hash_, cut(subject.strip(), _SUMMARY_CHARS)


def plan_agreed_to(tool: str, plan: tuple[str | None, str | None], answer: str) -> tuple[str | None, str | None]:
    """Return a ``plan`` that a ``tool`` laid before the user as the ``answer`` has it: they may have changed it."""
    found = _AGREED_TO.search(answer[:_ANSWER_CHARS]) if tool.lower() in tool_names.PLANNED else None
    return (answer[found.end() :], plan[1]) if found else plan


def plan_file_in(answer: str) -> str:
    """Return the file that the ``answer`` to a plan says this was put down in, empty where it says none."""
    found = (
        _PLAN_AT.search(answer[-_ANSWER_CHARS:]) if "planUri" in answer else _SAVED_TO.search(answer[:_HEADER_CHARS])
    )
    return found[1] if found else ""


_AGREED_TO = lazily(r"(?m)^#{1,3} Approved Plan[^\n]*\n")
_SAVED_TO = lazily(r"(?m)^Your plan has been saved to: (\S.{0,400})$")
_PLAN_AT = lazily(r'"planUri"\s*:\s*"(?:file://)?([^"\n]{1,400})"')


def told_commit(hash_: str, subject: str) -> str:
    """Return what git reports of a commit, where a log tells of one and not of its branch."""
    return f"[as commit {hash_}] {subject}"


def is_own_command(text: str) -> bool:
    """Return whether ``text`` is a command about Claude Code itself."""
    return text.startswith("/") and text[1:].partition(" ")[0].strip() in _OWN_COMMANDS
