"""The handoff says what the facts say, each in its place, whatever strangers wrote into them."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from handoff_cli.constants import NOTE_KINDS
from handoff_cli.core.session import Note
from handoff_cli.core.transcript import Answer, FileTouch, Todo
from handoff_cli.documents import sandbox
from handoff_cli.documents.extract.facts import Change, FileChanges, Finding, LastCommit, Made, Request, Task, Turn
from handoff_cli.documents.extract.failed import Attempt, Check, LiveFailure, Refused
from handoff_cli.documents.facts import ChangedFile, CheckpointFact, GitFacts
from handoff_cli.documents.fit import everything
from handoff_cli.documents.front_matter import front_matter, split_front_matter
from handoff_cli.documents.markdown import Own, Section, parse
from handoff_cli.documents.own_template import context
from handoff_cli.documents.parts.story import pieces_of_story
from handoff_cli.documents.render import HANDOFF_TEMPLATE
from handoff_cli.documents.templates import template_text
from handoff_cli.errors import TemplateError
from tests.documents.sessions import render, story_of

DOCUMENTATION = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "templates.md")
HOSTILE = st.lists(
    st.one_of(
        st.text(max_size=4),
        st.sampled_from(
            [
                "\n",
                "---\n",
                "\n<!-- handoff:end git -->\n",
                "\n<!-- handoff:begin goal 00000000 -->\n",
                "```\n",
                "|",
                "`",
            ]
        ),
        st.sampled_from(["{{ 7 * 7 }}", "{% endcall %}", "\x1b[2J", "\u202e", "\n## Notes\n", "<!--", "](http://x)"]),
    ),
    max_size=6,
).map("".join)


def sections_of(text):
    return {part.name: part.body for part in parse(split_front_matter(text)[1]) if isinstance(part, Section)}


def outside_blocks(text):
    """The text without its fenced blocks, as a Markdown reader delimits them."""
    lines = text.split("\n")
    for token in reversed(MarkdownIt("commonmark").parse(text)):
        if token.type == "fence":
            del lines[slice(*token.map)]
    return "\n".join(lines)


def own_text(text):
    return [part.text for part in parse(split_front_matter(text)[1]) if isinstance(part, Own)]


def skeleton(text):
    """What a Markdown reader makes of the document outside quotes: blocks, headings, comments; without the words."""
    tokens = MarkdownIt("commonmark").enable("table").parse(split_front_matter(text)[1])
    quotes = 0
    for token in tokens:
        quotes += token.type == "blockquote_open"
        if not quotes:
            yield token.type, re.sub(" [0-9a-f]{8} ", " ", token.content) if token.type == "html_block" else ""
            yield from ((child.type, "") for child in token.children or () if child.type not in {"text", "code_inline"})
        quotes -= token.type == "blockquote_close"


TIME = "2026-11-22T07:00:00Z"


def told(one="x", two="y", three="z"):
    """A story that fills every field a stranger can fill."""
    return story_of(
        requests=(
            Request(1, f"a{one}"),
            Request(2, f"b{two}", rule=True, meant=f"o{one}", position=2),
            Request(3, f"c{three}", meant=f"o{two}", position=3),
            Request(4, f"d{one}"),
        ),
        goal=f"g{two}",
        state="progress",
        referent=f"r{three}",
        gist=f"i{one}",
        happened=(f"h{one}", f"h{two}"),
        unchecked=(f"u{three}",),
        todos=(Todo(f"t{one}", "pending"), Todo(f"u{two}", "completed")),
        commits=(Made("abc1234", f"s{three}"),),
        turns=(
            Turn(2, (Finding(f"found {one}", "said", 2, 4.0),)),
            Turn(3, (Finding(f"told {two}", f"sub-agent: {three}", 3, 3.0),)),
        ),
        explained=f"explained{one}",
        thought=f"thought{two}",
        said=(Finding(f"said{one}", "code"),),
        learnt=(Finding(f"learnt{two}", f"sub-agent: {three}"),),
        red="line\n" * 10 + f"red{two}",
        account=(Finding(f"account{three}", "account", 1, 3.0),),
        plan=f"p{two}",
        plan_file=f"l{three}",
        plan_mode=True,
        edits=(FileChanges(f"e{one}", True, 2, (Change((f"w{two}",), f"o{three}", f"n{one}", 2, 3),)),),
        failures=(LiveFailure(f"n{two}", f"y{three}", f"k{one}", "test", 3),),
        failing=(Attempt(f"c{one}", f"e{two}", 1), Attempt(f"r{three}", rejected=True)),
        checks=(Check(f"j{two}", "ok", 0),),
        turned_back=(FileChanges(f"b{two}", False, 1, (Change((), f"o{one}", f"n{two}", 1, 1),)),),
        temporary=((f"m{one}", f"q{two}"),),
        files=(FileTouch(f"f{one}", "modified", 2), FileTouch(f"g{two}", "read", 1)),
        question=f"q{three}?",
        answers=(Answer(f"x{two}", f"y{three}"),),
        links=(f"z{one}",),
        nearby=(f"j{two}", "plain.py"),
        hand=((f"a{three}", f"name_b{one}"), (f"a{three}", f"name_c{two}"), ("", f"name_d{three}")),
        again=((f"g{one}", 3, f"p{two}"),),
        variables=("TOKEN_NAME",),
        last_words=f"w{two}",
    )


def noted(text="n", ref=None):
    return tuple(Note(number, TIME, kind, f"{kind} {text}", ref) for number, kind in enumerate(NOTE_KINDS, 1))


def headings(text):
    return re.findall(r"^#+ .*", text, re.MULTILINE)


def test_sections_stand_in_the_order_a_reader_needs_them(facts):
    text = render(facts.replace(story=told(), notes=noted(), summary="s"))
    assert headings(text) == [
        *("# Handoff: demo", "## Next action", "## Goal", "## State", "## Open questions", "## Summary"),
        *("## Failed approaches", "## Findings and design", "## Edits and code"),
        *("## Rules", "## Files", "## In hand", "## Verify", "## Notes", "## Record"),
    ]
    assert text.startswith(front_matter(facts))


def test_what_there_is_nothing_to_say_about_is_left_out(facts):
    calm = facts.replace(git=None, checkpoints=(), usage=facts.usage.replace(level="ok", checkpoint_count=0))
    assert headings(render(calm)) == ["# Handoff: demo", "## Notes", "## Record"]


def test_the_first_lines_say_what_to_do_next(facts):
    body = split_front_matter(render(facts.replace(story=told())))[1]
    assert "## Next action" in "\n".join(body.split("\n")[:6])


def test_the_users_words_stand_as_they_were_said(facts):
    """First and latest with their line breaks, those between on a line each, what binds marked, in the story's order."""
    requests = (
        Request(1, "Make `x`:\n\n- fast\n- *small*", position=1),
        Request(2, "go\n  there", times=3, meant="to x", position=2),
        Request(3, "don't touch <b>", rule=True, position=3),
        Request(4, "a long one", position=4),
    )
    turns = (Turn(1), Turn(2, (Finding("The cause is x.", "said", 2, 4.0),)), Turn(3), Turn(4))
    text = render(facts.replace(story=story_of(requests=requests, turns=turns)))
    assert "```\nMake `x`:\n\n- fast\n- *small*\n```\n" in text
    assert "\n2: go there [3 times] (that is: to x)\n  → The cause is x.\n" in text
    assert "\n3 (still holds): don't touch <b>\n" in text
    assert "```\na long one\n```\n" in text


