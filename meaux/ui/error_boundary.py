"""Error boundary: an error inside it affects only its content, and is logged."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

import streamlit as st

from meaux.errors import MeauxError
from meaux.subjects.card import Notice
from meaux.ui.loading import receipt
from meaux.ui.text import escaped

P = ParamSpec("P")

LOG = logging.getLogger(__name__)
OURS = "This can't be shown because of an internal error. Report reference"


@contextmanager
def error_boundary(what: str) -> Iterator[None]:
    """Show an error in place of the content; everything outside is drawn.

    A MeauxError is shown as it is. Any other error gets a reference; the log has its traceback
    under this reference. `what` is the name of the content in the log.
    """
    try:
        yield
    except MeauxError as error:
        _say(str(error))
    except Exception as error:  # noqa: BLE001  whatever it is, the rest of the page stands
        _say(broken(what, error))


def _say(words: str) -> None:
    receipt.shown(Notice(words, "error"))
    st.error(escaped(words), icon=":material/error:")


def section(draw: Callable[P, None]) -> Callable[P, None]:
    """Return the same function inside an error boundary."""

    @wraps(draw)
    def drawn(*given: P.args, **named: P.kwargs) -> None:
        with error_boundary(f"The section {draw.__name__}"):
            draw(*given, **named)

    return drawn


def broken(what: str, error: Exception) -> str:
    """Log an exception under a reference, and return a sentence with the reference."""
    reference = secrets.token_hex(3)
    LOG.error("%s could not be drawn (reference %s)", what, reference, exc_info=error)
    return f"{OURS} {reference}; details are in the log."
