"""A notice: the answer to a request that gets no page, as HTML or as plain text."""

from __future__ import annotations

from html import escape

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, Response

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Meaux Analytics</title>
<style>
:root { --back: #ffffff; --text: #0d1321; --quiet: #4d566a; --line: #dfe2ea; --link: #4152c0; }
@media (prefers-color-scheme: dark) {
  :root { --back: #11151c; --text: #e6e9f0; --quiet: #aeb6c6; --line: #2c3442; --link: #98a5f5; }
}
body { margin: 0; background: var(--back); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { box-sizing: border-box; width: calc(100% - 2rem); max-width: 28rem; margin: 18vh auto 0;
  padding: 1.5rem; border: 1px solid var(--line); border-radius: 8px; }
h1 { margin: 0 0 .75rem; font-size: 1.25rem; }
p { margin: 0 0 .5rem; color: var(--quiet); }
a { color: var(--link); }
</style>
</head>
<body>
<main>
<h1>Meaux Analytics</h1>
"""
END = "</main>\n</body>\n</html>\n"


def notice(
    asked: HTTPConnection, status: int, words: str, link: tuple[str, str] | None = None
) -> Response:
    """Return a response with some words, and a link of an address and its label."""
    headers = {"cache-control": "no-store"}
    if "text/html" not in asked.headers.get("accept", ""):
        return PlainTextResponse(words, status, headers)
    paragraph = f"<p>{escape(words)}</p>\n"
    way = f'<p><a href="{escape(link[0])}">{escape(link[1])}</a></p>\n' if link else ""
    return HTMLResponse(f"{PAGE}{paragraph}{way}{END}", status, headers)
