"""Calls that failed: what they said, which were made again, and where the work stands at one."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import REFUSED, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.runs.stumbles import (
    escalated,
    in_vain,
    lessons,
    lessons_of_calls,
    let_in,
    made_again,
    refusals,
    why_failed,
)
from handoff_cli.documents.extract.runs.underway import asked_of
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import ran, told
from tests.growth import assert_linear

ASK = ("user", "review the plan for the importer")


def call(position, name, summary, error=None):
    return ToolCall(str(position), name, summary, position, None, "failed" if error else "ok", error)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("<tool_use_error>Unknown skill: plan:review</tool_use_error>", "Unknown skill: plan:review"),
        (f"{REFUSED}. Say what to do instead.", "the user refused it"),
        ("[Request interrupted by user for tool use]", "the user interrupted it"),
        ("", ""),
    ],
)
def test_a_failed_call_is_told_with_what_it_said(error, why):
    assert why_failed(call(1, "Skill", "{}", error or None)) == why


def test_of_an_edit_that_found_nothing_to_replace_it_is_told_what_it_sought_not_words_of_an_error_in_the_code():
    error = '<tool_use_error>String to replace not found in file.\nString: // The limit\n\treturn fail("not found")\n}</tool_use_error>'
    told = "String to replace not found in file: // The limit and 2 lines more"
    assert why_failed(call(1, "Edit", "{}", error)) == told


def test_what_was_asked_for_stands_without_the_names_of_arguments():
    assert asked_of('{"skill":"plan:review","args":"plans/a.md"}') == "plan:review plans/a.md"
    assert asked_of('{"x":"y","description":"Read the docs"}') == "Read the docs"
    assert asked_of("/home/dev/shop/a.py") == "a.py"


def test_a_call_that_was_made_again_is_told_as_it_ended_last():
    calls = (
        call(11, "Task", '{"description":"Research how locks work here"}', "Agent type 'reader' not found"),
        call(12, "Task", '{"description":"Research how locks work here"}'),
        call(13, "Edit", "/p/a.py", "File has not been read yet."),
        call(14, "Edit", "/p/b.py"),
    )
    assert made_again(calls) == {11}
    story = extract(told(ASK, tool_calls=calls))
    assert story.runs.happened == (
        "Task Research how locks work here",
        "Edit a.py: failed: File has not been read yet.",
        "Edit b.py",
    )


def test_work_that_stands_at_a_failed_call_says_its_error_and_the_names_like_it():
    calls = (
        call(11, "Skill", '{"skill":"review"}', "Unknown skill. Available skills: shop:review:rules, shop:build:all"),
        call(12, "Skill", '{"skill":"shop:build:all"}'),
        call(13, "Skill", '{"skill":"shop:plan_review"}', "Unknown skill: shop:plan_review"),
    )
    said = "Skill shop:plan_review: Unknown skill: shop:plan_review (known by an earlier error: shop:review:rules)"
    assert extract(told(ASK, tool_calls=calls)).runs.stumbled == said
    assert extract(told(ASK, tool_calls=(*calls, call(14, "Read", "a.md")))).runs.stumbled == ""


def test_work_that_stands_at_a_failed_command_says_its_error_but_of_checks_and_looks():
    def stumbled(text):
        run = ran(text, "failed", 13, error="Exit code 1\nerror: remote rejected")
        return extract(told(ASK, commands=(run,), tool_calls=(call(13, "Bash", text, "x"),))).runs.stumbled

    assert stumbled("git push") == "git push: error: remote rejected"
    assert stumbled("pytest -q") == stumbled("cat a.py") == ""


def test_a_command_whose_output_ends_in_an_error_that_nothing_caught_failed_whatever_its_exit_code():
    def stumbled(text, output):
        run, calls = ran(text, "ok", position=13, output=output), (call(13, "Bash", text),)
        return extract(told(ASK, commands=(run,), tool_calls=calls)).runs.stumbled

    trace = (
        'Traceback (most recent call last):\n  File "a.py", line 4\n    load()\nFileNotFoundError: no stations.csv\n'
    )
    why = "FileNotFoundError: no stations.csv"
    assert stumbled("./tune.sh; tail -4 tune.log", trace) == f"./tune.sh; tail -4 tune.log: {why}"
    assert stumbled("./tune.sh; tail -4 tune.log", f"{trace}trial 1: 18.2") == "", "it went on"
    assert stumbled("tail -4 tune.log", trace) == "", "it only looks"
    assert stumbled("./kinds.sh", "kinds:\nValueError: wrong value") == "", "no trace"


def test_a_command_that_was_wrong_itself_is_a_lesson_with_what_worked_instead():
    runs = (
        ran("gh pr diff 343 -- src/lock.py", "failed", 20, "Exit code 1\naccepts at most 1 arg(s), received 3"),
        ran("gh pr diff 343 --patch", "ok", 21),
        ran("pytest tests", "failed", 22, "FAILED tests/test_a.py::test_b - KeyError: not found"),
        ran("pytest tests -x", "ok", 23),
        ran("cat nowhere.py", "failed", 24, "cat: nowhere.py: No such file or directory"),
        ran("cat src/nowhere.py", "ok", 25),
        ran("tools/bench.sh release", "failed", 26, "src/q.cpp:27:5: error: unknown type name 'Heap'"),
        ran("tools/bench.sh release --rss", "ok", 27),
    )
    (lesson,) = lessons(runs)
    assert (lesson.command, lesson.why) == ("gh pr diff 343 -- src/lock.py", "accepts at most 1 arg(s), received 3")
    assert lesson.instead == "gh pr diff 343 --patch"
    said = [form for piece in pieces_of_story(extract(told(ASK, commands=runs))) for form in piece.forms]
    assert "gh pr diff 343 -- src/lock.py: accepts at most 1 arg(s), received 3 → gh pr diff 343 --patch" in said


def test_a_command_that_worked_later_as_it_was_is_no_lesson():
    runs = (
        ran("docker build .", "failed", 20, "libvips.so.42: cannot open shared object file: No such file or directory"),
        ran("docker run thumb", "ok", 21),
        ran("docker build .", "ended", 22),
    )
    assert lessons(runs) == ()
    assert [it.command for it in lessons(runs[:2])] == ["docker build ."]


def test_what_a_tools_policy_turned_down_does_not_work_here():
    """A block by any tool is told with its words, so that nobody tries it again; a call that went through later is not."""
    why = "Browser rejected this action due to its security policy. Reason: http://localhost:1 is off."
    calls = (
        call(11, "js", '{"title":"Open the local shop"}', why),
        call(12, "fetch", '{"url":"https://a.example/b"}', "blocked by the network policy"),
        call(13, "fetch", '{"url":"https://a.example/b"}'),
        call(14, "Edit", "/p/a.py", "File has not been read yet."),
    )
    assert [(it.command, it.why, it.instead) for it in refusals(calls)] == [("js Open the local shop", why, "")]
    shown = [it for it in pieces_of_story(extract(told(ASK, tool_calls=calls))) if it.kind == "refused call"]
    assert len(shown) == 1


def test_what_a_refusal_orders_is_told_once_and_apart_from_its_reason():
    """A guess at what else may be done is no order."""
    orders = "The agent must not go round it by another browser. If none is left, stop and ask the user."
    open_it = '{"title":"Open the shop %d"}'
    refused = "Browser rejected this action due to its policy. Reason: http://localhost:%d is off."
    calls = [call(10 + n, "js", open_it % n, f"{refused % n} {orders}") for n in (1, 2)]
    found = refusals(calls)
    assert [(it.why, it.orders) for it in found] == [(refused % n, orders) for n in (2, 1)]
    shown = [it.forms[0] for it in pieces_of_story(extract(told(ASK, tool_calls=tuple(calls)))) if "refus" in it.kind]
    assert [it for it in shown if "must not" in it] == [f"  It orders: {orders}"]
    may = call(11, "js", open_it % 1, f"{refused % 1} If you believe it is needed, stop and explain.")
    assert [it.orders for it in refusals([may])] == [""]


def test_what_ran_outside_of_the_sandbox_is_told_with_what_it_said_within():
    runs = (
        ran("npm install", "failed", 11, "Exit code 1\ngetaddrinfo ENOTFOUND registry"),
        ran("npm install", "ok", 12).replace(outside="To fetch packages?"),
        ran("ps -ef", "ok", 13).replace(outside="To look at what runs?"),
    )
    first, second = escalated(runs)
    assert (first.command, first.within, first.outcome) == ("npm install", "getaddrinfo ENOTFOUND registry", "ok")
    assert (second.command, second.reason, second.within) == ("ps -ef", "To look at what runs?", "")
    lines = [piece.forms[0] for piece in pieces_of_story(extract(told(ASK, commands=runs)))]
    assert "npm install; in the sandbox it failed: getaddrinfo ENOTFOUND registry; outside it passed" in lines
    assert "ps -ef; asked: To look at what runs?; outside it passed" in lines
    assert not any(line.startswith("npm install: ") for line in lines), "it is no open failure"


def test_what_a_tool_did_not_take_is_told_with_what_it_took_instead():
    calls = (
        call(
            11,
            "Task",
            '{"subagent_type":"reader","description":"Read on locks"}',
            "Agent type 'reader' not found. Available agents: shop:reader",
        ),
        call(12, "Task", '{"subagent_type":"shop:reader","description":"Read on locks"}'),
        call(13, "open_page", '{"url":"a.html"}', "Timed out"),
        call(14, "open_page", '{"url":"b.html"}'),
    )
    (lesson,) = lessons_of_calls(calls)
    assert (lesson.command, lesson.instead) == ("Task reader", "shop:reader")
    assert lesson.why.startswith("Agent type 'reader' not found")


def test_a_command_that_a_policy_turned_down_stands_once_and_not_as_an_open_failure():
    said = "Permission to use Bash with command rm -rf build has been denied."
    bash = ToolCall("1", "Bash", "rm -rf build", 15, None, "failed")
    story = extract(told(ASK, tool_calls=(bash,), commands=(ran("rm -rf build", "failed", 15, said),)))
    lines = [piece.forms[0] for piece in pieces_of_story(story) if "rm -rf build" in piece.forms[0]]
    assert lines[-1] == f"rm -rf build: {said}"
    assert sum(line.startswith("rm -rf build") for line in lines) == 1


def test_of_a_command_that_was_wrong_itself_what_was_wrong_is_told_before_how_it_is_used():
    said = "ERROR: usage: jot [options]\njot: error: unrecognized arguments: -n\n"
    (lesson,) = lessons((ran("jot -n -q", "failed", 11, said), ran("jot -q", "ok", 12)))
    assert lesson.why == "jot: error: unrecognized arguments: -n"


def test_what_worked_with_another_setting_is_told_instead_of_what_did_not():
    runs = (
        ran("npx playwright install", "failed", 11, "Error: EACCES: permission denied, mkdir '/ms-playwright'"),
        ran("PLAYWRIGHT_BROWSERS_PATH=.pw npx playwright install", "ok", 12),
    )
    (lesson,) = lessons(runs)
    assert lesson.instead == "PLAYWRIGHT_BROWSERS_PATH=.pw npx playwright install"
    assert [it.minor for it in extract(told(ASK, commands=runs)).runs.failing] == [True]


@pytest.mark.parametrize("sed", ["sed -i 's/<n>/<name>/' pom.xml", "perl -0pi -e 's/<n>/<name>/' pom.xml"])
def test_what_was_tried_three_times_alike_in_vain_is_told_once_with_how_often(sed):
    """Calls that failed each time, and edits in place that printed nothing; not what worked in the end."""
    failed = tuple(call(11 + at, "Edit", "/shop/pom.xml", "Error editing file") for at in range(3))
    calls = (*failed, *(call(21 + at, "Bash", sed) for at in range(4)), call(30, "Edit", "/shop/a.py", "No match"))
    commands = tuple(ran(sed, position=21 + at, output="(No content)") for at in range(4))
    found = in_vain(told(ASK, tool_calls=calls, commands=commands))
    assert [(it.command, it.failed, it.error) for it in found] == [
        (sed, 4, None),
        ("Edit pom.xml", 3, "Error editing file"),
    ]
    assert not in_vain(told(ASK, tool_calls=(*failed, call(15, "Edit", "/shop/pom.xml"))))


@pytest.mark.parametrize(("apart", "tries"), [(1, 0), (9, 3)])
def test_calls_that_were_made_together_are_one_try(apart, tries):
    times = (f"2026-11-02T10:00:{apart * at:02}.5Z" for at in range(3))
    calls = tuple(
        call(11 + at, "Edit", "/shop/pom.xml", "read it first").replace(time=it) for at, it in enumerate(times)
    )
    assert [it.failed for it in in_vain(told(ASK, tool_calls=calls))] == [tries] * bool(tries)


def test_what_only_looks_around_is_no_way_that_worked_instead():
    pushed = ran("git push", "failed", 11, "remote: Repository not found.")
    assert lessons([pushed, ran("git remote -v", position=12, output="origin https://host/shop.git")]) == ()
    assert lessons([pushed, ran("git push -u shop main", position=12, output="main -> main")])


def test_a_file_that_could_be_written_once_the_user_had_said_something_is_a_lesson():
    denied = "[Errno 13] Permission denied: '/w/site.conf'"
    said = (("user", "mend it"), ("user", "again"), ("user", "I changed the owner, try again"))
    calls = (
        call(12, "edit", "site.conf", denied),
        call(22, "edit", "site.conf", denied),
        call(32, "edit", "site.conf"),
    )
    (one,) = let_in(told(*said, tool_calls=calls))
    assert (one.command, one.instead) == ("edit site.conf (\u00d72)", "by the user: I changed the owner, try again")
    assert "Permission denied" in one.why
    assert let_in(told(*said, tool_calls=calls[:2])) == (), "it is barred still"
    assert let_in(told(*said, tool_calls=calls[1:])) == (), "once tells little"


@pytest.mark.parametrize("blank", ["\n", " ", " \n"])
def test_what_an_edit_sought_is_read_in_time_that_grows_as_the_error_does(blank):
    error = "String to replace not found in file."
    assert_linear(lambda size: why_failed(call(1, "Edit", "{}", f"{error}\n{blank * size}x")), 12_000)


@pytest.mark.parametrize(
    ("error", "then", "instead"),
    [
        ("bash: kiln: command not found", "kiln3 -c 'heat 2'", "kiln3 -c 'heat 2'"),
        ("bash: kiln: command not found", "kiln3 -c 'cool'", None),
        ("kiln: no such file", "kiln3 -c 'heat 2'", None),
    ],
)
def test_a_program_that_is_not_there_is_replaced_by_another_with_all_else_alike(error, then, instead):
    """How that one ended may not be told."""
    commands = [ran("kiln -c 'heat 2'", "failed", 1, error), ran(then, "ended", 2)]
    assert [it.instead for it in lessons(commands)] == [instead] * bool(instead)
