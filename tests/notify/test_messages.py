"""What stands in a message: text from the database means only itself, in every format."""

import re

import pytest
from apprise import NotifyFormat

from meaux.data.settings import Secret
from meaux.data.state import Delivery, Held
from meaux.notify.messages import GAP, harmless, message
from meaux.notify.sending import parsed

HOSTILE = {
    "slack channel": "<!channel> look",
    "slack person": "<@U123> look",
    "slack link": "<https://evil.example|Details>",
    "everyone": "@everyone and @here",
    "discord person": "<@!123> <@&9>",
    "markdown link": "[Details](https://evil.example)",
    "markdown image": "![x](https://evil.example/x.png)",
    "markdown marks": "**bold** _it_ `code` ~~no~~ # head\n# head",
    "html": "<img src=x onerror=alert(1)><script>alert(2)</script>",
    "html link": '<a href="https://evil.example">Details</a>',
    "javascript": "javascript:alert(1)",
    "lines": "one\r\nBcc: all@example.com\r\n\r\ntwo",
    "turned": "abc\u202egpj.exe",
    "endless": "x" * 100_000,
    "half a character": "a\ud800b",
}


def told(sentence, kind="opened", severity="Warning", id_=1, **more):
    held = Held(id_, f"k{id_}", "stale data", severity, sentence, "", "", True, 0, 0)
    return Delivery(id_, "x", "sending", kind, 0, **more), held


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_means_only_itself_in_every_format(text):
    shown = message([told(text)], "")
    plain, markdown, html = (shown.body(into) for into in ("text", "markdown", "html"))
    assert len(plain.split("\n\n")) == 2
    for body in (plain, markdown, html):
        assert len(body) < 2_000
        assert not re.search(r"<[!@#]\w", body)
        assert not re.search(r"(?<![\w.])@(everyone|here)", body)
        assert "\r" not in body
        assert "\u202e" not in body
        assert not re.search(r"(https|javascript):", body)
        assert body.encode("utf-8")
    assert not re.search(
        r"(?<!\\)[*_`\[\]!~#](?!\*)", markdown.replace("**New**", "").replace("**Warning:**", "")
    )
    assert set(re.findall(r"</?(\w+)", html)) <= {"h3", "p", "strong", "br"}


def test_an_address_of_a_person_stays_readable():
    assert harmless("Ask anna@example.com") == "Ask anna@example.com"
    assert harmless("a @here") == f"a @{GAP}here"


@pytest.mark.parametrize("text", ["<!channel>", "@channel <@U1> [a](https://e.example) *b*"])
def test_slack_sends_nothing_that_mentions_anybody(text, web):
    server = parsed(Secret("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general"))
    server.webhook_url = f"http://127.0.0.1:{web.port}/ok"
    body = message([told(text)], "https://m.example").body("markdown")
    assert server.notify(title="t", body=body, body_format=NotifyFormat.MARKDOWN)
    sent = str(web.messages)
    assert "github" not in sent
    assert "<!channel" not in sent
    assert "<@U1" not in sent
    assert "<https://e.example" not in sent
    assert "m.example" in sent


def test_one_finding_is_the_title_and_several_are_counted():
    assert message([told("a", severity="Error")], "").title == "Error: stale data"
    assert message([told("a", "resolved")], "").title == "Resolved: stale data"
    several = [
        told("a", severity="Critical"),
        told("b", id_=2),
        told("c", id_=3),
        told("d", "resolved", "Critical", 4),
    ]
    shown = message(several, "")
    assert shown.title == "4 alerts: 1 critical, 2 warning and 1 resolved"
    assert shown.severity == "Critical"
    assert message([several[3]], "").severity == "Info"


def test_a_message_says_what_is_new_worse_still_open_and_resolved_in_this_order():
    kinds = ("resolved", "repeated", "worse", "opened")
    body = message([told(kind, kind, id_=n) for n, kind in enumerate(kinds)], "").body("text")
    headings = [line for line in body.split("\n\n") if ":" not in line]
    assert headings == ["New", "Worse", "Still open", "Resolved"]


def test_without_an_address_of_the_dashboard_there_is_no_link():
    assert "http" not in message([told("a")], "").body("html")


def test_a_repeat_that_is_none_of_ours_says_so_first():
    assert (
        message([told("a", maybe=True)], "").body("text").startswith("May have been sent before.")
    )
