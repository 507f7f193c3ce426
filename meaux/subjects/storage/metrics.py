"""Metrics of storage: what is held, how it grows, and what a month of it costs."""

from __future__ import annotations

from meaux.query.metrics.metric import Metric

STORED = Metric(
    "bytes",
    "Stored",
    "bytes",
    "How full storage was when that was last recorded in the period.",
    good="neither",
    total="last",
)

CHANGE = Metric(
    "change_bytes",
    "Change",
    "bytes",
    "How much more is stored than when that was first recorded in the period.",
    good="neither",
    total="last",
)

OBJECTS = Metric(
    "objects",
    "Objects",
    "count",
    "Objects in the buckets when that was last recorded in the period.",
    good="neither",
    total="last",
)

GROWTH = Metric(
    "growth",
    "Growth a day",
    "bytes",
    "The slope of a straight line through the levels of the period's complete days.",
    good="down",
    total="last",
)

GB_MONTH = Metric(
    "gb_month",
    "GB-month",
    "gigabytes",
    "The mean of the daily peaks in the period, in decimal GB: what R2 bills.",
    good="down",
    total="last",
)

STORAGE_COST = Metric(
    "storage_cost",
    "Storage a month, estimate",
    "money",
    "What a month of R2 storage like this period's costs beyond what is included, at the list "
    "price of standard storage.",
    good="down",
    total="last",
)

IMAGES = Metric(
    "images", "Images", "count", "Images that are stored today.", good="neither", total="last"
)

IMAGES_ADDED = Metric(
    "images_added", "Images uploaded", "count", "Images that were uploaded.", good="neither"
)
