"""Sources: what can be collected, each with its permission, its limits and its tables."""

from meaux.collect.sources import ai_gateway, billing, openai, r2, storage, workers
from meaux.collect.sources.source import Source
from meaux.data.collecting import SourceName

SOURCES: dict[SourceName, Source] = {
    source.name: source
    for source in (
        billing.BILLING,
        workers.REQUESTS,
        workers.SCRIPTS,
        r2.USAGE,
        r2.BUCKET_LIST,
        storage.LEVELS,
        openai.COSTS,
        ai_gateway.LOGS,
    )
}
"""All sources by name, the most useful first."""

__all__ = ["SOURCES", "Source"]
