"""Alerts: what is open, who was told, what is snoozed, and how a rule would have done."""

from meaux.subjects.alerts.cards import course, every_alert
from meaux.subjects.page import on_top, show

show(on_top(every_alert), course)
