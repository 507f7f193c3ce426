"""Metrics of storage: bytes and objects stored, growth, and estimated cost."""

from __future__ import annotations

from meaux.query.metrics.metric import Metric

STORED = Metric(
    "bytes",
    "Stored",
    "bytes",
    "Bytes stored at the last measurement in the period.",
    good="neither",
    total="last",
    queries=("stored_bytes",),
)

CHANGE = Metric(
    "change_bytes",
    "Change",
    "bytes",
    "Bytes stored \N{MINUS SIGN} bytes stored at the first measurement in the period.",
    good="neither",
    total="last",
)

OBJECTS = Metric(
    "objects",
    "Objects",
    "count",
    "Objects in all buckets at the last measurement in the period.",
    good="neither",
    total="last",
)

GROWTH = Metric(
    "growth",
    "Growth per day",
    "bytes",
    "Growth in bytes per day: slope of a line fitted to the period's complete days.",
    good="down",
    total="last",
)

GB_MONTH = Metric(
    "gb_month",
    "GB-month",
    "gigabytes",
    "Mean of the daily peaks in the period, in decimal GB, as billed by R2.",
    good="down",
    total="last",
)

STORAGE_COST = Metric(
    "storage_cost",
    "Estimated storage cost per month",
    "money",
    "Estimated monthly R2 cost of this period's GB-month above the allowance, at the list price "
    "of standard storage.",
    good="down",
    total="last",
)

IMAGES = Metric(
    "images",
    "Images",
    "count",
    "Number of images stored now.",
    good="neither",
    total="last",
    queries=("images_stored",),
)

IMAGES_ADDED = Metric(
    "images_added", "Images uploaded", "count", "Images uploaded in the period.", good="neither"
)
