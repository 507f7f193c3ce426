-- name: open_spend_alerts
-- Open alerts recorded in the database, latest first.
-- returns: at instant, severity text, message text
-- optional: spend_alert.severity, spend_alert.status, spend_alert.resolved
-- optional: spend_alert.is_resolved, spend_alert.is_seen
SELECT
    spend_alert.at AS at,
    spend_alert.severity AS severity,
    spend_alert.message AS message
FROM spend_alert
WHERE
    spend_alert.resolved IS NULL
    AND NOT coalesce(spend_alert.is_resolved, 0)
    AND NOT coalesce(spend_alert.is_seen, 0)
    AND meaning('advice', spend_alert.status) = 'Open'
ORDER BY spend_alert.at_order DESC, spend_alert.message, spend_alert.severity
LIMIT :limit

-- name: worker_errors
-- Requests with a known outcome in the period, and how many failed.
-- returns: requests integer, errors integer
-- needs: worker_log.status or worker_log.outcome or worker_hour.errors or tracked_hour.errors
SELECT
    coalesce(sum(worker_request.times - worker_request.untold), 0) AS requests,
    sum(worker_request.errors) AS errors
FROM worker_request

-- name: stored_bytes
-- Last storage measurement of each bucket in the period, with its day.
-- returns: bucket text, day date, bytes number
-- needs: bucket_usage.bytes
SELECT
    bucket_level.bucket AS bucket,
    max(bucket_level.day) AS day,
    bucket_level.bytes AS bytes
FROM bucket_level
GROUP BY bucket_level.bucket
ORDER BY bucket_level.bytes DESC, bucket_level.bucket

-- name: tokens_used
-- Tokens in the period: the total, input and output.
-- returns: tokens number, input_tokens number, output_tokens number
-- needs: model_usage.total_tokens or model_usage.input_tokens or model_usage.output_tokens
SELECT
    sum(token_line.tokens) AS tokens,
    sum(token_line.input_tokens) AS input_tokens,
    sum(token_line.output_tokens) AS output_tokens
FROM token_line

-- name: newest_lines
-- Time of the latest entry of each cost source.
-- returns: category text, at instant
-- each: source
-- optional: source
-- needs: source
SELECT
    '{category}' AS category,
    (
        SELECT newest(source.at) FROM source
        [[ unless :copied ORDER BY source.at_stored DESC ]]
        LIMIT 1
    ) AS at
