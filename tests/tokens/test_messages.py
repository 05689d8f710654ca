import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from referee import expected

from handoff_cli.tokens.count import count_tokens
from handoff_cli.tokens.messages import count_messages, image_size

EXAMPLE = [  # OpenAI Cookbook, How_to_count_tokens_with_tiktoken.ipynb
    ("system", None, "You are a helpful, pattern-following assistant that translates corporate jargon into plain English."),
    ("system", "example_user", "New synergies will help drive top-line growth."),
    ("system", "example_assistant", "Things working well together will increase revenue."),
    ("system", "example_user", "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage."),
    ("system", "example_assistant", "Let's talk later when we're less busy about how to do better."),
    ("user", None, "This late pivot means we don't have time to boil the ocean for the client deliverable."),
]  # fmt: skip
COOKBOOK = [
    {"role": role, "content": text} if name is None else {"role": role, "name": name, "content": text}
    for role, name, text in EXAMPLE
]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_current_weather",
        "description": "Get the current weather in a given location",
        "parameters": {
            "type": "object",
            "properties": {
                "location": {"type": "string", "description": "The city and state, e.g. San Francisco, CA"},
                "unit": {"type": "string", "description": "The unit of temperature to return", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["location"],
        },
    },
}  # fmt: skip
QUESTION = [
    {"role": "system", "content": "You are a helpful assistant that can answer to questions about the weather."},
    {"role": "user", "content": "What's the weather like in San Francisco?"},
]


def png(width, height):
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0"


def image(data, **more):
    return {
        "type": "image_url",
        "image_url": {"url": f"data:image/png;base64,{base64.b64encode(data).decode()}", **more},
    }


@pytest.mark.parametrize(
    ("model", "tokens"),
    [("gpt-3.5-turbo-0301", 127), ("gpt-3.5-turbo-0613", 129), ("gpt-4-0613", 129), ("gpt-4o", 124)],
)
def test_the_cookbooks_conversation_has_the_apis_own_figure(model, tokens):
    count = count_messages(COOKBOOK, model)
    assert (count.tokens, count.method, count.low, count.high, count.notes) == (tokens, "counted", tokens, tokens, ())


@pytest.mark.parametrize(("model", "tokens"), [("gpt-4o", 101), ("gpt-4", 105), ("gpt-3.5-turbo", 105)])
def test_the_cookbooks_tool_has_the_apis_own_figure(model, tokens):
    count = count_messages(QUESTION, model, tools=[WEATHER])
    assert (count.tokens, count.method) == (tokens, "counted")


def test_a_claude_message_has_the_measured_frame():
    text = "Please summarise the following report for me."
    for model, frame in (("claude-opus-4-6", 7), ("claude-opus-4-7", 11), ("claude-opus-4-8", 6)):
        role, body = count_tokens("user", model), count_tokens(text, model)
        count = count_messages([{"role": "user", "content": text}], model)
        assert count.tokens == role.tokens + body.tokens + frame
        assert (count.low, count.high) == (role.low + body.low + frame, role.high + body.high + frame)
        assert count.method == "estimated"
        assert count_messages([{"role": "user", "content": text}], model, safe=True).tokens == count.high


def test_tool_calls_are_counted_and_named():
    call = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"at": "this"}'}}
    count = count_messages([{"role": "assistant", "content": None, "tool_calls": [call]}], "gpt-4o")
    text = sum(expected("o200k_base", part) for part in ("assistant", "look", '{"at": "this"}'))
    assert (count.tokens, count.method) == (text + 6, "estimated")
    assert any("tool calls" in note for note in count.notes)


