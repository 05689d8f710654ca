"""Screens of Codex and Gemini CLI as wide as they are: what a narrow one cuts or breaks, and what stands around the talk."""

from __future__ import annotations

import pytest

SCREEN = """\
› why does the cache test fail on the second run?

• I'll read it first.

• Ran make test
  └ 1 failed, 1 passed in 0.31s

• The map was replaced, so the second run saw the old one.
"""


def box(*lines: str, width: int = 62) -> str:
    """A box of Gemini CLI's, its lines cut as a screen of that width does."""
    inner = width - 4
    shown = [line if len(line) <= inner else f"{line[: inner - 1]}…" for line in lines]
    rows = "".join(f"│ {line.ljust(inner)} │\n" for line in shown)
    return f"╭{'─' * (width - 2)}╮\n{rows}╰{'─' * (width - 2)}╯\n"


@pytest.mark.parametrize("width", [44, 50, 54, 58, 70, 90, 120])
def test_where_gemini_runs_a_command_is_no_part_of_it_however_a_screen_cuts_that(read, width):
    shown = "✔  Shell make lint-fast-all [current working directory /Users/ana/ferry] (Check the style)"
    text = f"{box('> lint it')}\n✦ I run it.\n\n{box(shown, '', '   ok', width=width)}"
    assert [it.text for it in read(text).commands] == ["make lint-fast-all"]


def test_brackets_of_a_command_of_its_own_stay(read):
    shown = box("✔  Shell ls src/[a-m]*.py [in src]", "", "   src/cart.py")
    assert [it.text for it in read(f"{box('> list')}\n✦ I list.\n\n{shown}").commands] == ["ls src/[a-m]*.py"]


@pytest.mark.parametrize(
    "footer", [" Using: 1 GEMINI.md file", " Using: 2 GEMINI.md files | 3 MCP servers (ctrl+t to toggle)"]
)
def test_what_gemini_says_it_uses_is_no_end_of_the_agents_words(said, footer):
    text = (
        f"{box('> add a job')}\n✦ Which runner may it use?\n\n{footer}\n{box('>   Type your message or @path/to/file')}"
    )
    assert said(text) == [("user", "add a job"), ("assistant", "Which runner may it use?")]


def test_a_word_that_a_box_broke_at_its_hyphen_is_whole(said):
    request = box(
        "> use actions of the list only: checkout, setup, vault-",
        "  action and no others; pre- and post-steps stay",
        width=62,
    )
    (first, *_) = said(f"{request}\n✦ Understood.\n\n{box('✔  ReadFile ci.yml')}")
    assert first == (
        "user",
        "use actions of the list only: checkout, setup, vault-action and no others; pre- and post-steps stay",
    )


@pytest.mark.parametrize(
    "greeting",
    [
        (
            "│ >_ OpenAI Codex (v0.118.0)   │\n│ directory: ~/ferry           │\n\n  To get started, describe a task or try"
            " one of these commands:\n\n  /init - create an AGENTS.md file\n  /status - show the configuration\n\n\n"
        ),
        "│ >_ OpenAI Codex (v0.121.0)   │\n\n  Tip: New! Use /personality to change how Codex talks to you.\n\n",
    ],
)
def test_what_codex_greets_with_is_nobodys(read, greeting):
    found = read(f"{greeting}› mend the import\n\n\n• I'll read it first.\n\n• Ran make\n  └ ok\n")
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "mend the import"),
        ("assistant", "I'll read it first."),
    ]


def test_what_gemini_greets_with_is_nobodys(said):
    tips = " ███    ████████\n░░░███  ███░░░░███\n░░░    ░░░░░░░░\n\nTips for getting started:\n1. Ask questions.\n2. /help for more.\n\n"
    assert said(f"{tips}{box('> add a job')}\n✦ Where to?\n") == [("user", "add a job"), ("assistant", "Where to?")]


def test_the_model_that_was_not_reached_again_said_nothing(read):
    """On Gemini CLI's screen; the box that waits for leave is marked behind the file."""
    chosen = "?  ReadFile total.ts  \u2190"
    text = f"{box('> mend it')}\n✦ I'll read it.\n\n{box(chosen)}\n"
    told = read(f"{text}\n✕ [API Error: You have exhausted your capacity on this model.]\n")
    assert (told.messages[-1].text, told.messages[-1].cut) == ("I'll read it.", True)
    assert told.tool_calls[0].summary == "total.ts"


def test_words_before_the_first_request_are_the_agents_where_no_banner_stands_above(said):
    assert (
        said("  The map was replaced, so it saw the old one.\n\n› mend it\n\n• I'll do so.\n\n• Ran make\n  └ ok\n")[0][
            0
        ]
        == "assistant"
    )


def test_what_the_user_sent_last_stands_apart_from_the_line_of_state(said):
    """The line to type on has one empty line below it: that is how what was sent differs from what may be."""
    begins, ends = f"{SCREEN}\n\n› go on in export.py\n", "\n  gpt-5-codex medium · 71% left · ~/ferry\n"
    assert said(f"{begins}\n{ends}")[-1] == ("user", "go on in export.py")
    assert said(f"{begins}{ends}")[-1][0] == "assistant"


def test_calls_that_a_copy_holds_whole_tell_nothing_of_the_width(said):
    wide = "• Ran cargo build --release && ./target/release/pack data/iceland.osm.pbf -o /tmp/pack-{}.out\n  └ packed in 9{}s\n\n"
    request = (
        "› packing the island takes 94 seconds, it used to be below sixty (that's what the build\n"
        "  machines allow), and what it writes must stay the same to the last byte of the file.\n\n\n"
    )
    words = (
        "• The time is lost where every tile is hashed twice, once to look it up and once to put\n"
        "  it in, and the rest of it stands in the compression, which nobody has changed since.\n\n"
    )
    text = request + "".join(words + wide.format(it, it) for it in range(6))
    assert "(that's what the build machines allow), and what" in said(text)[0][1]
