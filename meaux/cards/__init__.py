"""Cards: what each says and shows, made of what it needs; nothing here displays one."""

from meaux.cards.card import (
    Alert,
    Alerts,
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
    "Alert",
    "Alerts",
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
