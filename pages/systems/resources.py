"""Resource usage: Workers, storage and AI, each in a tab that is loaded when it is opened."""

from meaux import figures
from meaux.cards import ai, allowances, storage, workers
from meaux.page import row, show, tabs

show(
    tabs(
        {
            "Workers": (
                row(
                    3,
                    figures.deployed_workers,
                    figures.requests,
                    figures.error_rate,
                    *figures.response_times,
                ),
                workers.requests,
                row(2, workers.error_rate, workers.response_time),
                workers.table,
                allowances.workers,
            ),
            "Storage": (
                row(
                    3,
                    figures.stored,
                    figures.growth,
                    figures.objects,
                    figures.gb_month,
                    figures.storage_cost,
                    figures.images,
                ),
                storage.growth,
                row(2, storage.over_time, storage.by_bucket, storage.other, storage.images),
                storage.table,
                storage.newest_objects,
                allowances.storage,
            ),
            "AI": (
                row(
                    3,
                    figures.input_tokens,
                    figures.output_tokens,
                    figures.ai_requests,
                    figures.model_cost,
                    figures.cost_per_thousand,
                    figures.conversations,
                ),
                ai.by_model,
                row(2, ai.by_day, ai.by_week, ai.cost, ai.cost_by_model),
                ai.table,
                allowances.ai,
            ),
        }
    )
)
