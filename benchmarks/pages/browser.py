"""What a browser loads on its first visit, where there is a Chromium."""

from __future__ import annotations

import zlib
from base64 import b64decode
from typing import Any

from browser.conftest import DRAWN, FLAGS, NOT_RUNNING, _chromium
from playwright.sync_api import Error, sync_playwright

BINARY = 2
"""The kind of a frame whose bytes the browser tells in base64."""
DEFLATE = "permessage-deflate"
WINDOW = 12
"""How a WebSocket's messages are compressed, and the server's window: 2^12 bytes."""


def megabytes_of_first_visit(url: str) -> float | None:
    """Open a page in a new browser until it is drawn; None without a Chromium that starts.

    What counts is what goes over the network: compressed files, headers, and the WebSocket.
    """
    with sync_playwright() as playwright:
        chromium = _chromium(playwright)
        if chromium is None:
            return None
        try:
            browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS])
        except Error:
            return None
        try:
            return _visited(browser.new_page(), url) / 1_000_000
        finally:
            browser.close()


def _visited(page: Any, url: str) -> int:
    """Return the bytes of everything that came.

    Of compressed messages the browser tells only the content: it is compressed here once more.
    """
    came: list[int] = []
    packers: dict[str, Any] = {}

    def greeted(of: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in of["response"]["headers"].items()}
        if DEFLATE in headers.get("sec-websocket-extensions", ""):
            packers[of["requestId"]] = zlib.compressobj(wbits=-WINDOW)

    def received(of: dict[str, Any]) -> None:
        content, packer = _content(of["response"]), packers.get(of["requestId"])
        if packer:
            content = packer.compress(content) + packer.flush(zlib.Z_SYNC_FLUSH)
        came.append(len(content))

    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda of: came.append(int(of["encodedDataLength"])))
    network.on("Network.webSocketHandshakeResponseReceived", greeted)
    network.on("Network.webSocketFrameReceived", received)
    page.goto(url)
    page.locator(NOT_RUNNING).wait_for()
    page.locator(DRAWN).nth(3).wait_for()
    page.wait_for_load_state("networkidle")
    return sum(came)


def _content(frame: dict[str, Any]) -> bytes:
    data = frame["payloadData"]
    return b64decode(data) if frame["opcode"] == BINARY else str(data).encode()
