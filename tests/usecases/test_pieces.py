"""A text that was counted before is known again by its length and digest: what is new of it counts, and only that."""

import json
import os
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.api import get_token_status, track_tokens
from handoff_cli.constants import PIECES_FILE
from handoff_cli.core.session import Session
from handoff_cli.state import seen
from handoff_cli.state.kept_reading import kept_pieces
from handoff_cli.state.seen import LEAST_CHARS, Comparison, SeenTexts
from tests.core.test_session import checkpoint

TEXT = "".join(f"User: question {number}\nAssistant: answer {number} for it, in some words\n" for number in range(40))


def tracked(handoff, text, *argv):
    code, out, err = handoff("track", "--json", *argv, stdin=text)
    assert code == 0, err
    return json.loads(out), err


def count(handoff, text, *argv):
    return int(handoff("-q", "count", *argv, stdin=text)[1])


def test_the_growth_alone_counts_and_is_said(handoff, project):
    tracked(handoff, TEXT)
    result, _ = tracked(handoff, TEXT + "one more line\n")
    assert result["total_tokens"] == count(handoff, TEXT + "one more line\n")
    (added,) = result["added"]
    assert (added["goes_on_from"], added["description"]) == (1, "one more line")
    assert added["took"] == f"goes on from checkpoint 1: {added['tokens']} new tokens"
    assert [it.text for it in kept_pieces(str(project / ".agent-handoffs"))] == [TEXT, "one more line\n"]


def test_the_same_text_again_adds_nothing_and_is_said(handoff, project):
    tracked(handoff, TEXT)
    ledger = (project / ".agent-handoffs" / "checkpoints.jsonl").read_bytes()
    result, err = tracked(handoff, TEXT)
    assert (result["added"], result["recorded"]) == ([], False)
    assert result["tracked_before"] == [{"source": "stdin", "checkpoint": 1}]
    assert result["known"] is True, "as in the status, whose keys these are"
    assert "stdin: nothing new, it is the text of checkpoint 1 (--again counts it)" in err
    assert (project / ".agent-handoffs" / "checkpoints.jsonl").read_bytes() == ledger


def test_again_counts_it_whole_and_later_growth_goes_on_from_there(handoff):
    tracked(handoff, TEXT)
    result, _ = tracked(handoff, TEXT, "--again")
    assert result["total_tokens"] == 2 * count(handoff, TEXT)
    result, _ = tracked(handoff, TEXT + "more\n")
    assert result["added"][0]["goes_on_from"] == 2


def test_a_file_a_pipe_and_two_names_in_one_call_are_one_text(handoff, project):
    Path("a.txt").write_text(TEXT)
    Path("b.txt").write_text(TEXT + "end\n")
    result, _ = tracked(handoff, "", "a.txt", "b.txt", "a.txt")
    assert [piece["goes_on_from"] for piece in result["added"]] == [None, 1]
    assert result["tracked_before"] == [{"source": "a.txt", "checkpoint": 1}]
    assert result["total_tokens"] == count(handoff, TEXT + "end\n")
    result, _ = tracked(handoff, TEXT + "end\nand on\n")
    assert result["added"][0]["goes_on_from"] == 2


def test_short_texts_are_said_again_and_mean_it(handoff):
    text = "x" * (LEAST_CHARS - 1)
    tracked(handoff, text)
    assert len(tracked(handoff, text)[0]["added"]) == 1


def test_what_only_begins_alike_counts_whole(handoff):
    tracked(handoff, TEXT)
    changed = TEXT[:-10] + "changed!!\n"
    result, _ = tracked(handoff, changed)
    assert result["added"][0]["goes_on_from"] is None
    assert result["total_tokens"] == count(handoff, TEXT) + count(handoff, changed)


def test_the_longest_earlier_text_is_gone_on_from(handoff):
    for end in ("", "a\n", "a\nb\n"):
        tracked(handoff, TEXT + end)
    result, _ = tracked(handoff, TEXT + "a\nb\nc\n")
    assert result["added"][0]["goes_on_from"] == 3
    assert result["total_tokens"] == count(handoff, TEXT + "a\nb\nc\n")