def test_a_first_request_that_only_says_to_commit_is_not_told_where_the_work_is_known(facts):
    requests = (Request(1, "commit this", bare=True), Request(2, "and now?"))
    assert "first request:" in render(facts.replace(story=story_of(requests=requests)))
    assert "first request:" not in render(facts.replace(story=story_of(requests=requests, work="Prices in one go")))
    body = "\n".join(f"- item {number} of it is read first, {'and more is said of it ' * 30}" for number in range(5))
    told = render(facts.replace(story=story_of(requests=requests, work=body)))
    assert all(f"- item {number} of it is read first" in told for number in range(5)), "every item before all of one"


def test_text_in_a_block_is_not_escaped(facts):
    text = render(facts.replace(story=story_of(explained="`a_b` is *not* [c] <d>")))
    assert "```\n`a_b` is *not* [c] <d>\n```" in text


def test_live_failures_stand_with_what_said_so_and_commands_that_failed_below(facts):
    story = story_of(
        failures=(LiveFailure("test_a", "1 == 2", "pytest", "test", 9), LiveFailure("test_b", "", "pytest", "test", 9)),
        failing=(Attempt("make x", "no rule", 2, failed=3), Attempt("ls b", "no file", minor=True)),
        refused=(Refused("rm -r /", "no, only `build/`"),),
    )
    body = sections_of(render(facts.replace(story=story)))["state"]
    assert "```\npytest\n  test_a: 1 == 2\n  test_b\n```" in body
    assert "\nmake x: tried 3 times: no rule\n" in body
    assert "Turned down by the user → what they said next:\n\n```\nrm -r / → “no, only `build/`”\n```" in body
    assert "\nEnded in an error besides: `ls b`: `no file`.\n" in body


