-- view: worker_word
-- Each name that a log may use for a Worker of the registry, and the Worker's project.
-- optional: worker.name, worker.script
SELECT
    worker.id AS word,
    worker.project AS project
FROM worker
UNION
SELECT
    worker.name AS word,
    worker.project AS project
FROM worker
UNION
SELECT
    worker.script AS word,
    worker.project AS project
FROM worker

-- view: worker_request
-- Every logged request in the period: whether it failed, and the bucket of its duration.
-- Failed: status 500 or higher, or an exception. A client disconnect is not a failure. Without a
-- numeric status and a known outcome, the outcome is unknown. Bucket n holds durations from 1.04^n
-- up to 1.04^(n+1) milliseconds; the lowest one holds those below a microsecond. A failure with a
-- duration of 0 has no duration: it failed before it began. A sampled row, or one of an hour,
-- represents as many requests as it says; of an hour, `failed` is the failed share.
-- optional: worker_log.status, worker_log.outcome, worker_log.duration_ms, worker_log.cpu_ms
-- optional: worker_log.stands_for, worker_log.errors
SELECT
    logged.local_day,
    logged.local_day < :comparable_end AS comparable,
    logged.at,
    logged.worker,
    logged.failed,
    CASE
        WHEN logged.duration_ms >= 0.001 THEN floor(ln(logged.duration_ms) / ln(1.04))
        WHEN logged.duration_ms = 0 AND logged.failed THEN NULL
        WHEN logged.duration_ms >= 0 THEN -178
    END AS bucket,
    logged.cpu_ms,
    logged.times
FROM (
    SELECT
        worker_log.at_day AS local_day,
        worker_log.at AS at,
        worker_log.worker AS worker,
        CASE
            WHEN worker_log.errors BETWEEN 0 AND worker_log.stands_for
                THEN worker_log.errors * 1.0 / worker_log.stands_for
            WHEN worker_log.status >= 500 THEN 1
            ELSE
                CASE meaning('request', worker_log.outcome)
                    WHEN 'Failed' THEN 1
                    WHEN 'Answered' THEN 0
                    ELSE iif(worker_log.status IS NULL, NULL, 0)
                END
        END AS failed,
        worker_log.duration_ms AS duration_ms,
        worker_log.cpu_ms AS cpu_ms,
        iif(worker_log.stands_for > 1, cast(round(worker_log.stands_for) AS INTEGER), 1) AS times
    FROM worker_log
    WHERE
        in_period(worker_log.at)
        [[ AND worker_log.worker IN (
            SELECT worker_word.word FROM worker_word
            WHERE worker_word.project IN (SELECT value FROM json_each(:projects))
        ) ]]
        [[ AND worker_log.worker IN (
            SELECT worker_word.word FROM worker_word
            WHERE worker_word.project IN (
                SELECT project.id FROM project
                WHERE project.team IN (SELECT value FROM json_each(:teams))
            )
        ) ]]
) AS logged

-- name: request_sums
-- Requests per day, with failures, unknown outcomes, CPU milliseconds, the latest request and the
-- number of log entries; from the requested days on per Worker, and per duration bucket. Other
-- queries are added up from its rows.
-- returns: day date, worker text, bucket integer, requests integer, errors integer
-- returns: untold integer, cpu_ms number, last_request instant, lines integer
SELECT
    keyed.day AS day,
    keyed.worker AS worker,
    keyed.bucket AS bucket,
    sum(keyed.times) AS requests,
    cast(round(sum(keyed.times * keyed.failed)) AS INTEGER) AS errors,
    sum(keyed.times * (keyed.failed IS NULL)) AS untold,
    sum(keyed.times * keyed.cpu_ms) AS cpu_ms,
    max(keyed.at) AS last_request,
    count(*) AS lines
FROM (
    SELECT
        worker_request.local_day AS day,
        CASE
            WHEN FALSE THEN NULL
            [[ WHEN worker_request.local_day >= :by_worker THEN worker_request.worker ]]
        END AS worker,
        CASE
            WHEN FALSE THEN NULL
            [[ WHEN worker_request.local_day >= :by_bucket THEN worker_request.bucket ]]
        END AS bucket,
        worker_request.times,
        worker_request.failed,
        worker_request.cpu_ms,
        worker_request.at
    FROM worker_request
) AS keyed
GROUP BY keyed.day, keyed.worker, keyed.bucket

