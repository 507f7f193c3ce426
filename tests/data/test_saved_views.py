"""Saved views in the state file: each owner's own, with names that are free and short."""

import pytest

from meaux.data import state
from meaux.data.state.views import LONGEST, MOST, Views
from meaux.errors import StateError


@pytest.fixture
def views_of(tmp_path):
    """The views of an owner."""
    with state.opened(tmp_path / "state.db") as file:
        yield lambda owner: Views(file.connection, owner)


def test_everybody_sees_and_changes_their_own_views_only(views_of):
    mine, yours = views_of("me"), views_of("you")
    mine.add("Costs", "/financial")
    yours.add("Costs", "/financial?team=Lab")
    [view] = mine.all()
    yours.rename(view.id, "Stolen")
    yours.drop(view.id)
    yours.start(view.id)
    assert [(one.name, one.link, one.starts) for one in mine.all()] == [
        ("Costs", "/financial", False)
    ]


def test_one_view_at_most_is_the_start_page(views_of):
    mine = views_of("me")
    mine.add("A", "/time")
    mine.add("B", "/team", starts=True)
    first, second = mine.all()
    assert (first.starts, second.starts) == (False, True)
    mine.start(first.id)
    assert [one.starts for one in mine.all()] == [True, False]
    mine.start(None)
    assert not any(one.starts for one in mine.all())


@pytest.mark.parametrize("name", ["", "  \n", "\u200b", "x" * (LONGEST + 1), "costs", " COSTS "])
def test_a_name_that_is_none_too_long_or_taken_is_refused(views_of, name):
    mine = views_of("me")
    mine.add("Costs", "/financial")
    with pytest.raises(StateError):
        mine.add(name, "/time")
    assert len(mine.all()) == 1


def test_a_name_is_kept_on_one_line_without_invisible_characters(views_of):
    mine = views_of("me")
    mine.add(" My\ncosts\u202e ", "/financial")
    assert [one.name for one in mine.all()] == ["My costs"]


def test_nobody_has_more_views_than_the_limit(views_of):
    mine = views_of("me")
    for number in range(MOST):
        mine.add(f"View {number}", "/time")
    with pytest.raises(StateError, match=f"You have {MOST} views"):
        mine.add("One more", "/time")
