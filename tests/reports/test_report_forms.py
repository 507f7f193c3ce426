"""The forms of a report: HTML, PDF, a message and plain text; no text is read as markup."""

import re
import zlib
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from meaux.query.filters import Period
from meaux.reports import Report
from meaux.reports.cells import UNSEEN, brief, clean
from meaux.reports.document import (
    Beside,
    Document,
    Drawing,
    Grid,
    Line,
    Lines,
    Listed,
    Missing,
    Number,
    Numbers,
    Picture,
    Section,
    Words,
)

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9"></svg>'
EVIL = (
    '#panic("typst") $x^2$ *bold* _it_ `raw` @label <a> // comment \\ #pagebreak() [x]',
    '"><script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;',
    "a\x00b\x07c\x1b[31m\u202egnp.exe\u2066\ud800\ufffe",
    "مرحبا بالعالم and עברית",
    "😀 🤖 👩‍👩‍👧 日本語 ไทย \U0001f1eb\U0001f1f7",
    "long " * 200,
    "l" * 3_000,
    "{{x}} ${y} %s {0} ]]> --> </style> </title>",
)
every_evil = pytest.mark.parametrize("words", EVIL, ids=lambda words: ascii(words[:12]))


def documented(words):
    """A document that has a text in each of its places, as cards write them."""
    said = brief(words) or "-"
    grid = Grid((said, said), (False, True), ((said, said), ("b", "1")), 3)
    picture = Picture(said, Drawing(SVG, SVG, said), grid, said)
    blocks = (
        Numbers((Number(said, said, said, "good", said, said, said),)),
        Lines((Line("Critical", said),), said),
        Beside((picture, Missing(said, said, failed=True, note=said))),
        Listed(said, grid, said),
        Words((said, said)),
    )
    period = Period(date(2026, 11, 9), date(2026, 11, 16))
    return Document(said, "meaux-x", period, said, said, (said,), (Section(said, blocks),))


class Read(HTMLParser):
    """The tags and the texts of a page."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.words, self._hidden = [], [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.extend(attrs)
        self._hidden = tag == "style"

    def handle_data(self, data):
        if not self._hidden:
            self.words.append(data)


@settings(max_examples=60)
@given(st.text(max_size=60))
@example(EVIL[0])
@example(EVIL[1])
@example(EVIL[2])
@example(EVIL[-1])
def test_html_has_the_same_tags_whatever_a_text_says(words):
    plain, read = Read(Report(documented("x")).html), Read(Report(documented(words)).html)
    assert read.tags == plain.tags
    assert [name for name, _ in read.attributes] == [name for name, _ in plain.attributes]
    assert (brief(words) or "-") in read.words


@settings(max_examples=25)
@given(st.text(max_size=40))
def test_a_pdf_is_made_of_any_text(words):
    assert Report(documented(words)).pdf.startswith(b"%PDF-")


@every_evil
def test_a_pdf_shows_hostile_text_on_as_many_pages_as_plain_text(words):
    plain = pages(Report(documented("y" * len(brief(words)))).pdf)
    assert abs(pages(Report(documented(words)).pdf) - plain) <= 1


@every_evil
def test_a_message_has_the_same_tags_whatever_a_text_says(words):
    def body(of):
        return Read(
            Report(documented(of)).message(attached=False).get_body(("html",)).get_content()
        )

    assert body(words).tags == body("x").tags


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\x00b\x07\u202ec\u200bd\ud800", "abcd\N{REPLACEMENT CHARACTER}"),
        (" two\n\n lines\t", "two lines"),
        ("مرحبا", "مرحبا"),
    ],
)
def test_a_text_is_one_line_without_what_is_invisible(words, shown):
    assert clean(words) == shown


def test_a_long_text_is_cut_off_and_says_so():
    assert brief("x" * 301) == "x" * 300 + "…"
    assert brief("x" * 300) == "x" * 300


def streams(pdf):
    """The contents of a PDF's streams."""
    found = []
    for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(part))
        except zlib.error:
            found.append(part)
    return pdf + b"\n".join(found)


def pages(pdf):
    return max(map(int, re.findall(rb"/Type\s*/Pages\s*/Count\s+(\d+)", streams(pdf))))


