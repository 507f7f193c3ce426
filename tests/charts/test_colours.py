"""Colours are fixed per meaning, legible on both themes and told apart without green or red."""

import math
import tomllib
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from meaux.charts import colours, layered
from meaux.data.schema import vocabulary
from meaux.ui.alerts import BADGES

ROOT = Path(__file__).resolve().parents[2]
THEME = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"]
ALL = {
    *colours.CATEGORY.values(),
    *colours.STATUS.values(),
    *colours.STANDING.values(),
    *colours.SEVERITY.values(),
    *colours.BILLABLE.values(),
    *colours.OUTCOME.values(),
    *colours.MAIL.values(),
    *colours.SERIES,
    colours.NEGATIVE[-1][:7],
    colours.WHAT_IF,
    colours.ACCENT,
    colours.MUTED,
    colours.UNUSUAL,
}
DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
"""How linear red, green and blue look to people without green receptors (Machado, 2009)."""

WHITE_TO_ONE = ((0.4339, 0.3762, 0.1899), (0.2126, 0.7152, 0.0722), (0.0177, 0.1095, 0.8727))
"""Linear red, green and blue to CIE XYZ, in which white is one."""


def linear(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(colour):
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def seen_without_green(colour):
    """Lightness and the two opponent axes of CIE Lab."""
    seen = [max(0, part) for part in times(DEUTERANOPIA, linear(colour))]
    x, y, z = (cube_root(part) for part in times(WHITE_TO_ONE, seen))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def cube_root(part):
    return part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("colour", sorted(ALL))
def test_a_colour_stands_out_from_the_background(colour, mode):
    assert contrast(colour, THEME[mode]["backgroundColor"]) >= 3


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_are_legible(mode):
    theme = THEME[mode]
    for words in ("textColor", "linkColor"):
        assert contrast(theme[words], theme["backgroundColor"]) >= 4.5
        assert contrast(theme["sidebar"][words], theme["sidebar"]["backgroundColor"]) >= 4.5
    assert contrast(theme["primaryColor"], "#ffffff") >= 4.5


@pytest.mark.parametrize(
    "parts",
    [
        [colours.CATEGORY[name] for name in ("Time", "AI", "Infrastructure")],
        list(colours.BILLABLE.values()),
    ],
    ids=["Time, AI and Infrastructure", "billable or not"],
)
def test_the_parts_of_a_whole_differ_for_people_without_green_receptors(parts):
    for one, other in combinations(parts, 2):
        assert math.dist(seen_without_green(one), seen_without_green(other)) >= 25


def test_a_meaning_has_its_colour_for_ever():
    assert list(colours.CATEGORY) == ["Time", "AI", "Infrastructure", "Total"]
    assert colours.STATUS["Active"] == "#1f9254"
    assert colours.STATUS["Paused"] == "#b27a0b"
    assert colours.STATUS["Archived"] == "#7b8494"
    assert list(colours.BILLABLE) == ["Billable", "Non-billable", "Unspecified"]


def test_how_a_budget_stands_is_listed_from_the_most_severe():
    assert list(colours.STANDING) == ["Over", "At risk", "Watch", "On track", "Unknown"]
    assert colours.STANDING["Over"] == colours.WORSE == colours.UNUSUAL
    assert colours.STANDING["On track"] == colours.BETTER == colours.STATUS["Active"]


def test_severities_are_told_apart_and_none_has_the_colour_of_another_badge():
    assert [name for name in colours.SEVERITY if name in BADGES] == list(vocabulary.SEVERITIES)
    drawn = [colours.SEVERITY[name] for name in BADGES]
    assert len(set(drawn)) == len(drawn)


def test_what_is_supposed_differs_from_what_is_expected_without_green_receptors():
    both = [seen_without_green(colour) for colour in (colours.ACCENT, colours.WHAT_IF)]
    assert math.dist(*both) >= 25


def test_every_meaning_of_the_vocabularies_has_a_colour():
    assert list(colours.SEVERITY)[:4] == list(vocabulary.SEVERITIES)
    assert list(colours.OUTCOME) == [*vocabulary.OUTCOMES, vocabulary.OTHER]
    assert list(colours.MAIL) == [*vocabulary.MAIL, vocabulary.OTHER]


def test_no_two_meanings_of_one_kind_share_a_colour():
    kinds = (
        colours.CATEGORY,
        colours.STATUS,
        colours.STANDING,
        colours.SEVERITY,
        colours.OUTCOME,
        colours.MAIL,
        colours.BILLABLE,
    )
    for palette in (*(kind.values() for kind in kinds), colours.SERIES):
        assert len(set(palette)) == len(list(palette))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_theme_draws_with_the_same_series(mode):
    assert THEME[mode]["chartCategoricalColors"] == list(colours.SERIES)
    assert len(THEME[mode]["chartSequentialColors"]) == 10
    assert len(THEME[mode]["chartDivergingColors"]) == 10


@pytest.mark.parametrize("colour", ["#abc", "#A1B2C3", " Teal ", "rebeccapurple"])
def test_a_colour_from_the_data_is_used(colour):
    assert colours.safe(colour, "none") == colour.strip().lower()


@pytest.mark.parametrize(
    "word",
    ["", "#12", "#12345g", "javascript:alert(1)", "url(#a)", "red;x", "#fff\n#fff", "a" * 9999],
)
def test_what_is_no_colour_gives_way(word):
    assert colours.safe(word, "fallback") == "fallback"


@pytest.mark.parametrize("cell", [None, float("nan"), 7, b"red", ["red"]])
def test_a_cell_that_is_no_text_is_no_colour(cell):
    assert colours.safe(cell, "fallback") == "fallback"


def test_labels_get_their_own_colour_or_the_next_that_is_free():
    given = {"Time": colours.SERIES[0], "Evil": "javascript:"}
    assert colours.assigned(["A", "Time", "Evil"], given) == {
        "A": colours.SERIES[1],
        "Time": colours.SERIES[0],
        "Evil": colours.SERIES[2],
    }


def test_more_labels_than_colours_begin_again():
    labels = [str(n) for n in range(20)]
    assert set(colours.assigned(labels).values()) == set(colours.SERIES)


def over(colour, background):
    """A colour that is partly transparent, as it is seen on a background."""
    part = int(colour[7:9], 16) / 255
    mixed = [
        round(part * int(colour[n : n + 2], 16) + (1 - part) * int(background[n : n + 2], 16))
        for n in (1, 3, 5)
    ]
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ramp", [colours.SEQUENTIAL, colours.NEGATIVE], ids=["above", "below"])
def test_little_stands_out_from_the_background_and_more_stands_out_more(ramp, mode):
    background = THEME[mode]["backgroundColor"]
    steps = [contrast(over(colour, background), background) for colour in ramp]
    assert steps == sorted(steps)
    assert steps[0] >= 1.5
    assert steps[-1] >= 3
    assert all(more / less >= 1.1 for less, more in pairwise([1, *steps]))


def test_from_little_to_much_is_the_accent_in_even_steps():
    assert {colour[:7] for colour in colours.SEQUENTIAL} == {colours.ACCENT}
    parts = [int(colour[7:], 16) for colour in colours.SEQUENTIAL]
    steps = [more - less for less, more in pairwise(parts)]
    assert max(steps) - min(steps) <= 3


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_labels_of_a_chart_can_be_read_on_either_theme(name):
    """4.5 is what WCAG 2 asks of text, level AA."""
    text, behind = THEME[name]["textColor"], THEME[name]["backgroundColor"]
    channels = zip(*(bytes.fromhex(colour[1:]) for colour in (text, behind)), strict=True)
    mixed = [round(layered.OPACITY * t + (1 - layered.OPACITY) * b) for t, b in channels]
    assert contrast(f"#{bytes(mixed).hex()}", behind) >= 4.5
