"""A report as a message: what stands in its body and which files go with it, in each format."""

from dataclasses import dataclass

import pytest

from meaux.reports.posting import Letter

HOSTILE = "<!channel> @here **x** <b>Bolt</b>\n- [a](https://evil.example)"


@dataclass(frozen=True)
class Hostile:
    """A report whose text is an attack."""

    title = "Weekly report"
    stem = "meaux-weekly-2026-11-16"
    text = HOSTILE
    html = "<p>whole</p>"
    pdf = b"%PDF-"

    @staticmethod
    def page(*, attached):
        return f'<p>{attached}<img src="cid:a1@report.meaux"></p>', {"a1@report.meaux": b"png"}


@pytest.mark.parametrize("into", ["text", "markdown", "html"])
def test_no_name_formats_a_message_or_mentions_anybody(into):
    body = Letter(Hostile(), "attachment").body(into)
    assert "<!channel>" not in body
    assert "@here" not in body
    assert ("<b>" in body) == (into == "text")
    assert ("**x**" in body) == (into != "markdown")
    assert body.count("\n") == 1


def test_a_mail_shows_the_pictures_that_go_with_it():
    letter = Letter(Hostile(), "both")
    assert letter.body("html") == '<p>True<img src="cid:a1.png"></p>'
    assert [(one.name, one.picture) for one in letter.files("html")] == [
        ("meaux-weekly-2026-11-16.pdf", False),
        ("meaux-weekly-2026-11-16.html", False),
        ("a1.png", True),
    ]


@pytest.mark.parametrize(
    ("form", "into", "count"),
    [
        ("message", "text", 0),
        ("message", "html", 1),
        ("attachment", "html", 2),
        ("both", "text", 2),
    ],
)
def test_files_are_those_of_the_form(form, into, count):
    assert len(Letter(Hostile(), form).files(into)) == count


def test_a_message_that_may_be_a_repeat_says_so_in_its_title():
    assert Letter(Hostile(), "both").title == "Weekly report"
    repeated = Letter(Hostile(), "both", maybe=True)
    assert repeated.title == "Weekly report (may have been sent before)"