def test_growth_across_a_seam_in_a_word_adds_up_to_the_whole(handoff):
    tracked(handoff, TEXT + "unbeliev")
    result, _ = tracked(handoff, TEXT + "unbelievable things")
    assert result["total_tokens"] == count(handoff, TEXT + "unbelievable things")


def test_in_another_encoding_the_growth_is_counted_by_itself(handoff):
    tracked(handoff, TEXT)
    result, _ = tracked(handoff, TEXT + "and one more line\n", "--encoding", "cl100k_base")
    assert result["added"][0]["tokens"] == count(handoff, "and one more line\n", "--encoding", "cl100k_base")


def test_of_an_estimate_the_growth_has_a_band_of_its_own(handoff):
    model = ("--model", "claude-opus-4-5")
    tracked(handoff, TEXT, *model)
    (added,) = tracked(handoff, TEXT + "and one more line\n" * 20, *model)[0]["added"]
    whole = count(handoff, TEXT + "and one more line\n" * 20, *model)
    assert added["tokens"] == whole - count(handoff, TEXT, *model)
    assert 0 < added["low"] <= added["tokens"] <= added["high"]


def test_messages_that_grow_are_compared_too(handoff, project):
    rows = [{"role": "user" if n % 2 else "assistant", "content": f"this is message number {n}"} for n in range(20)]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    tracked(handoff, text, "--format", "auto")
    more = text + json.dumps({"role": "user", "content": "and now?"}) + "\n"
    result, _ = tracked(handoff, more, "--format", "auto")
    assert result["added"][0]["goes_on_from"] == 1
    assert result["total_tokens"] == count(handoff, more, "--format", "auto")


def test_python_and_figures_count_what_they_are_told(handoff, project):
    first = track_tokens(TEXT)["added_tokens"]
    assert track_tokens(TEXT)["added_tokens"] == first
    for _ in range(2):
        handoff("track", "--tokens", "100")
    assert get_token_status()["total_tokens"] == 2 * first + 200


def test_a_dry_run_tells_what_would_be(handoff):
    tracked(handoff, TEXT)
    result, _ = tracked(handoff, TEXT + "new\n", "--dry-run")
    assert (result["added"][0]["goes_on_from"], result["recorded"]) == (1, False)
    assert tracked(handoff, TEXT + "new\n")[0]["added"][0]["goes_on_from"] == 1


def test_a_new_session_knows_nothing_and_a_restored_one_its_own(handoff, project):
    tracked(handoff, TEXT)
    handoff("reset")
    assert tracked(handoff, TEXT)[0]["tracked_before"] == []
    (name,) = os.listdir(project / ".agent-handoffs" / "archive")
    handoff("sessions", "restore", name)
    assert tracked(handoff, TEXT)[0]["tracked_before"] == [{"source": "stdin", "checkpoint": 1}]


def test_without_kept_text_it_is_known_all_the_same(handoff, project):
    handoff("config", "set", "keep_text", "no")
    tracked(handoff, TEXT)
    assert len(tracked(handoff, TEXT)[0]["tracked_before"]) == 1
    assert not (project / ".agent-handoffs" / "conversation").exists()


def test_the_cache_is_written_now_and_then_and_may_be_lost_or_spoiled(handoff, project):
    texts = [f"{number} {TEXT}" for number in range(20)]
    for text in texts:
        tracked(handoff, text)
    cache = project / ".agent-handoffs" / PIECES_FILE
    assert cache.exists()
    for spoiled in (cache.read_bytes(), b"", b"nonsense" * 50, cache.read_bytes()[:-5]):
        cache.write_bytes(spoiled)
        assert [len(tracked(handoff, text)[0]["tracked_before"]) for text in (texts[0], texts[-1])] == [1, 1]


