-- name: open_spend_alerts
-- Alerts that the database recorded and nobody has closed, newest first.
-- returns: at instant, severity text, message text
-- optional: spend_alert.severity, spend_alert.status, spend_alert.resolved
SELECT
    spend_alert.at AS at,
    spend_alert.severity AS severity,
    spend_alert.message AS message
FROM spend_alert
WHERE
    spend_alert.resolved IS NULL
    AND coalesce(spend_alert.status, 'open')
    NOT IN ('resolved', 'closed', 'dismissed', 'acknowledged')
ORDER BY spend_alert.at_stored DESC
LIMIT :limit

-- name: worker_errors
-- Requests that the Workers answered in the period, and how many of them failed.
-- A failure is a status of 500 or more or an exception; a client that went away is none.
-- returns: requests integer, errors integer
-- optional: worker_log.outcome
-- needs: worker_log.status or worker_log.outcome
-- optional: worker_log.status
SELECT
    count(*) AS requests,
    count(*) FILTER (
        WHERE
        worker_log.status >= 500
        OR worker_log.outcome IN (
            'exception',
            'scriptthrewexception',
            'exceededcpu',
            'exceededmemory',
            'exceededresources',
            'internalerror'
        )
    ) AS errors
FROM worker_log
WHERE in_period(worker_log.at)

-- name: stored_bytes
-- How full each bucket was when its level was last recorded in the period.
-- returns: bucket text, bytes number
-- needs: bucket_usage.bytes
SELECT
    level.bucket AS bucket,
    level.bytes AS bytes
FROM (
    SELECT
        bucket_usage.bucket AS bucket,
        bucket_usage.bytes AS bytes,
        row_number() OVER (
            PARTITION BY bucket_usage.bucket
            ORDER BY bucket_usage.at_stored DESC
        ) AS place
    FROM bucket_usage
    WHERE in_period(bucket_usage.at)
) AS level
WHERE level.place = 1
ORDER BY level.bytes DESC

-- name: tokens_used
-- Tokens that went into and came out of the models in the period.
-- returns: tokens number
-- optional: model_usage.input_tokens, model_usage.output_tokens, model_usage.total_tokens
-- needs: model_usage.total_tokens or model_usage.input_tokens or model_usage.output_tokens
SELECT
    sum(
        coalesce(
            model_usage.total_tokens,
            coalesce(model_usage.input_tokens, 0) + coalesce(model_usage.output_tokens, 0)
        )
    ) AS tokens
FROM model_usage
WHERE in_period(model_usage.at)

-- name: newest_lines
-- When the newest line of each source of cost is dated.
-- returns: category text, at instant
-- optional: time_entry, ai_usage, infrastructure_usage
-- needs: time_entry or ai_usage or infrastructure_usage
SELECT
    'Time' AS category,
    (
        SELECT time_entry.started FROM time_entry
        ORDER BY time_entry.started_stored DESC
        LIMIT 1
    ) AS at
UNION ALL
SELECT
    'AI' AS category,
    (
        SELECT ai_usage.at FROM ai_usage
        ORDER BY ai_usage.at_stored DESC
        LIMIT 1
    ) AS at
UNION ALL
SELECT
    'Infrastructure' AS category,
    (
        SELECT infrastructure_usage.at FROM infrastructure_usage
        ORDER BY infrastructure_usage.at_stored DESC
        LIMIT 1
    ) AS at
