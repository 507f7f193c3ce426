"""Notify: tells people of alerts, once each, through the addresses of their choice."""

from meaux.notify.deliver import Delivered, Outcome, Round, deliver
from meaux.notify.destinations import Destination, destinations

__all__ = ["Delivered", "Destination", "Outcome", "Round", "deliver", "destinations"]
