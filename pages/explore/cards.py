"""My cards: the cards of one's own that stand on no other page."""

from meaux.subjects.page import show

show()