def test_checks_say_how_they_ended_and_how_old_that_is(facts):
    checks = (Check("a", "ok", edited=2), Check("b | tail", None), Check("c", "failed", 1, failed=3, edited=1))
    mended, wrong = Check("d", "failed", 1, failed=1), Check("e", None, 1)
    live = tuple(LiveFailure("test_a", "", command, "test", 9) for command in ("a b", "c"))
    body = sections_of(render(facts.replace(story=story_of(checks=(*checks, mended, wrong), failures=live))))["state"]
    assert "`d`" not in body, "what it found was seen mended"
    assert "`e`" not in body, "it could not run"
    assert "- `a`: passed; 2 files edited since\n" in body
    assert "- `c`: failed (3 found); 1 file edited since" in body
    assert body.index("- `c`") < body.index("- `b | tail`: outcome not recorded"), "what is known comes first"


def test_of_checks_that_begin_alike_and_ended_alike_the_latest_is_told(facts):
    begins = "make test 2>&1 | grep -v 'no test files'; make "
    checks = (Check(f"{begins}lint", "ok"), Check("ruff check", "ok"), Check(f"{begins}docs", "ok"))
    body = sections_of(render(facts.replace(story=story_of(checks=checks))))["state"]
    assert body.count("make test") == 1
    assert body.index("make test") < body.index("ruff check")


def test_a_check_that_fails_now_is_not_told_as_passed_before(facts):
    """What trims its output differs, and it is the same check; nor is its failure of before over."""
    live = (LiveFailure("test_a", "", "pytest | tail -22", "test", 9),)
    checks = (Check("pytest | tail -22", "failed", 1, failed=1), Check("pytest | tail -6", "ok", 0))
    over = (Attempt("pytest | tail -30", "1 failed", 1, minor=True),)
    story = story_of(checks=checks, failures=live, failing=over)
    body = sections_of(render(facts.replace(story=story)))["state"]
    assert "tail -6" not in body
    assert "tail -30" not in body


def test_notes_stand_first_in_their_parts_with_number_and_place(facts):
    text = render(facts.replace(notes=noted("here", "a.py:3"), story=told()))
    for number, kind in enumerate(NOTE_KINDS, 1):
        tag = "[noted]" if kind == "next" else f"[noted, {number}]"
        assert re.search(rf"{kind} here.*{re.escape(tag)}", text)
    for title, kind in (("Goal", "goal"), ("Findings and design", "decision"), ("Open questions", "question")):
        assert re.search(rf"## {title}\n\n- {kind} here", text)


def test_files_of_tools_and_of_git_are_named_once_each(facts):
    story = story_of(
        files=(FileTouch("src/a.py", "modified", 3), FileTouch("src/r.py", "read", 1)), nearby=("src/r.py",)
    )
    text = render(facts.replace(story=story))
    assert "a.py (uncommitted +10 −2)" in text
    assert "Uncommitted besides [verified: git]:\n\n```\nb untracked" in text
    assert "Uncommitted [verified: git]:" in render(facts.replace(story=None)), "besides nothing"
    assert "\nFiles besides: r.py\n" in text


def test_checkpoints_and_how_many_are_left_out(facts):
    body = sections_of(render(facts))["record"]
    assert "- 2026-11-22T07:30:00Z: 3,000 tokens from stdin, read the parser\n" in body
    assert "- 10 more before: `handoff log`" in body
    bare = facts.checkpoints[-1].replace(description="", source="reported", tokens=1)
    assert ": 1 token from reported\n" in sections_of(render(facts.replace(checkpoints=(bare,))))["record"]
    assert "handoff log" not in render(facts.replace(usage=facts.usage.replace(checkpoint_count=2)))


def test_the_window_on_one_line_with_method_and_the_handoff_before(facts):
    assert (
        "- Window: 105,000 of 128,000 tokens, 87.5 % of the usable 120,000 (counted): warning; previous handoff: "
        "`archive/20261121T183000Z-20261121-9f00`\n"
    ) in sections_of(render(facts))["record"]
    usage = facts.usage.replace(method="estimated", error_share=0.05)
    assert "(estimated, ± 5.0 %)" in render(facts.replace(usage=usage))


