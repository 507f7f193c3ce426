"""What people and programs may hand to the product: strategies, from tame to wild."""

import json
import os
from datetime import date, datetime, time

from hypothesis import strategies as st

ODD = [
    "",
    " ",
    "\0",
    "nan",
    "inf",
    "-0",
    "1e999",
    "9" * 400,
    "é" * 400,
    "🦐",
    "\u202e",
    "\ud800",
    "{",
    "}",
    "{}",
    "{a} * {",
    "`",
    "'",
    '"',
    ";",
    "--",
    "/*",
    "%s",
    "[[",
    "../..",
    "null",
    "true",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "=1+1",
    "<b>x</b>",
    "SELECT 1",
]
"""Words that trip somebody somewhere."""

texts = st.sampled_from(ODD) | st.text(max_size=30)
without_halves = texts.map(lambda text: text.encode(errors="replace").decode())
"""Texts that a file in UTF-8 can hold."""
variables = texts.map(lambda text: text.replace("\0", "")).map(
    lambda text: os.fsdecode(text.encode(errors="replace")).replace("\u202e", "\udcff")
)
"""Texts that an environment can hold, those that are no UTF-8 among them."""

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**53, 2**63, -(2**63), 10**400])
    | st.floats()
    | texts
    | st.dates()
    | st.datetimes()
    | st.times()
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
"""Whatever a parsed file can hold, and more."""

cells = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.sampled_from([0, 1, -1, 1_795_300_000, 1_795_300_000_000, 2**53 + 1])
    | st.floats(allow_nan=False)
    | texts.map(lambda text: text.encode(errors="replace").decode())
    | st.binary(max_size=20)
    | st.sampled_from(["2026-11-20", "2026-11-20T10:00:00Z", "active", "1,200.50", "$3", "USD"])
)
"""Every type of a cell of SQLite, in whatever column."""


def toml(value):  # noqa: PLR0911  one for each type
    """A value as TOML; what TOML can't say is said as a text."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return hex(value) if abs(value) > 10**4_000 else str(value)
        case float():
            return repr(value)
        case datetime() | date() | time():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            pairs = (f"{_text(str(key))} = {toml(one)}" for key, one in value.items())
            return f"{{ {', '.join(pairs)} }}"
        case _:
            return _text(str(value))


def _text(words):
    return json.dumps(words.encode(errors="replace").decode()).replace("\x7f", "\\u007f")


def as_toml(mapping):
    """A mapping as the text of a file."""
    return "\n".join(f"{_text(str(key))} = {toml(value)}" for key, value in mapping.items())


@st.composite
def spoilt(draw, files):
    """The bytes of a file, whole or with something wrong in them."""
    content = draw(files).encode(errors="replace")
    place = draw(st.integers(0, len(content)))
    match draw(st.sampled_from(["whole", "whole", "cut", "bytes", "twice", "nested", "digits"])):
        case "cut":
            return content[:place]
        case "bytes":
            return content[:place] + draw(st.binary(min_size=1, max_size=8)) + content[place:]
        case "twice":
            return content + b"\n" + content
        case "nested":
            return content + b"\ndeep = " + b"[" * draw(st.sampled_from([10, 500, 20_000]))
        case "digits":
            return content + b"\nmany = " + b"9" * 5_000
        case _:
            return content


def mapping_of(names, values=anything):
    """A mapping whose keys are mostly known ones."""
    return st.dictionaries(st.sampled_from(sorted(names)) | texts, values, max_size=4)