class Earlier(SeenTexts):
    """Knows ``texts``, without a folder."""

    def __init__(self, texts):
        super().__init__("", Session("s", "", ""))
        self._records = b""
        for number, text in enumerate(texts, 1):
            comparison = Comparison(SeenTexts("", None))
            comparison.feed(text)
            if whole := comparison.whole():
                self.add({**checkpoint(number), "whole": whole})


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6), st.lists(st.integers(1, 400), max_size=8))
def test_any_text_in_any_bits_is_known_by_the_longest_earlier_one_it_begins_with(parts, cuts):
    base = "the same beginning " * 20
    texts = [base + "".join(parts[:number]) for number in range(len(parts))]
    text = base + "".join(parts)
    comparison, rest = Comparison(Earlier(texts)), text
    for cut in cuts:
        comparison.feed(rest[:cut])
        rest = rest[cut:]
    comparison.feed(rest)
    assert comparison.known_chars == len(texts[-1])
    assert comparison.is_known == (text == texts[-1])


def test_of_a_thousand_texts_that_begin_alike_one_reading_finds_the_right_one():
    base = "the same beginning " * 20
    texts = [base + "a" * number for number in range(seen.MOST_PIECES)]
    comparison = Comparison(Earlier(texts))
    comparison.feed(base + "a" * 500 + "b")
    assert comparison.known_chars == len(base) + 500


@pytest.mark.parametrize(
    "broken", [{"head": "xyz"}, {"chars": -1}, {"digest": "00"}, {"tokens": "1"}, {"method": "guess"}]
)
def test_what_a_forged_entry_says_of_its_text_is_refused(broken):
    from handoff_cli.core.session import check_entry

    whole = {"head": "0" * 8, "chars": 1, "digest": "0" * 32, "tokens": 1, "method": "counted", "read_as": "text"}
    check_entry({**checkpoint(1), "whole": whole})
    with pytest.raises(ValueError, match="whole"):
        check_entry({**checkpoint(1), "whole": {**whole, **broken}})


def test_a_cache_that_somebody_else_wrote_lets_nothing_go_uncounted(handoff, project):
    for number in range(20):
        tracked(handoff, f"{number} {TEXT}")
    cache = project / ".agent-handoffs" / PIECES_FILE
    data = bytearray(cache.read_bytes())
    other = Comparison(SeenTexts("", None))
    other.feed(f"another {TEXT}")
    whole = other.whole()
    data[-32:] = (
        bytes.fromhex(whole["head"])
        + whole["chars"].to_bytes(6, "big")
        + data[-22:-16]
        + bytes.fromhex(whole["digest"])
    )
    cache.write_bytes(zlib.crc32(data[4:]).to_bytes(4, "big") + data[4:])
    assert tracked(handoff, f"another {TEXT}")[0]["tracked_before"] == []


def test_a_piece_is_described_by_its_first_line_with_words_without_the_frame_around_it(handoff):
    banner = "╭──────────────╮\n│ An old agent │\n╰──────────────╯\n\n› hello\n"
    described = [tracked(handoff, text)[0]["added"][0]["description"] for text in (banner, "───\n")]
    assert described == ["An old agent", "───"]


@pytest.mark.parametrize(
    "text",
    [
        (
            '[\n  {\n    "role": "system",\n    "content": "Be brief."\n  },\n  {\n    "role": "user",\n'
            '    "content": "Mend the fares\\nof zone 2"\n  }\n]\n'
        ),
        '{"messages": [{"role": "user", "content": [{"type": "text", "text": "Mend the fares"}]}]}\n',
        " ▐▛███▜▌   Claude Code\n\nTips for getting started:\n1. Run /init\n\n❯ Mend the fares\n",
        "│ >_ OpenAI Codex (v1) │\n\n  To get started, describe a task\n\n› Mend the fares\n",
    ],
)
def test_messages_and_screens_are_described_by_what_the_user_said_first(handoff, text):
    assert tracked(handoff, text)[0]["added"][0]["description"] == "Mend the fares"