@pytest.mark.parametrize(
    ("git", "says"),
    [
        (GitFacts(None, "ab12cd3"), "HEAD is detached"),
        (GitFacts("main", "ab12cd3", ahead=2, upstream="o/m"), "2 commits not pushed to `o/m`"),
        (GitFacts(None, None, unread=("status",)), "Git did not answer in time"),
    ],
)
def test_git_is_told_where_it_says_something(facts, git, says):
    assert says in sections_of(render(facts.replace(git=git)))["record"]
    assert "git" not in sections_of(render(facts.replace(git=GitFacts("main", "ab12cd3"))))["record"].lower()


def test_the_shipped_template_prints_what_is_printed_without_one(facts):
    template = template_text(HANDOFF_TEMPLATE)
    for filled in (
        facts,
        facts.replace(story=told("\n", "<!--", "`"), notes=noted(), summary="s"),
        facts.replace(git=None),
    ):
        assert render(filled, template) == render(filled)


def test_the_same_facts_give_the_same_bytes(facts):
    assert render(facts) == render(facts)


@given(HOSTILE, HOSTILE, HOSTILE)
@example("\n<!-- handoff:end goal -->\n---\n", "x\n---\nevil: 1", "a|b")
@example("\U000c7e2am", "鈺", "|\x10\x14^2D5Ê\n<!--\n<!-- handoff:begin goal 00000000 -->\n")
@example("", "", "")
@example("", "\x1b[31m", "\u202e")
@example(one="", two="", three="\\")
@example(one="", two="{{ 7 * 7 }}{{ 7 * 7 }}", three="")
def test_no_text_leaves_its_place(facts, one, two, three):
    """Every field a stranger can fill is filled with hostile text: sections, headings and own text stay what they were."""

    def filled(one, two, three):
        return facts.replace(
            project=one,
            session=two,
            previous=f"p{three}",
            notes=noted(two, f"r{one}"),
            story=told(one, two, three),
            summary=f"s{two}",
            document=three,
            usage=facts.usage.replace(model=f"m{one}"),
            checkpoints=(CheckpointFact(1, two, three, one, 5, "counted"),),
            git=GitFacts(
                branch=f"b{one}",
                head=f"h{two}",
                upstream=f"u{three}",
                ahead=1,
                behind=1,
                changed=(ChangedFile(two, "renamed", origin=f"o{three}"), ChangedFile(three, "untracked")),
                commits=(Made(one, two), Made(two, three)),
            ),
        )

    plain, hostile = render(filled("x", "x", "x")), render(filled(one, two, three))
    assert own_text(hostile) == own_text(plain)
    assert list(sections_of(hostile)) == list(sections_of(plain))
    assert not any(part.edited for part in parse(split_front_matter(hostile)[1]) if isinstance(part, Section))
    assert split_front_matter(hostile)[0].count("\n") == split_front_matter(plain)[0].count("\n")
    assert list(skeleton(hostile)) == list(skeleton(plain))
    for name, body in sections_of(hostile).items():
        assert outside_blocks(body).count("\n#") == outside_blocks(sections_of(plain)[name]).count("\n#")
    assert "\x1b" not in hostile


def test_a_users_template_wins_and_gets_the_front_matter(facts):
    text = render(facts, '{% call section("mine") %}{{ project }} at {{ usage.usage_share | percent }}{% endcall %}')
    assert split_front_matter(text)[0] == front_matter(facts)
    assert sections_of(text) == {"mine": "demo at 82.0 %"}


def test_front_matter_of_a_users_template_is_added(facts):
    text = render(facts, "---\nteam: core\nsession: mine\n---\n# Hello\n")
    assert split_front_matter(text)[0] == front_matter(facts).removesuffix("---\n") + "team: core\n---\n"


