"""R2: the buckets, and per day how full they are and how often they are used.

Documented at developers.cloudflare.com/r2/platform/metrics-analytics: 31 days, sampled. Which
operations are of class A and B is listed at developers.cloudflare.com/r2/pricing; the others are
free and not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from meaux.collect.sources import graphql
from meaux.collect.sources.source import Account, Batch, Source, instant, listed, needed, number
from meaux.collect.tables import BUCKET_USAGE, BUCKETS, Row

PAGE = 1_000
CLASS_A = frozenset(
    {
        *("CompleteMultipartUpload", "CopyObject", "CreateMultipartUpload"),
        *("LifecycleStorageTierTransition", "ListBuckets", "ListMultipartUploads", "ListObjects"),
        *("ListParts", "PutBucket", "PutBucketCors", "PutBucketEncryption"),
        *("PutBucketLifecycleConfiguration", "PutObject", "UploadPart", "UploadPartCopy"),
    }
)
CLASS_B = frozenset(
    {
        *("GetBucketCors", "GetBucketEncryption", "GetBucketLifecycleConfiguration"),
        *("GetBucketLocation", "GetObject", "HeadBucket", "HeadObject", "UsageSummary"),
    }
)
STORED = (
    "r2StorageAdaptiveGroups",
    "dimensions { date bucketName } max { payloadSize metadataSize objectCount }",
)
OPERATIONS = (
    "r2OperationsAdaptiveGroups",
    "dimensions { date bucketName actionType } sum { requests } avg { sampleInterval }",
)


def read_buckets(account: Account, _since: date, _now: datetime) -> Iterator[Batch]:
    """Yield the buckets, a page at a time."""
    cursor: dict[str, str] = {}
    while True:
        answer = account.service.get(f"{account.path}/r2/buckets", per_page=PAGE, **cursor)
        result = answer.get("result")
        buckets = listed(account, result.get("buckets") if isinstance(result, dict) else None)
        yield {BUCKETS.name: [_bucket(account, one) for one in buckets if one.get("name")]}
        following = (answer.get("result_info") or {}).get("cursor")
        if not following or {"cursor": following} == cursor:
            return
        cursor = {"cursor": str(following)}


def _bucket(account: Account, one: dict[str, Any]) -> Row:
    made = one.get("creation_date")
    return {
        "id": str(one["name"]),
        "name": str(one["name"]),
        "location": one.get("location"),
        "storage_class": one.get("storage_class"),
        "created_at": instant(account, made) if made else None,
    }


def read_usage(account: Account, since: date, now: datetime) -> Iterator[Batch]:
    """Yield the days of all buckets."""
    last = now.astimezone(UTC).date()
    days: dict[tuple[date, str], dict[str, Any]] = {}
    for one in graphql.days(account, *STORED, since, last):
        most = one.get("max") or {}
        _of(account, one, days).update(
            bytes=sum(needed(account, most.get(name)) for name in ("payloadSize", "metadataSize")),
            objects=number(account, most.get("objectCount")),
        )
    for one in graphql.days(account, *OPERATIONS, since, last):
        _add(account, one, _of(account, one, days))
    yield {BUCKET_USAGE.name: [days[key] for key in sorted(days)]}


def _add(account: Account, one: dict[str, Any], day: dict[str, Any]) -> None:
    """Add the operations of one kind to a day of a bucket."""
    action = one["dimensions"].get("actionType")
    times = needed(account, (one.get("sum") or {}).get("requests"))
    interval = number(account, (one.get("avg") or {}).get("sampleInterval"))
    for name, actions in (("class_a", CLASS_A), ("class_b", CLASS_B)):
        day[name] = day.get(name, 0) + (times if action in actions else 0)
    known = [value for value in (day.get("sample_interval"), interval) if value is not None]
    day["sample_interval"] = max(known, default=None)


def _of(
    account: Account, one: dict[str, Any], days: dict[tuple[date, str], dict[str, Any]]
) -> dict[str, Any]:
    """Return the row of an answer's day and bucket."""
    match one.get("dimensions"):
        case {"date": told, "bucketName": str(bucket)}:
            day = instant(account, told).date()
            return days.setdefault((day, bucket), {"bucket": bucket, "usage_date": day})
    raise account.service.unreadable("R2 usage lacks its date or bucket")


BUCKET_LIST = Source("buckets", "cloudflare", "Workers R2 Storage Read", (BUCKETS,), read_buckets)
USAGE = Source(
    "bucket_usage", "cloudflare", "Account Analytics Read", (BUCKET_USAGE,), read_usage, days=30
)