def test_blocks_of_anthropic_are_understood():
    blocks = [
        {"type": "thinking", "thinking": "Let me see."},
        {"type": "text", "text": "Here."},
        {"type": "tool_use", "id": "t1", "name": "look", "input": {"at": "this"}},
        {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "found"}]},
        {"type": "hologram", "data": 1},
    ]
    count = count_messages([{"role": "assistant", "content": blocks}])
    parts = ("assistant", "Let me see.", "Here.", "look", '{"at": "this"}', "found")
    assert count.tokens == sum(expected("o200k_base", part) for part in parts) + 6
    assert "hologram parts were not counted" in count.notes


@pytest.mark.parametrize(
    ("size", "detail", "tokens"),
    [((1024, 1024), "high", 765), ((2048, 4096), "high", 1105), ((4096, 8192), "low", 85), ((128, 64), "auto", 255)],
)
def test_images_cost_what_openai_publishes(size, detail, tokens):
    """The three worked examples of OpenAI's guide, and a small image."""
    bare = count_messages([{"role": "user", "content": []}], "gpt-4o").tokens
    count = count_messages([{"role": "user", "content": [image(png(*size), detail=detail)]}], "gpt-4o")
    assert count.tokens - bare == tokens
    assert count.notes == ()


def test_images_cost_what_anthropic_publishes():
    for size, tokens in (((200, 200), 54), ((1000, 1000), 1334), ((1092, 1092), 1590), ((8000, 8000), 1600)):
        source = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(png(*size)).decode()}
        bare = count_messages([{"role": "user", "content": []}], "claude-sonnet-4-5").tokens
        count = count_messages(
            [{"role": "user", "content": [{"type": "image", "source": source}]}], "claude-sonnet-4-5"
        )
        assert count.tokens - bare == tokens


@pytest.mark.parametrize(
    ("part", "model"),
    [
        ({"type": "image_url", "image_url": {"url": "https://example.org/x.png"}}, "gpt-4o"),
        ({"type": "input_image", "image_url": "https://example.org/x.png"}, "gpt-4o"),
        (image(b"not an image"), "gpt-4o"),
        ({"type": "image_url", "image_url": {"url": "data:image/png;base64,%%%"}}, "gpt-4o"),
        (image(png(10, 10)), "gemini-3-pro"),
        (image(png(10, 10)), None),
        ({"type": "image"}, "claude-sonnet-4-5"),
    ],
)
def test_an_image_that_cannot_be_priced_is_named(part, model):
    count = count_messages([{"role": "user", "content": [part]}], model)
    assert any("images" in note for note in count.notes)


def test_sizes_are_read_from_png_gif_and_jpeg():
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2\x00\x11\x08" + struct.pack(">HH", 480, 640) + b"\x03"
    assert image_size(png(3, 4)) == (3, 4)
    assert image_size(b"GIF89a" + struct.pack("<HH", 5, 6)) == (5, 6)
    assert image_size(jpeg) == (640, 480)
    for broken in (b"", b"GIF89a", png(1, 1)[:20], jpeg[:12], b"\xff\xd8", b"\xff\xd8\xff\xe0\x00\x00", b"BM"):
        assert image_size(broken) is None


def test_what_is_strange_is_named_not_fatal():
    odd = [{"role": "user", "content": 7, "weight": 1, "name": None, "tool_calls": [3]}, {"content": ["a", 5]}]
    count = count_messages(odd, "gpt-4o")
    assert {"weight was not counted", "content that is neither text nor a list was not counted"} <= set(count.notes)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text("a\x00\ud800é", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("role", "content", "name", "tool_calls", "function", "arguments", "type", "text", "parameters"),
                    *(
                        "properties",
                        "enum",
                        "description",
                        "image_url",
                        "url",
                        "source",
                        "data",
                        "input",
                        "input_schema",
                    ),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.sampled_from(["role", "content", "name", "tool_calls", "x"]), JSON)), st.lists(JSON))
def test_whatever_a_list_of_messages_and_tools_holds_is_counted_or_named(messages, tools):
    counted = count_messages(messages, "gpt-4o", tools=tools)
    assert counted.tokens >= 0
    assert counted.low <= counted.tokens <= counted.high
