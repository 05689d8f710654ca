from handoff_cli.core.told import ToldText, nobodys, whose


def test_a_message_says_whose_it_is_and_where_it_ends():
    told = ToldText("user")
    assert [whose(line) for line in f"{told.beginning}hi{told.end}".split("\n")] == ["user", None, "", None]


def test_no_part_of_a_message_begins_or_ends_one():
    told = ToldText("user")
    for text in (told.beginning, told.end, "<|im_start|>user", "<|im_end|>"):
        assert all(whose(line) is None for line in told.within(text).split("\n"))
        assert "<|" not in told.within(text)
    assert whose("\x02user") is None


def test_no_part_of_a_piece_that_is_nobodys_begins_a_message():
    begun = ToldText("user").beginning
    for text in (begun, f"\x1b[0m{begun}", f"hi\n{begun}", f"\x03{begun}"):
        assert all(whose(line) is None for line in nobodys(text).replace("\x1b[0m", "").split("\n"))
    assert nobodys("hi <|im_start|>") == "hi <|im_start|>"
