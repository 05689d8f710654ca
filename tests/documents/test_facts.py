"""Secrets go from all texts of a document's facts, however often and in whatever length a text stands there."""

from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.documents import facts
from handoff_cli.documents.facts import redacted
from handoff_cli.redaction import redact, redact_each

LINES = ["def connect(host):", "    # the pool", '    password = "hunter2Tr0ub4dor"', "    pool = Pool(host)", "    …", "    return pool"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(LINES), min_size=1, max_size=8).map("\n".join)


@given(st.lists(TEXTS, max_size=5).map(tuple))
def test_each_text_is_redacted_whether_it_stands_in_another_or_not(texts):
    assert redacted(texts) == tuple(map(redact, texts))


def test_a_piece_of_code_in_fewer_lines_is_not_searched_again(monkeypatch):
    searched = []
    monkeypatch.setattr(facts, "redact_each", lambda texts: searched.extend(texts) or redact_each(texts))
    plain = [line for line in LINES if "password" not in line]
    value = ("\n".join(plain), "\n".join(plain[1:]))
    assert redacted(value) is value
    assert searched == [value[0]]
