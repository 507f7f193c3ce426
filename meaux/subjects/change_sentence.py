"""Change sentence: how much a number changed, and the parts that made most of it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from meaux.query.metrics import Metric, relative
from meaux.query.metrics import change as relative_change
from meaux.subjects.changes import NOISE, Explained
from meaux.subjects.rows import DAYS
from meaux.wording import enumerated

LARGEST_NAMED = 2
LEAST_NAMED = 0.1
"""The smallest share of a change that a sentence names."""
LEAST_NAMED_BESIDE = 0.3
"""The smallest share of a further split that a sentence names."""
MOST_NAMED = 4
"""The number of named parts after which no further split is named."""
BY = {"service": "model or service", "log": "log", DAYS: "day"}
"""What the sentence calls a split, if not by its group."""
NOUNS = {
    "service": "",
    "log": "",
    "person": "",
    "billable": "",
    "outcome": "",
    "severity": "",
    DAYS: "",
}
"""The word in front of a name, if it isn't the group's."""


def sentence(found: Explained) -> str:
    """Say how much the metric changed, and the parts that made most of it."""
    metric, changed = found.change.metric, found.changed
    of = [_noun(group, found.name(group, value)) for group, value in found.change.opening.of]
    subject = f"{metric.label} of {enumerated(of)}" if of else metric.label
    if abs(changed) <= NOISE:
        return f"{subject}: unchanged at {metric.exact(found.after)}."
    ratio = relative_change(found.after, found.before)
    by = f" ({relative(ratio)})" if ratio is not None else ""
    return " ".join([f"{subject} {_moved(metric, changed)}{by}.", *_splits(found)])


def _splits(found: Explained) -> Iterator[str]:
    """Yield the largest parts of the split that explains most, then those of others.

    Each split is a sentence of its own: parts of two splits don't add up. A part that is as large
    as one already said is most likely the same rows, and left out.
    """
    said: list[float] = []
    for group, parts in found.splits.items():
        count, least = (1, LEAST_NAMED_BESIDE) if said else (LARGEST_NAMED, LEAST_NAMED)
        named = parts[(parts["value"] != "") & (parts["share"] >= least)].head(count)
        new = [
            (name, part)
            for name, part in zip(named["name"], named["change"], strict=True)
            if not any(math.isclose(part, one, abs_tol=NOISE) for one in said)
        ]
        if new:
            told = ", ".join(f"{name} {_signed(found.change.metric, part)}" for name, part in new)
            yield f"By {BY.get(group, group)}: {told}."
        said += [part for _, part in new]
        if len(said) >= MOST_NAMED:
            return


def _signed(metric: Metric, change: float) -> str:
    return f"{'+' if change > 0 else '-'}{metric.short(abs(change))}"


def _moved(metric: Metric, change: float) -> str:
    return f"{'rose' if change > 0 else 'fell'} {metric.short(abs(change))}"


def _noun(group: str, name: str) -> str:
    """Put the word for a group in front of a name."""
    return f"{NOUNS.get(group, group)} {name}".strip()
