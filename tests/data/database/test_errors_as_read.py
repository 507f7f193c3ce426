"""The errors, as the people read them who meet them."""

import inspect
import re

import pytest

from meaux import errors

ALL = [
    each
    for _, each in inspect.getmembers(errors, inspect.isclass)
    if each.__module__ == errors.__name__
]


def test_the_tree_in_the_docstring_is_the_tree_in_the_code():
    drawn = re.findall(r"^[│├└─ ]*([A-Z]\w+)(?:  .*)?$", errors.__doc__, re.MULTILINE)
    assert sorted(drawn) == sorted(each.__name__ for each in ALL)


@pytest.mark.parametrize("error", ALL)
def test_every_error_is_a_meaux_error_and_says_what_it_is(error):
    assert issubclass(error, errors.MeauxError)
    assert inspect.getdoc(error).endswith(".")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            errors.QueryFileError("costs.sql", 12, "the query has no description"),
            "costs.sql, line 12: the query has no description",
        ),
        (
            errors.RateLimited(30),
            "Cloudflare rate limit reached. Try again in 30 seconds.",
        ),
        (
            errors.RateLimited(0.2),
            "Cloudflare rate limit reached. Try again in 1 second.",
        ),
        (
            errors.RateLimited(),
            "Cloudflare rate limit reached. Try again in a few minutes.",
        ),
        (
            errors.TooLarge("32 MB"),
            "The result is larger than 32 MB. Request fewer rows or columns.",
        ),
        (
            errors.OutOfMemory(),
            "Not enough memory for this query. Try again in a moment or request less data.",
        ),
        (
            errors.PageSpent(),
            "This page ran too long or made too many queries. Try again in a moment.",
        ),
        (errors.QueryError("bad."), "The database rejected the query: bad."),
        (
            errors.MissingTable("teams"),
            "There is no table teams. Map another table or create it.",
        ),
        (
            errors.MissingColumn("cost"),
            "There is no column cost. Map another column or add it.",
        ),
    ],
)
def test_an_error_reads_as_one_sentence(error, sentence):
    assert str(error) == sentence


def test_errors_carry_what_a_program_needs():
    block = errors.QueryFileError("costs.sql", 12, "no description")
    assert (block.file.name, block.line, block.problem) == ("costs.sql", 12, "no description")
    assert errors.RateLimited(3).retry_after == 3
    assert errors.MissingTable("teams").message == "no such table: teams"
    assert errors.MissingColumn("cost").message == "no such column: cost"
    assert issubclass(errors.QueryTimeout, errors.QueryError)
