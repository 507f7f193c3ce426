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
def visit(url, *, seconds=120.0, cookies=None, headers=None, **how):
    """A session on the server at `url`, until the end of the block.

    `cookies` are those of a browser that has loaded the page; `how` is passed to `connect`.
    """
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    protocols, headers = ["streamlit"], dict(headers or {})
    if cookies is not None:
        protocols.append(cookies["_streamlit_xsrf"])
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        how.setdefault("origin", re.match(r"http://[^/]+", url)[0])
    with connect(
        address,
        subprotocols=protocols,
        additional_headers=headers,
        max_size=LARGEST_MESSAGE,
        open_timeout=seconds,
        **how,
    ) as line:
        yield Visit(line, seconds)


class Visit:
    """One session: what it was sent last stands in `said`, every message of the last run.

    `received` are the bytes of these messages.
    """

    def __init__(self, line, seconds):
        self._line = line
        self._seconds = seconds
        self._where = ClientState()
        self.said = []
        self.received = 0

    def open(self, page="", query=""):
        """Open the page of this address (none is Home), and wait until it has run."""
        self._where = ClientState(page_name=page, query_string=query)
        return self._run(self._where)

    def press(self, label):
        """Press the button of this name on the page, and wait until it has run."""
        return self._change(WidgetState(id=self._only("button", label), trigger_value=True))

    def choose(self, label, words):
        """Choose these words in the select box of this name, and wait until it has run."""
        return self._change(WidgetState(id=self._only("selectbox", label), string_value=words))

    def download(self, label):
        """Press the download button of this name, the first; the address of its file."""
        button = next(one for one in self.drawn("download_button") if one.label == label)
        asked = BackMsg()
        [begun] = [one.new_session for one in self.said if one.WhichOneof("type") == "new_session"]
        wanted = asked.backend_operation_request
        wanted.request_id, wanted.session_id = button.id, begun.initialize.session_id
        wanted.deferred_file.file_id = button.deferred_file_id
        self._line.send(asked.SerializeToString())
        while (message := self._heard()).WhichOneof("type") != "backend_operation_response":
            pass
        assert not message.backend_operation_response.error_msg
        return message.backend_operation_response.deferred_file.url

    def forget(self):
        """Have the server forget what it keeps for all sessions, as Streamlit's menu does."""
        self._line.send(BackMsg(clear_cache=True).SerializeToString())
        self._line.send(BackMsg(app_heartbeat=True).SerializeToString())
        while self._heard().WhichOneof("type") != "heartbeat_ack":
            pass

    def drawn(self, kind):
        """What of one kind was drawn on the page, such as every `button`."""
        drawn = (message.delta.new_element for message in self.said)
        return [getattr(one, kind) for one in drawn if one.WhichOneof("type") == kind]

    @property
    def menu(self):
        """The titles of the pages in the menu."""
        menus = [one.navigation for one in self.said if one.WhichOneof("type") == "navigation"]
        return [page.page_name for menu in menus for page in menu.app_pages if not page.is_hidden]

    @property
    def redirects(self):
        """Where the page sends its browser."""
        kind = "auth_redirect"
        return [one.auth_redirect.url for one in self.said if one.WhichOneof("type") == kind]

    @property
    def alerts(self):
        """What the page says in boxes, without Markdown's backslashes."""
        return [_plain(one.body) for one in self.drawn("alert")]

    @property
    def texts(self):
        """What the page says in text, captions included, without Markdown's backslashes."""
        return [_plain(one.body) for one in self.drawn("markdown")]

    @property
    def words(self):
        """Everything that stands on the page, as it was sent."""
        return "\n".join(str(message.delta) for message in self.said)

    def _only(self, kind, label):
        """The id of the only widget of this kind and name on the page."""
        [found] = {one.id for one in self.drawn(kind) if one.label == label}
        return found

    def _change(self, widget):
        state = ClientState()
        state.CopyFrom(self._where)
        state.widget_states.widgets.append(widget)
        return self._run(state)

    def _run(self, state):
        self._line.send(BackMsg(rerun_script=state).SerializeToString())
        self.said, self.received = [], 0
        while True:
            message = self._heard()
            self.said.append(message)
            if message.WhichOneof("type") == "script_finished":
                return self

    def _heard(self):
        """The next message of the server."""
        came = self._line.recv(self._seconds)
        self.received += len(came)
        return ForwardMsg.FromString(came)


def _plain(words):
    return re.sub(r"\\(.)", r"\1", words)
