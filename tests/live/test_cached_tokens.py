"""Cached input counts once: some providers report it beside the input, and some within it."""

import pytest

TABLE = """
    CREATE TABLE token_usage (usage_date TEXT, provider TEXT, model TEXT, input_tokens INTEGER,
    output_tokens INTEGER, total_tokens INTEGER, cache_read_input_tokens INTEGER,
    cache_creation_input_tokens INTEGER);
    INSERT INTO token_usage VALUES ('2026-11-02', {});
"""
LINES = {
    "Anthropic counts it beside": ("'Anthropic ', 'm', 10, 5, NULL, 100, 7", 117, 122),
    "a model of Anthropic's tells it": ("NULL, 'Claude-x', 10, 5, NULL, 100, NULL", 110, 115),
    "a sum that lacks it gets it": ("'anthropic', 'm', 10, 5, 15, 100, 7", 117, 122),
    "a sum that has it stays": ("'anthropic', 'm', 10, 5, 122, 100, 7", 117, 122),
    "a sum of 0 was never written": ("'anthropic', 'm', 10, 5, 0, 100, 7", 117, 122),
    "OpenAI counts it within": ("'openai', 'gpt', 110, 5, NULL, 100, NULL", 110, 115),
    "the provider comes before the model": (
        "'openrouter', 'claude', 110, 5, 115, 100, 0",
        110,
        115,
    ),
    "nothing tells": ("'', 'm', 110, 5, NULL, 100, 7", 110, 115),
}


@pytest.mark.parametrize(("line", "into", "tokens"), LINES.values(), ids=LINES)
def test_cached_tokens_are_added_where_the_provider_reports_them_beside_the_input(
    live, line, into, tokens
):
    found = live(TABLE.format(line))
    by_day = found.frame("tokens_by_day")
    assert (by_day["input_tokens"].sum(), by_day["tokens"].sum()) == (into, tokens)
    used = found.frame("tokens_used")
    assert (used["input_tokens"].sum(), used["tokens"].sum()) == (into, tokens)


def test_a_sum_alone_stays_what_it_is(live):
    found = live(TABLE.format("'anthropic', 'm', NULL, NULL, 40, 100, 7"))
    assert found.frame("tokens_by_day")["tokens"].sum() == 40
