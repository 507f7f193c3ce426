"""Buckets, objects, images and storage measurements."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from meaux.demo import clock, projects
from meaux.demo.book import Book
from meaux.demo.clock import Seconds
from meaux.demo.dice import Indexes
from meaux.demo.scene import DAY, Month, Scene

GIGABYTE = 1_000_000_000
OBJECTS = clock.Rhythm(7, weekend=0.5)
IMAGES = clock.Rhythm(2.5)
KINDS = ["image/webp", "image/png", "application/pdf", "application/json", "video/mp4"]


@dataclass(frozen=True)
class Bucket:
    """A bucket that grows; sizes in gigabytes."""

    name: str
    project: str | None
    size: float
    growth: float
    born: int


BUCKETS = [
    Bucket("media", "prj_cafe_etoile", 180, 0.42, 640),
    Bucket("backups", None, 260, 0.65, 700),
    Bucket("exports", "prj_quiet_ledger", 6, 0.03, 360),
    Bucket("bot-memory", "prj_beignet_bot", 1, 0.11, 255),
    Bucket("mail-archive", "prj_marais", 22, 0.05, 460),
    Bucket("user's uploads", "prj_pelican", 35, 0.09, 480),
]
LEVELS = {"d1": (2.1, 0.006), "kv": (0.4, 0.001), "images": (9.0, 0.02), "queues": (0.02, 0.0)}
USE = {
    "rows_read": {"d1": 2_400_000},
    "rows_written": {"d1": 9_000},
    "reads": {"d1": 31_000, "kv": 210_000},
    "writes": {"d1": 4_200, "kv": 6_100},
    "deletes": {"kv": 300},
    "lists": {"kv": 90},
}
"""How often a gigabyte is used on a day."""


def write(book: Book, scene: Scene) -> None:
    """Write the buckets."""
    book.rows("r2_buckets", [_bucket(scene, number) for number in range(len(BUCKETS))])


def write_month(book: Book, scene: Scene, month: Month) -> None:
    """Write a month of levels, objects and images."""
    rng = scene.random("r2_usage", month)
    book.rows(
        "r2_usage", [_usage(scene, rng, b, d) for d in month.days for b in _existing(scene, d)]
    )
    levels = [_level(scene, source, day) for day in month.days for source in LEVELS]
    book.rows("storage_usage", levels)
    _write_objects(book, scene, month)
    _write_images(book, scene, month)


def _existing(scene: Scene, day: date) -> list[Bucket]:
    return [bucket for bucket in BUCKETS if day >= scene.day_ago(bucket.born)]


def _age(scene: Scene, day: date) -> int:
    return (day - scene.first).days


def _usage(scene: Scene, rng: np.random.Generator, bucket: Bucket, day: date) -> dict[str, object]:
    size = bucket.size + bucket.growth * _age(scene, day) + rng.normal(0, bucket.growth)
    size = max(size, 0.1)
    return {
        "bucket": bucket.name,
        "usage_date": str(day),
        "bytes": round(size * GIGABYTE),
        "objects": round(size * 900),
        "class_a": int(rng.poisson(400 * bucket.growth + 20)),
        "class_b": int(rng.poisson(40 * bucket.size + 100)),
    }


def _level(scene: Scene, source: str, day: date) -> dict[str, object]:
    size, growth = LEVELS[source]
    size += growth * _age(scene, day)
    return {
        "source": source,
        "recorded_at": min(clock.midnight(day) + DAY // 2, scene.present),
        "bytes": round(size * GIGABYTE),
        "items": round(size * 40_000),
        **{kind: round(size * by[source]) if source in by else None for kind, by in USE.items()},
    }


def _write_objects(book: Book, scene: Scene, month: Month) -> None:
    rng = scene.random("r2_objects", month)
    moment = clock.moments(scene, month, rng, OBJECTS)
    moment, bucket = _while_existing(scene, rng, moment)
    names = book.numbers("object", len(moment))
    book.columns(
        "r2_objects",
        bucket=[BUCKETS[b].name for b in bucket],
        key=[f"{month.name}/{name}" for name in names],
        size=rng.lognormal(12.5, 1.6, len(moment)).astype(np.int64),
        content_type=rng.choice(KINDS, len(moment)),
        uploaded_at=clock.iso(moment),
    )


def _while_existing(
    scene: Scene, rng: np.random.Generator, moment: Seconds
) -> tuple[Seconds, Indexes]:
    bucket = rng.integers(0, len(BUCKETS), len(moment))
    exists = moment > np.array([scene.ago(b.born) for b in BUCKETS])[bucket]
    return moment[exists], bucket[exists]


def _write_images(book: Book, scene: Scene, month: Month) -> None:
    rng = scene.random("cloudflare_images", month)
    moment = clock.moments(scene, month, rng, IMAGES)
    count = len(moment)
    names = book.numbers("img", count)
    ids = np.array([project.id for project in projects.PROJECTS])
    book.columns(
        "cloudflare_images",
        id=names,
        project_id=ids[projects.pick(scene, month, rng, count)],
        filename=[f"{name}.webp" for name in names],
        bytes=rng.lognormal(11.5, 0.8, count).astype(np.int64),
        variants=1 + rng.poisson(2, count),
        requests=rng.poisson(300, count),
        uploaded_at=clock.text(moment),
    )


def _bucket(scene: Scene, number: int) -> dict[str, object]:
    bucket = BUCKETS[number]
    return {
        "id": f"bkt_{number + 1}",
        "name": bucket.name,
        "project_id": bucket.project,
        "location": ["ENAM", "WNAM", "WEUR"][number % 3],
        "storage_class": "InfrequentAccess" if bucket.name == "backups" else "Standard",
        "created_at": clock.one_iso(scene.ago(bucket.born)),
    }
