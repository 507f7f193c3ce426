"""Runs checks on drawn input: a few examples among all other tests, many by `make soak`."""

from pathlib import Path
from time import monotonic

import pytest
from hypothesis import HealthCheck, given, settings

from meaux.data.settings import PROJECT

FIGURES = PROJECT / "data" / "soak" / "fuzz.tsv"
"""What each long run took: what was drawn, how often, seconds."""


@pytest.fixture
def fuzz(request):
    """Call a check with so many drawn examples; the long runs are written down."""

    def fuzz(check, examples, **drawn):
        calls = []

        def counted(**given_):
            calls.append(1)
            check(**given_)

        begun = monotonic()
        # The order of examples hangs on the check's name, so that a run can be repeated.
        counted.__qualname__ = counted.__name__ = request.node.originalname
        steady = settings(
            max_examples=examples,
            database=None,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        steady(given(**drawn)(counted))()
        if request.node.get_closest_marker("soak"):
            note(request.node.originalname, len(calls), monotonic() - begun)

    return fuzz


def note(name, calls, seconds, file: Path = FIGURES):
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{name}\t{calls}\t{seconds:.1f}\n")


def pytest_generate_tests(metafunc):
    """Each test has a short run and a long one: `@examples(short, long)`."""
    if marker := metafunc.definition.get_closest_marker("examples"):
        short, long = marker.args
        metafunc.parametrize(
            "examples",
            [
                pytest.param(short, id="short"),
                pytest.param(long, id="long", marks=pytest.mark.soak),
            ],
        )