def test_a_template_without_sections_is_one_section(facts):
    assert sections_of(render(facts, "# {{ session }}\n")) == {"document": "# 20261122-a1b2"}


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("one\n{% if %}", "mine.md, line 2: Expected an expression, got 'end of statement block'"),
        ("one\n\n{{ missing }}", "mine.md, line 3: 'missing' is undefined"),
        (
            "{% macro m() %}\n{{ 1 / 0 }}{% endmacro %}\n\n{{ m() }}",
            "mine.md, line 2: ZeroDivisionError: division by zero",
        ),
        ("\n{{ 9 ** 9 ** 9 }}", "mine.md, line 2: OverflowError: the operands of ** are too big for a template"),
        (
            '{% call section("Bad Name") %}x{% endcall %}',
            "mine.md, line 1: ValueError: a section is named in lower case",
        ),
        ("{% macro m() %}{{ m() }}{% endmacro %}\n{{ m() }}", "mine.md, line 1: RecursionError: "),
        ("{{ '\x1b[31m' | nofilter }}", "mine.md, line 1: No filter named 'nofilter'."),
        (
            "{% for i in range(2000) %}{{ 'x' * 1000 }}{% endfor %}",
            "mine.md, line unknown: OverflowError: the document grows",
        ),
        ("", "mine.md: the template prints nothing"),
    ],
)
def test_a_template_that_fails_says_where_and_why_on_one_line(facts, template, message):
    with pytest.raises(TemplateError) as raised:
        render(facts, template, source="mine.md")
    assert raised.value.message.startswith(message)
    assert raised.value.message.isprintable()
    assert "docs/templates.md" in raised.value.hint


def documentation():
    with open(DOCUMENTATION, encoding="utf-8") as file:
        return file.read()


def test_every_name_a_template_can_use_is_documented(facts):
    def names(values):
        for name, value in values.items():
            yield name
            for inner in value if isinstance(value, tuple | list) else (value,):
                if isinstance(inner, dict):
                    yield from names(inner)

    values = context(facts.replace(story=told()), everything(facts))
    page, story = documentation(), values.pop("story")
    assert set(values["next"]) == {"text", "source", "waits"}
    documented = {name.rpartition(".")[2] for name in re.findall(r"`([a-z_.]+)`", page)}
    assert set(names(values)) - {"ruled-out"} <= documented
    with open(os.path.join(os.path.dirname(DOCUMENTATION), "handoff-json.md"), encoding="utf-8") as file:
        assert set(names(story)) <= set(re.findall(r"`([a-z_]+)`", file.read()))


def test_the_documented_limits_are_the_real_ones():
    assert f"`range` gives {sandbox._MAX_RANGE:,} items" in documentation()
    assert f"ends at {sandbox.MAX_RENDERED_CHARS:,} characters" in documentation()


def test_the_documented_template_works(facts):
    (template,) = re.findall(r"```jinja\n(.*?)```", documentation(), re.DOTALL)
    assert sections_of(render(facts, template)) == {
        "token-status": "# demo: 105,000 tokens, 82.0 %",
        "git": "- modified `src/a.py`\n- untracked `b`",
    }
    assert "git" not in sections_of(render(facts.replace(git=None), template))


def test_the_latest_request_stands_first_among_the_goals_whatever_the_next_action_tells_of_it(facts):
    first, latest = Request(1, "write the import of the prices"), Request(2, "make it a good deal faster")
    shown = render(facts.replace(story=story_of(requests=(first, latest), state="progress")))
    goal = shown.partition("## Goal")[2]
    assert 0 < goal.index(latest.text) < goal.index(first.text)


def test_a_first_request_in_steps_is_the_goal_while_to_dos_are_open_whatever_was_committed(facts):
    requests = (Request(1, "plan:\n1. read\n2. write\n3. test"), Request(2, "sort them"), Request(3, "rename it too"))
    story = story_of(requests=requests, state="progress", of_first=Made("1a2b3c4", "Read"))
    doing = story_of(story, todos=(Todo("read", "completed"), Todo("write", "pending")))
    assert "a commit followed" in render(facts.replace(story=story))
    assert "a commit followed" not in render(facts.replace(story=doing))


def test_the_first_request_of_a_text_that_begins_amid_the_work_is_told_as_such(facts):
    requests = (Request(1, "and the export", position=4), Request(2, "why is it slow?", position=9))
    turns = (Turn(-1, (Finding("The import is done.", "said", 1, 4.0),)), Turn(4), Turn(9))
    amid = "first request here (the text begins amid the work):"
    assert amid in render(facts.replace(story=story_of(requests=requests, turns=turns)))
    assert amid not in render(facts.replace(story=story_of(requests=requests, turns=turns[1:])))


def test_a_first_request_of_which_a_commit_was_made_is_told_in_short_once_others_followed(facts):
    """It may be done for long; its beginning and the commit say so."""
    first = Request(
        1, "# Import\n" + "".join(f"\n## Part {n}\n\nIt reads form {n} and nothing else.\n" for n in range(20))
    )
    requests = (
        first,
        Request(2, "now the export, with the same forms"),
        Request(3, "why is it slow with large files?"),
    )
    story = story_of(requests=requests, state="progress", of_first=Made("1a2b3c4", "Add the import"))
    assert "first request (a commit followed: 1a2b3c4):" in render(facts.replace(story=story))

    def briefest(told):
        return next(len(it.forms[0]) for it in pieces_of_story(told) if "first request" in it.block)

    assert briefest(story) <= 220 < briefest(story_of(story, requests=requests[:2]))