-- name: requests_over_time
-- Requests per time step (day, week or month) and duration bucket, with failures and requests of
-- unknown outcome (`untold`), also for the complete days. `lines` is the number of log entries.
-- returns: day date, bucket integer, requests integer, errors integer, untold integer
-- returns: comparable_requests integer, comparable_errors integer, comparable_untold integer
-- returns: lines integer
SELECT
    CASE :grain
        WHEN 'week' THEN date(worker_request.local_day, '-6 days', 'weekday 1')
        WHEN 'month' THEN substr(worker_request.local_day, 1, 7) || '-01'
        ELSE worker_request.local_day
    END AS day,
    worker_request.bucket AS bucket,
    sum(worker_request.times) AS requests,
    cast(round(sum(worker_request.times * worker_request.failed)) AS INTEGER) AS errors,
    sum(worker_request.times * (worker_request.failed IS NULL)) AS untold,
    sum(worker_request.times * worker_request.comparable) AS comparable_requests,
    cast(round(sum(
        worker_request.times * worker_request.failed * worker_request.comparable
    )) AS INTEGER) AS comparable_errors,
    sum(
        worker_request.times * (worker_request.failed IS NULL) * worker_request.comparable
    ) AS comparable_untold,
    count(*) AS lines
FROM worker_request
GROUP BY day, worker_request.bucket

-- name: requests_by_duration
-- Requests in the period per duration bucket, with failures and unknown outcomes.
-- returns: bucket integer, requests integer, errors integer, untold integer
SELECT
    worker_request.bucket AS bucket,
    sum(worker_request.times) AS requests,
    cast(round(sum(worker_request.times * worker_request.failed)) AS INTEGER) AS errors,
    sum(worker_request.times * (worker_request.failed IS NULL)) AS untold
FROM worker_request
GROUP BY worker_request.bucket

-- name: requests_by_worker
-- Requests per Worker and duration bucket, with failures, unknown outcomes and the latest request.
-- returns: worker text, bucket integer, requests integer, errors integer, untold integer
-- returns: last_request instant
SELECT
    worker_request.worker AS worker,
    worker_request.bucket AS bucket,
    sum(worker_request.times) AS requests,
    cast(round(sum(worker_request.times * worker_request.failed)) AS INTEGER) AS errors,
    sum(worker_request.times * (worker_request.failed IS NULL)) AS untold,
    max(worker_request.at) AS last_request
FROM worker_request
GROUP BY worker_request.worker, worker_request.bucket

-- name: worker_use
-- Requests and CPU milliseconds of all Workers in the period.
-- returns: requests integer, cpu_ms number
SELECT
    sum(worker_request.times) AS requests,
    sum(worker_request.times * worker_request.cpu_ms) AS cpu_ms
FROM worker_request
HAVING count(*) > 0

-- name: known_workers
-- Workers from the list of Workers (`worker`), then those from the lifetime statistics
-- (`worker_stat`); a Worker can be in both.
-- returns: worker text, name text, script text, status text, category text, url text
-- returns: lifetime_requests number, last_request instant, registered integer
-- optional: worker, worker.name, worker.script, worker.status, worker.url
-- optional: worker_stat, worker_stat.name, worker_stat.status, worker_stat.category
-- optional: worker_stat.url, worker_stat.requests, worker_stat.last_request
-- needs: worker or worker_stat
SELECT
    worker.id AS worker,
    worker.name AS name,
    worker.script AS script,
    worker.status AS status,
    NULL AS category,
    worker.url AS url,
    NULL AS lifetime_requests,
    NULL AS last_request,
    1 AS registered
FROM worker
WHERE
    TRUE
    AND of_projects(worker.project)
UNION ALL
SELECT
    worker_stat.id AS worker,
    worker_stat.name AS name,
    NULL AS script,
    worker_stat.status AS status,
    worker_stat.category AS category,
    worker_stat.url AS url,
    worker_stat.requests AS lifetime_requests,
    worker_stat.last_request AS last_request,
    0 AS registered
FROM worker_stat
WHERE
    TRUE
    [[ AND worker_stat.id IN (
        SELECT worker_word.word FROM worker_word
        WHERE worker_word.project IN (SELECT value FROM json_each(:projects))
    ) ]]
    [[ AND worker_stat.id IN (
        SELECT worker_word.word FROM worker_word
        WHERE worker_word.project IN (
            SELECT project.id FROM project
            WHERE project.team IN (SELECT value FROM json_each(:teams))
        )
    ) ]]
ORDER BY registered DESC, worker
