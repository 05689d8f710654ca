"""What the agents' tools are, by their names in small letters: here alone it is said of what kind a tool is."""

from __future__ import annotations

from handoff_cli.core.light import lru_cache

MENTION = "mention"
"""No tool: a text in which nobody is named speaks of a file."""

NOTED = "noted"
"""No tool: what somebody said lists to-dos. They are given as such a tool would be given them (``todos``), or as those
that come to the list, or stand otherwise in it (``added``)."""

HOOK = "stophook"
"""No tool: what ran by itself when the agent stopped."""

BY_USER = "usershell"
"""No tool: a command that the user ran in the agent's prompt."""

UNDO_OF_AIDER = "aider /undo"
"""How Aider's own command is told that takes back its last commit with what that changed."""

PROGRAM = "exec_program"
"""A program that calls other tools; what these did is told as calls of their own, after it."""

READERS = frozenset((
    *("read", "read_file", "view", "notebookread", "view_image", "read_many_files", "readfile", "read_files"),
    *("view_file", "read_file_v2", "copilot_readfile"),
))  # fmt: skip
WRITERS = frozenset(("write", "write_file", "write_to_file", "write_file_v2"))
"""Tools that make a file or replace all of it."""

CREATORS = frozenset(("create", "create_file", "newfilecreated", "copilot_createfile"))
CHANGERS = frozenset((
    *("edit", "multiedit", "notebookedit", "edit_file", "replace", "str_replace", "insert", "replace_in_file"),
    *("apply_diff", "insert_content", "search_and_replace", "search_replace", "editedexistingfile", "appliedit"),
    *("applieddiff", "insertcontent", "searchandreplace"),
    *("patch", "edit_file_v2", "replace_file_content", "multi_replace_file_content", "copilot_replacestring"),
    *("copilot_multireplacestring", "copilot_insertedit", "copilot_editnotebook", "replace_string_in_file"),
    *("multi_replace_string_in_file", "strreplace", "insert_edit_into_file", "edit_notebook_file"),
))  # fmt: skip
DELETERS = frozenset(("delete", "delete_file", "remove_file", "filedeleted"))
EDITORS = frozenset(
    ("str_replace_editor", "str_replace_based_edit_tool", "text_editor", "developer__text_editor", "editor")
)
"""Tools that read or change a file as their argument ``command`` says."""

PATCHERS = frozenset(("apply_patch", "applypatch", "copilot_applypatch"))
"""Tools that take a patch of several files."""

SHELLS = frozenset((
    *("bash", "shell", "exec_command", "run_shell_command", "execute_command", "run_command", "local_shell"),
    *("shell_command", "terminal", "run_terminal_cmd", "powershell", "container.exec", "command", "execute"),
    *("run_commands", "run_terminal_command", "run_terminal_command_v2", "run_in_terminal"),
    *("copilot_runinterminal", "developer__shell", "run_terminal"),
    *("shell_exec", "exec", HOOK, BY_USER),
))  # fmt: skip
SEARCHERS = frozenset((
    *("grep", "glob", "search", "search_files", "grep_search", "file_search", "codebase_search", "find"),
    *("search_file_content", "list_code_definition_names", "ripgrep", "rg", "searchfiles", "codebasesearch"),
    "search_codebase",
))  # fmt: skip
FETCHERS = frozenset((
    *("webfetch", "web_fetch", "websearch", "web_search", "google_web_search", "fetch", "fetchurl", "search_web"),
    *("fetch_web_content", "read_url_content", "web_extract", "web_search_exa"),
))  # fmt: skip
SUB_AGENTS = frozenset((
    *("task", "agent", "new_task", "newtask", "spawn_agent", "delegate", "dispatch_agent", "subagent", "runsubagent"),
    *("invoke_agent", "invoke_subagent", "spawn_subagent", "use_subagents", "delegate_task", "delegate_to_agent"),
    *("codebase_investigator", "sessions_spawn"),
))  # fmt: skip

WHOLE_LISTS = frozenset((
    *("todowrite", "todo_write", "write_todos", "update_plan", "update_todo_list", "todo", "todolist", "settodolist"),
    *("manage_todo_list", "checklist", "todo__todo_write", "updatetodolist"),
))  # fmt: skip
"""Tools that write the list of to-dos as it stands."""

TASKS = frozenset(("taskcreate", "taskupdate"))
"""Tools that write one entry of it."""

LISTS = WHOLE_LISTS | TASKS
ASKED_LIST = "tasklist"
"""The tool that asks how all entries stand: others may have worked on them."""

ASKERS = frozenset((
    *("askuserquestion", "ask_user", "askuser", "ask_user_question", "ask_user_questions", "request_user_input"),
    *("ask_question", "ask_questions", "askquestion", "askquestions", "ask_followup_question", "question"),
    *("vscode_askquestions", "clarify"),
))  # fmt: skip
"""Tools by which an agent asks the user."""

PLANNERS = frozenset(("exitplanmode", "exit_plan_mode", "plan_mode_respond", "create_plan", "createplan"))
"""Tools by which an agent lays its plan before the user."""

PLANNED = frozenset(("exitplanmode", "exit_plan_mode"))
"""Those of them with which planning is over where the user agrees."""

_SWITCHES = frozenset(
    ("enterplanmode", "enter_plan_mode", "set_mode", "setmode", "switch_mode", "switchmode", "report_intent")
)
_LOOKS_AT_WORK = frozenset((ASKED_LIST, "taskget", "bashoutput", "taskoutput", "wait", "wait_agent"))
_QUIET = frozenset((*LISTS, *PLANNERS, *_SWITCHES, *_LOOKS_AT_WORK, MENTION, NOTED, HOOK, BY_USER))
_OF_ITSELF = frozenset((
    *("skill", "toolsearch", "tool_search", "write_stdin", "taskstop", "killshell", "attempt_completion", "plan"),
    *("send_input", "close_agent", "resume_agent", "send_message", "followup_task", "interrupt_agent", "list_agents"),
    PROGRAM,
))  # fmt: skip


@lru_cache(maxsize=256)
def is_quiet(name: str) -> bool:
    """Return whether the tool of this ``name`` does nothing to the project: it keeps a list, or looks at what runs."""
    name = name.lower()
    return name in _QUIET or "todo" in name


def tells_of_work(name: str) -> bool:
    """Return whether what the tool of this ``name`` answers may tell of the work, and not of the agent itself."""
    name = name.lower()
    return not (is_quiet(name) or name in ASKERS or name in _OF_ITSELF)


def edits(name: str) -> bool:
    """Return whether the tool of this ``name`` changes files; one that is not known, by what stands in its name."""
    name = name.lower()
    if name in _EDITS or name in LOOKS or not tells_of_work(name):
        return name in _EDITS
    return any(word in name for word in _EDITING)


_EDITS = WRITERS | CREATORS | CHANGERS | DELETERS | EDITORS | PATCHERS
LOOKS = READERS | SHELLS | SEARCHERS | FETCHERS | SUB_AGENTS
"""Tools of which the name tells of no edit."""

_EDITING = ("edit", "write", "patch", "replace", "create_file", "insert")
