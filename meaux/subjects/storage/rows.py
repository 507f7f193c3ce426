"""The rows behind storage: the last measurement of each bucket, and uploaded images."""

from __future__ import annotations

from meaux.query import queries
from meaux.subjects.rows import Behind, Source
from meaux.subjects.storage.metrics import IMAGES_ADDED, OBJECTS, STORED

LEVELS = Source(
    "bucket",
    {"Buckets": queries.level_rows},
    queries.level_row_sums,
    "table",
    ("state", "bucket"),
    ("day", "bucket", "bytes", "objects", "at"),
    of=("bucket_usage",),
)
UPLOADS = Source(
    "image",
    {"Images": queries.image_rows},
    queries.image_row_sums,
    "table",
    ("project",),
    ("day", "name", "project", "bytes", "at"),
    of=("image",),
)

BEHIND = {
    STORED: Behind(LEVELS, "bytes", of=(("state", "Bytes"),)),
    OBJECTS: Behind(LEVELS, "objects", of=(("state", "Objects"),)),
    IMAGES_ADDED: Behind(UPLOADS),
}
