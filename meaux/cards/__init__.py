"""Cards: what each says and shows, made of what it needs; nothing here displays one."""

from meaux.cards.card import (
    Card,
    Chart,
    Download,
    Notice,
    Sentence,
    Switched,
    Table,
    Unfolded,
    card,
)

__all__ = [
    "Card",
    "Chart",
    "Download",
    "Notice",
    "Sentence",
    "Switched",
    "Table",
    "Unfolded",
    "card",
]