def test_the_pdf_is_tagged_and_has_its_fonts_its_title_and_its_language(weekly):
    inside = streams(weekly.pdf)
    for entry in (rb"/StructTreeRoot", rb"/Lang\s*\(en", rb"/FontFile", rb"pdfuaid", rb"/Alt"):
        assert re.search(entry, inside), entry
    assert b"Weekly report, 9\xe2\x80\x9315 Nov 2026" in inside
    assert pages(weekly.pdf) > 3


@pytest.mark.parametrize(("paper", "width"), [("a4", b"595"), ("letter", b"612")])
def test_the_pdf_has_the_size_of_its_paper(paper, width):
    pdf = streams(Report(documented("x"), paper).pdf)
    assert re.search(rb"/MediaBox\s*\[0 0 " + width, pdf)


def test_a_long_table_goes_on_over_pages():
    rows = tuple((f"row {n}", str(n)) for n in range(300))
    table = Listed("Rows", Grid(("Name", "Number"), (False, True), rows))
    document = replace(documented("x"), sections=(Section("", (table,)),))
    assert pages(Report(document).pdf) >= 5


def test_a_wide_table_is_split_and_a_tall_chart_fits_a_page():
    names = tuple(f"Column {n} of many" for n in range(40))
    table = Listed("Wide", Grid(names, (False,) * 40, (tuple("abcdefgh" * 5),) * 2))
    tall = SVG.replace("0 0 9 9", "0 0 752 5000")
    chart = Picture("Tall", Drawing(tall, tall, "Tall."), Grid((), (), ()))
    document = replace(documented("x"), sections=(Section("", (table, chart)),))
    assert pages(Report(document).pdf) == 2


def test_the_html_needs_nothing_else_and_runs_nothing(weekly):
    read = Read(weekly.html)
    assert "script" not in read.tags
    told = dict.fromkeys(name for name, _ in read.attributes)
    assert not [name for name in told if name.startswith("on")]
    links = [v for name, v in read.attributes if name in ("href", "src", "xlink:href")]
    assert links
    assert all(link.startswith("#") for link in links)
    assert "currentColor" not in weekly.html


def test_every_id_is_unique_and_every_reference_has_its_id(weekly):
    read = Read(weekly.html)
    ids = [value for name, value in read.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    wanted = {
        name
        for key, value in read.attributes
        if key in ("aria-labelledby", "aria-describedby")
        for name in value.split()
    }
    wanted |= {value[1:] for key, value in read.attributes if key == "href"}
    wanted |= set(re.findall(r"url\(#([^)]+)\)", weekly.html))
    assert wanted <= set(ids)


def test_every_chart_has_a_title_a_description_and_its_data(weekly):
    pictures = [one for one in weekly.document.blocks if isinstance(one, Picture)]
    assert len(pictures) > 10
    assert all(one.drawing.words and one.data.headings for one in pictures)
    assert weekly.html.count('role="img"') >= len(pictures)
    assert weekly.html.count("<details>") == len(pictures)


def test_the_message_has_a_body_that_mail_programs_show(weekly):
    message = weekly.message()
    body = message.get_body(("html",)).get_content()
    assert message["Subject"] == weekly.title
    assert len(body.encode()) < 100_000  # Gmail cuts off longer ones
    assert {"style", "svg", "script", "link", "details"}.isdisjoint(Read(body).tags)
    assert "flex" not in body
    assert "grid" not in body
    assert weekly.document.summary[0] in message.get_body(("plain",)).get_content()
    images = [part for part in message.walk() if part.get_content_type() == "image/png"]
    held = {part["Content-ID"].strip("<>") for part in images}
    assert set(re.findall(r'src="cid:([^"]+)"', body)) == held
    assert all(part.get_content().startswith(b"\x89PNG") for part in images)
    assert body.count("alt=") == len(images)


def test_the_whole_report_is_attached(weekly):
    files = {part.get_filename(): part for part in weekly.message().iter_attachments()}
    assert set(files) == {"meaux-weekly-2026-11-09.html", "meaux-weekly-2026-11-09.pdf"}
    assert files["meaux-weekly-2026-11-09.pdf"].get_content() == weekly.pdf
    assert not list(weekly.message(attached=False).iter_attachments())


def test_the_text_has_the_summary_and_the_figures(weekly):
    for sentence in weekly.document.summary:
        assert sentence in weekly.text
    assert "- Cost: $" in weekly.text
    assert not UNSEEN.search(weekly.text)
