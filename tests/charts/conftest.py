"""Charts as the browser gets them."""

import altair as alt
import pytest


@pytest.fixture(autouse=True)
def rows_once():
    """Have Altair write the rows of a frame once a test: layers share frames.

    Altair itself does it for each layer, whenever a chart is looked at: a third of the time here.
    """
    written = {}

    def rows_once(frame):
        _, rows = written[id(frame)] = written.get(id(frame)) or (
            frame,
            alt.default_data_transformer(frame),
        )
        return rows

    alt.data_transformers.register("rows_once", rows_once)
    with alt.data_transformers.enable("rows_once"):
        yield


class Spec:
    """A chart as Vega-Lite, looked into by layer."""

    def __init__(self, chart):
        self.words = chart.description
        self.height = chart.height
        self.whole = chart.to_dict(validate=True)
        self.layers = self.whole["layer"]

    def rows(self, layer=0):
        """The data of a layer, its own or those of the whole chart, before its filters."""
        data = self.layers[layer].get("data") or self.whole["data"]
        return self.whole["datasets"][data["name"]]

    def encoding(self, channel, layer=0):
        return self.layers[layer]["encoding"][channel]

    def tooltip(self, layer=0):
        """The titles of a layer's tooltip, and the words of its first row under them."""
        first = self.rows(layer)[0]
        return {
            tip["title"].strip(): first[tip["field"]] for tip in self.encoding("tooltip", layer)
        }


@pytest.fixture
def spec():
    return Spec
