"""Visits to a running dashboard as a browser makes them, without one: Streamlit's own messages.

A visit is one session: a WebSocket that opens pages, waits until each has run, and leaves.
"""

from __future__ import annotations

import re
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

from meaux.ui import pages

ADDRESSES = ["", *(page.script.rpartition("/")[2][:-3] for page in pages.PAGES[1:])]
"""The address of each page; that of Home is empty."""
LARGEST_MESSAGE = 200_000_000


@contextmanager
def visit(url, *, seconds=120.0):
    """A session on the server at `url`, until the end of the block."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(
        address, subprotocols=["streamlit"], max_size=LARGEST_MESSAGE, open_timeout=seconds
    ) as line:
        yield Visit(line, seconds)


class Visit:
    """One session: what it was sent last stands in `said`, every message of the last run."""

    def __init__(self, line, seconds):
        self._line = line
        self._seconds = seconds
        self._where = ClientState()
        self.said = []

    def open(self, page="", query=""):
        """Open the page of this address (none is Home), and wait until it has run."""
        self._where = ClientState(page_name=page, query_string=query)
        return self._run(self._where)

    def press(self, label):
        """Press the button of this name on the page, and wait until it has run."""
        [button] = {one.id for one in self.buttons if one.label == label}
        pressed = WidgetState(id=button, trigger_value=True)
        state = ClientState()
        state.CopyFrom(self._where)
        state.widget_states.widgets.append(pressed)
        return self._run(state)

    @property
    def buttons(self):
        """The buttons on the page."""
        drawn = (message.delta.new_element for message in self.said)
        return [one.button for one in drawn if one.WhichOneof("type") == "button"]

    @property
    def alerts(self):
        """What the page says in boxes, without Markdown's backslashes."""
        drawn = (message.delta.new_element for message in self.said)
        found = [one.alert.body for one in drawn if one.WhichOneof("type") == "alert"]
        return [re.sub(r"\\(.)", r"\1", words) for words in found]

    @property
    def words(self):
        """Everything that stands on the page, as it was sent."""
        return "\n".join(str(message.delta) for message in self.said)

    def _run(self, state):
        self._line.send(BackMsg(rerun_script=state).SerializeToString())
        self.said = []
        while True:
            message = ForwardMsg.FromString(self._line.recv(self._seconds))
            self.said.append(message)
            if message.WhichOneof("type") == "script_finished":
                return self
