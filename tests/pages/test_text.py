"""Names from the database stand in Markdown as what they are: text."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux.ui.text import age, escaped, safe_url
from meaux.wording import shortly

SPECIAL = "\\`*_{}[]()<>#+-.!|$:~^=&@"
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


def unescaped(words):
    return re.sub(r"\\(.)", r"\1", words)


@given(st.text(alphabet=st.sampled_from(SPECIAL + "ab \n\t01") | st.characters()))
def test_every_special_character_has_a_backslash_and_nothing_else_has(words):
    rest = re.sub(r"\\[" + re.escape(SPECIAL) + "]", "", escaped(words))
    assert not set(rest) & set(SPECIAL)


@given(st.text())
def test_the_words_are_the_same_but_for_the_space_between_them(words):
    assert unescaped(escaped(words)) == " ".join(words.split())


@given(st.text())
def test_what_is_escaped_is_one_line_that_does_not_begin_with_space(words):
    assert len(escaped(words).splitlines()) <= 1
    assert escaped(words) == escaped(words).strip()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        (":red[x]", r"\:red\[x\]"),
        ("$a$", r"\$a\$"),
        ("[a](javascript:x)", r"\[a\]\(javascript\:x\)"),
        ("<b>", r"\<b\>"),
        (":material/home:", r"\:material/home\:"),
        ("# Title", r"\# Title"),
        ("1. first", r"1\. first"),
        ("- item", r"\- item"),
        ("a\n\n---\nb", r"a \-\-\- b"),
        ("https://example.org", r"https\://example\.org"),
        ("&amp;", r"\&amp;"),
        ("back\\slash", r"back\\slash"),
        ("*", r"\*"),
        ("Zoë 🤖 حديقة", "Zoë 🤖 حديقة"),
        ("", ""),
    ],
)
def test_names_that_mean_something_in_markdown_mean_nothing(name, safe):
    assert escaped(name) == safe


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_an_age_is_said_in_its_largest_unit(ago, words):
    assert age(NOW - ago, NOW) == words


EVIL = ":red[boo] $x$ [a](javascript:alert(1)) <img src=x onerror=alert(1)>"
EVIL_IN_SQL = EVIL.replace("'", "''")


@pytest.fixture
def hostile(demo_copy):
    """The demo with a name in every place that means something in Markdown or HTML."""
    return demo_copy(
        f"UPDATE projects SET name = '{EVIL_IN_SQL}' WHERE id = 'prj_cafe_etoile';"
        f"UPDATE teams SET name = '{EVIL_IN_SQL}' WHERE id = 'team_client';"
        f"UPDATE projects SET status = '{EVIL_IN_SQL}' WHERE id = 'prj_bolt';"
        f"UPDATE openai_spending_alerts SET message = '{EVIL_IN_SQL}';"
        f"UPDATE users SET name = '{EVIL_IN_SQL}' WHERE id = 'usr_zoe';"
    )


OURS = re.compile(r"^\*\*|^:(red|orange|blue)-badge\[:material/\w+: \w+\]|:small\[\([\w ]+\)\]$")
"""The marks of the product itself around a name."""


def test_an_evil_name_is_escaped_wherever_markdown_is_read(open_page, hostile):
    home = open_page(hostile, project=EVIL, team=EVIL)
    assert home.exceptions == []
    assert home.toasts == []
    written = [*home.app.markdown, *home.app.caption, *home.app.info, *home.app.error]
    evil = [node.value for node in written if "onerror" in node.value]
    assert evil
    for words in evil:
        assert not re.search(r"(?<!\\)[:\[$<]", OURS.sub("", words))


def test_an_evil_name_keeps_its_own_words_in_charts_and_tables(open_page, hostile):
    home = open_page(hostile)
    assert EVIL[:20] in home.card("Top 5 projects").description
    assert EVIL in home.app.multiselect(key="project").options


@pytest.mark.parametrize(
    "address",
    ["https://shop.example", "http://shop.example/a?b=c#d", "HTTPS://shop.example", "https://ä.de"],
)
def test_an_address_of_the_web_is_a_link(address):
    assert safe_url(address) == address
    assert safe_url(f" {address}\n") == address


@pytest.mark.parametrize(
    "words",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "java\nscript:alert(1)",
        "https:shop.example",
        "//shop.example",
        "shop.example/*",
        "ftp://shop.example",
        "https://[::1",
        "",
        None,
        float("nan"),
        7,
    ],
)
def test_nothing_else_is_a_link(words):
    assert safe_url(words) == ""


@pytest.mark.parametrize(
    ("words", "short"),
    [
        ("the table a or the table b or c.d", "the table a (or one of 2 alternatives)"),
        ("Needs a.b or a.c or a.d or a.e.", "Needs a.b (or one of 3 alternatives)."),
        (
            "It needs the table a or b.c or b.d; and d.e or d.f or d.g.",
            "It needs the table a (or one of 2 alternatives); and d.e (or one of 2 alternatives).",
        ),
        # two are named, and plain words stay as they are
        ("the table a or the table b", "the table a or the table b"),
        ("a team or a project or a person", "a team or a project or a person"),
    ],
)
def test_of_many_tables_that_would_do_the_first_is_named_and_the_others_counted(words, short):
    assert shortly(words) == short
