"""A page sends what Altair would draw, with its rows as Arrow, each frame once."""

import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal
from test_charts import FRAMES, SHAPES, draw

from meaux.charts.layered import specification


def rows_of(spec, layer):
    rows = pa.ipc.open_stream(spec["datasets"][layer["data"]["name"]]).read_all()
    return rows.to_pandas()


def without_data(spec):
    """The specification but for its rows and their names."""
    layers = [{**layer, "data": None} for layer in spec["layer"]]
    return {**spec, "layer": layers, "datasets": None}


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_sent_is_what_altair_draws_with_the_same_rows(shape):
    chart = draw(shape, FRAMES["three rows"])
    sent = specification(chart)
    assert without_data(sent) == without_data(chart.to_dict())
    for layer, drawn in zip(sent["layer"], chart.layer, strict=True):
        given = drawn.data.reset_index(drop=True)
        assert_frame_equal(rows_of(sent, layer), given, check_dtype=False, check_names=False)
    assert len(sent["datasets"]) <= len({id(drawn.data) for drawn in chart.layer})


def test_a_frame_of_several_layers_is_sent_once():
    chart = draw("ranking", FRAMES["three rows"])
    sent = specification(chart)
    assert len(sent["datasets"]) < len(sent["layer"])


def test_other_rows_have_another_name():
    names = [{*specification(draw("ranking", FRAMES[f]))["datasets"]} for f in ("one row", "null")]
    assert names[0] != names[1]
