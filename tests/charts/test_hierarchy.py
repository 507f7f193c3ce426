"""Nodes of a hierarchy lie in their parents without a gap and add up to them."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux.charts import hierarchy
from meaux.query.metrics import DEFINITIONS

COST = DEFINITIONS["cost"]
NAMES = st.sampled_from(["A", "B", "C", "D", "Other"])
LEAVES = st.dictionaries(
    st.tuples(NAMES, NAMES, NAMES), st.floats(0.01, 1e6), min_size=1, max_size=60
)


def inside(nodes, node):
    return [child for child in nodes if child.depth == node.depth + 1 and _within(child, node)]


def _within(child, node):
    return child.path[:-1] == node.path


@given(LEAVES)
def test_children_fill_their_parent_without_a_gap(leaves):
    nodes = hierarchy.nodes(leaves, [])
    assert (nodes[0].path, nodes[0].start, nodes[0].stop) == ((), 0, 1)
    for node in nodes:
        children = inside(nodes, node)
        if children:
            edges = [node.start, *(child.stop for child in children)]
            assert [child.start for child in children] == edges[:-1]
            assert edges[-1] == node.stop


@given(LEAVES)
def test_every_ring_adds_up_to_the_whole_and_a_span_is_as_long_as_its_part(leaves):
    nodes = hierarchy.nodes(leaves, [])
    whole = math.fsum(leaves.values())
    for depth in range(4):
        assert math.isclose(math.fsum(n.value for n in nodes if n.depth == depth), whole)
    for node in nodes:
        assert math.isclose(node.stop - node.start, node.value / whole, abs_tol=1e-9)


@given(LEAVES)
def test_siblings_are_in_the_order_of_their_size_and_other_comes_last(leaves):
    nodes = hierarchy.nodes(leaves, [])
    for node in nodes:
        children = inside(nodes, node)
        named = [child.value for child in children if child.path[-1] != "Other"]
        assert named == sorted(named, reverse=True)
        assert "Other" not in [child.path[-1] for child in children[:-1]]


def test_the_innermost_ring_keeps_the_given_order_first():
    leaves = {("A",): 1, ("B",): 2, ("C",): 3, ("D",): 4}
    nodes = hierarchy.nodes(leaves, ["B", "A", "Z"])
    assert [node.path[0] for node in nodes[1:]] == ["B", "A", "D", "C"]


@pytest.mark.parametrize(("above", "most"), [((), 8), (("A",), 12)])
def test_of_too_many_parts_the_smallest_become_other(above, most):
    sizes = {(*above, f"N{n}"): 100 + n for n in range(20)}
    nodes = [node for node in hierarchy.nodes(sizes, []) if node.depth == len(above) + 1]
    assert len(nodes) == most
    assert nodes[-1].path[-1] == "Other"
    assert nodes[-1].value == sum(100 + n for n in range(20 - most + 1))


def test_parts_of_less_than_a_degree_and_a_half_of_their_parent_become_other():
    leaves = {("A", "large"): 1000, ("A", "x"): 2, ("A", "y"): 3, ("B", "x"): 2}
    paths = [node.path for node in hierarchy.nodes(leaves, [])]
    assert paths == [(), ("A",), ("A", "large"), ("A", "Other"), ("B",), ("B", "x")]


def test_a_single_small_part_keeps_its_name():
    paths = [node.path for node in hierarchy.nodes({("large",): 1000, ("small",): 1}, [])]
    assert paths == [(), ("large",), ("small",)]


def test_what_lies_in_small_parts_is_added_up_by_its_name():
    leaves = {("A", "large", "Ann"): 1000, ("A", "x", "Ann"): 2, ("A", "y", "Ann"): 1}
    nodes = hierarchy.nodes(leaves | {("A", "y", "Bo"): 1}, [])
    assert {node.path: node.value for node in nodes if node.depth == 3} == {
        ("A", "large", "Ann"): 1000,
        ("A", "Other", "Ann"): 3,
        ("A", "Other", "Bo"): 1,
    }


def test_the_totals_are_of_known_numbers_and_every_path_has_names():
    frame = pd.DataFrame(
        {
            "category": ["AI", "AI", "AI", "Time", "Time"],
            "project": ["A", "A", None, " B\nC ", "D"],
            "cost": [1, 2.5, -3, "4", None],
        }
    )
    assert hierarchy.totals(frame, COST, ["category", "project"]) == {
        ("AI", "A"): 3.5,
        ("AI", "Unnamed"): -3,
        ("Time", "B C"): 4,
    }
