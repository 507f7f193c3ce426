"""Characters of every script on paper: emoji are drawn, and what no font has is named."""

import re
from dataclasses import replace

import pytest

from meaux.reports import pdf


@pytest.fixture(scope="module")
def document(weekly):
    return replace(weekly.document, sections=(), summary=())


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("\N{KATAKANA LETTER KA}", "ka"),
        ("\N{HANGUL SYLLABLE HAN}", "han"),
        ("\u6771", "[U+6771]"),
        ("\ue000", "[U+E000]"),
        ("\N{EGYPTIAN HIEROGLYPH A001}", "[egyptian hieroglyph a001]"),
    ],
)
def test_a_character_that_no_font_has_is_named(sign, name):
    assert pdf._named(f'"a{sign}b"'.encode(), {sign}).decode() == f'"a{name}b"'


def test_an_emoji_is_drawn_with_the_font_that_comes_along(document):
    made = pdf.written(replace(document, scope="A \N{DOUGHNUT}"), "Weekly", "a4")
    assert b"NotoEmoji" in made


def test_a_text_in_any_script_can_be_printed(document):
    scope = "\u6771\u4eac \ue000 \N{HANGUL SYLLABLE HAN} \N{EGYPTIAN HIEROGLYPH A001}"
    made = pdf.written(replace(document, scope=scope), "Weekly", "a4")
    assert re.match(rb"%PDF-", made)