def test_the_branch_of_the_log_is_told_unless_git_says_the_same(facts):
    story = story_of(requests=(Request(1, "go"),), task=Task(branch="fix", clean=True))

    def shown(git):
        return "By the log on branch `fix`; the work tree was clean" in render(facts.replace(story=story, git=git))

    assert facts.git
    assert shown(None)
    assert shown(facts.git)
    assert not shown(facts.git.replace(branch="fix"))
    assert shown(facts.git.replace(branch="fix", head=None))


def test_what_is_ruled_out_stands_below_what_fails_under_one_heading(facts):
    """In the shipped document and among a template's parts; alone it has the heading to itself."""
    fails = LiveFailure("test_a", "1 == 2", "pytest", "test", 9)
    no = Refused("rm -r /", "no, only `build/`")
    for story in (story_of(failures=(fails,), refused=(no,)), story_of(refused=(no,))):
        shown = render(facts.replace(story=story))
        assert headings(shown).count("## Failed approaches") == 1
        own = render(
            facts.replace(story=story), "{% for it in parts %}## {{ it.title }}\n\n{{ it.text }}\n\n{% endfor %}"
        )
        assert headings(own).count("## Failed approaches") == 1
        for text in (shown, own):
            assert "rm -r / → “no, only `build/`”" in text
            assert text.index("Failed approaches") < text.index("rm -r /")


def test_files_that_are_not_committed_stand_apart_from_those_that_are(facts):
    late = (FileTouch("/p/src/a.py", "modified", 2), FileTouch("/p/src/new.py", "created", 1))
    files = (*late, FileTouch("/p/src/done.py", "modified", 3), FileTouch("/p/src/a.py", "created", 1))
    last = LastCommit("1a2b3c4", "", False, ("a.py (×2)", "new.py (new)"), "", late)
    text = render(facts.replace(story=story_of(files=files, last_commit=last, commits=(Made("1a2b3c4", "Mend"),))))
    body = sections_of(text)
    loose, done = (
        "Not committed, below `src/`",
        "Changed before that, below `src/`",
    )
    assert f"{loose}:\n\n```\na.py (uncommitted +10 −2)\nnew.py created\n```" in body["task"]
    assert f"{done}:\n\n```\ndone.py\n```" in body["state"]
    unchecked = render(
        facts.replace(story=story_of(files=files, last_commit=last, unchecked=("/p/src/a.py", "/p/src/new.py")))
    )
    assert "Edited, and no check was run, not committed, below `src/`:\n" in unchecked
    assert "a.py, new.py" not in unchecked


def test_files_that_are_not_committed_stand_below_a_folder_that_holds_one_of_them(facts):
    other = (FileTouch("/p/web/main.ts", "modified", 1),)
    files = (*other, *(FileTouch(f"/p/src/core/{it}.py", "modified", n) for n, it in enumerate("cba", 1)))
    last = LastCommit("1a2b3c4", "", False, ("main.ts",), "", other)
    text = render(facts.replace(story=story_of(files=files, last_commit=last, commits=(Made("1a2b3c4", "Mend"),))))
    body = sections_of(text)
    assert "Not committed:\n\n```\n/p/web/main.ts" in body["task"]
    assert "Changed before that, the most edited first, below `/p/src/core/`" in body["state"]


def test_a_file_that_a_failed_call_ran_is_not_said_to_be_without_a_check(facts):
    ran_it = Attempt("python nb/label.py", "AssertionError: too late")
    for failing, says in (((), True), ((ran_it,), False)):
        text = render(facts.replace(story=story_of(unchecked=("/p/nb/label.py",), failing=failing)))
        assert ("no check was run" in text) is says


def test_tests_that_fail_behind_a_build_do_not_say_that_it_does_not_build(facts):
    for command, says in (("cmake --build out", True), ("cmake --build out && out/tests/tea_tests", False)):
        red = LiveFailure("tests/tea.cpp:22", "REQUIRE( boils )", command, "build", 9)
        text = render(facts.replace(story=story_of(failures=(red,))))
        assert ("it does not build" in text) is says
