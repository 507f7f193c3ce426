"""Resource usage: Workers, storage and AI, each in a tab that is loaded when it is opened."""

from meaux.subjects.ai import cards as ai
from meaux.subjects.ai import figures as of_ai
from meaux.subjects.allowances import cards as allowances
from meaux.subjects.allowances import figures as of_allowances
from meaux.subjects.page import row, show, tabs
from meaux.subjects.storage import cards as storage
from meaux.subjects.storage import figures as of_storage
from meaux.subjects.workers import cards as workers
from meaux.subjects.workers import figures as of_workers

WORKERS = (
    row(
        3,
        of_workers.deployed_workers,
        of_workers.requests,
        of_workers.error_rate,
        *of_workers.response_times,
    ),
    workers.requests,
    row(2, workers.error_rate, workers.response_time),
    workers.unusual_days,
    workers.table,
    allowances.workers,
)
STORAGE = (
    row(
        3,
        of_storage.stored,
        of_storage.growth,
        of_storage.objects,
        of_storage.gb_month,
        of_allowances.storage_cost,
        of_storage.images,
    ),
    storage.growth,
    row(2, storage.over_time, storage.by_bucket, storage.other, storage.images),
    storage.table,
    storage.newest_objects,
    allowances.storage,
)
AI = (
    row(
        3,
        of_ai.input_tokens,
        of_ai.output_tokens,
        of_ai.ai_requests,
        of_ai.model_cost,
        of_ai.cost_per_thousand,
        of_ai.conversations,
    ),
    ai.by_model,
    row(2, ai.by_day, ai.by_week, ai.cost, ai.cost_by_model),
    ai.table,
    allowances.ai,
)

show(tabs({"Workers": WORKERS, "Storage": STORAGE, "AI": AI}))
