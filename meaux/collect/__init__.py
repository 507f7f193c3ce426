"""Collect: read Cloudflare's and OpenAI's numbers and write them into the database.

This is the only package that writes to a database of the user; the dashboard never imports it.
"""

from meaux.collect.run import Outcome, collect
from meaux.collect.sources import SOURCES, Source
from meaux.collect.target import Target, connect
from meaux.collect.tokens import TOKENS, Tokens

__all__ = ["SOURCES", "TOKENS", "Outcome", "Source", "Target", "Tokens", "collect", "connect"]
