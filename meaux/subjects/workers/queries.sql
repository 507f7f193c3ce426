-- view: worker_word
-- Each name that a log may use for a Worker of the registry, and the Worker's project.
-- optional: worker.name, worker.script
SELECT DISTINCT
    CASE form.value
        WHEN 0 THEN worker.id
        WHEN 1 THEN lower(worker.name)
        WHEN 2 THEN worker.name
        WHEN 3 THEN lower(worker.script)
        WHEN 4 THEN worker.script
    END AS word,
    worker.project AS project
FROM worker
CROSS JOIN json_each('[0,1,2,3,4]') AS form

-- view: worker_alias
-- Each name that a log may use for a Worker of the registry, and the Worker's ID.
-- optional: worker, worker.name, worker.script
SELECT DISTINCT
    CASE form.value
        WHEN 0 THEN worker.id
        WHEN 1 THEN lower(worker.name)
        WHEN 2 THEN worker.name
        WHEN 3 THEN lower(worker.script)
        WHEN 4 THEN worker.script
    END AS word,
    worker.id AS id
FROM worker
CROSS JOIN json_each('[0,1,2,3,4]') AS form

-- view: chosen_worker
-- Each name of the selected Workers, as a log may use it.
-- optional: worker_stat, worker_stat.name
SELECT chosen.value AS word
FROM json_each(:workers) AS chosen
UNION
SELECT lower(chosen.value) AS word
FROM json_each(:workers) AS chosen
UNION
SELECT worker_alias.word AS word
FROM worker_alias
WHERE
    worker_alias.id IN (
        SELECT same.id FROM worker_alias AS same
        WHERE same.word IN (SELECT value FROM json_each(:workers))
    )
UNION
SELECT worker_stat.id AS word
FROM worker_stat
WHERE worker_stat.name IN (SELECT value FROM json_each(:workers))

-- view: tracked_name
-- Each name under which a Worker is tracked, as stored, with its first and last hour. The primary key begins with the name, so this reads a few rows per Worker.
-- optional: tracked_hour
[[ unless :copied WITH found (stored) AS (
    SELECT min(tracked_hour.worker_stored) AS stored
    FROM tracked_hour
    UNION ALL
    SELECT (
        SELECT min(tracked_hour.worker_stored) FROM tracked_hour
        WHERE tracked_hour.worker_stored > found.stored
    ) AS stored
    FROM found
    WHERE found.stored IS NOT NULL
)

SELECT
    found.stored AS stored,
    (
        SELECT tracked_hour.worker FROM tracked_hour
        WHERE tracked_hour.worker_stored = found.stored
        LIMIT 1
    ) AS worker,
    (
        SELECT tracked_hour.at FROM tracked_hour
        WHERE tracked_hour.worker_stored = found.stored
        ORDER BY tracked_hour.at_order
        LIMIT 1
    ) AS since,
    (
        SELECT tracked_hour.at FROM tracked_hour
        WHERE tracked_hour.worker_stored = found.stored
        ORDER BY tracked_hour.at_order DESC
        LIMIT 1
    ) AS until
FROM found
WHERE found.stored IS NOT NULL ]]
[[ SELECT
    tracked_hour.worker_stored AS stored,
    min(tracked_hour.worker) AS worker,
    min(tracked_hour.at) AS since,
    max(tracked_hour.at) AS until
FROM tracked_hour
WHERE tracked_hour.worker_stored IS NOT NULL AND :copied <> ''
GROUP BY tracked_hour.worker_stored ]]

-- view: tracked_worker
-- The same, with the ID of the Worker in the registry, otherwise its name; `since` and `until` are
-- the first and last hour under any of its names.
SELECT
    known.stored AS stored,
    known.worker AS worker,
    known.id AS id,
    min(known.since) OVER (PARTITION BY known.id) AS since,
    max(known.until) OVER (PARTITION BY known.id) AS until
FROM (
    SELECT
        tracked_name.stored,
        tracked_name.worker,
        tracked_name.since,
        tracked_name.until,
        coalesce(alias.id, tracked_name.worker, '') AS id
    FROM tracked_name
    LEFT JOIN (
        SELECT
            worker_alias.word AS word,
            min(worker_alias.id) AS id
        FROM worker_alias
        GROUP BY worker_alias.word
    ) AS alias ON alias.word = tracked_name.worker
) AS known

-- view: tracked_word
-- Each name of a tracked Worker, also in other tables: its ID, its first and its last tracked hour.
SELECT
    named.word AS word,
    min(named.id) AS id,
    min(named.since) AS since,
    max(named.until) AS until
FROM (
    SELECT
        coalesce(worker_alias.word, tracked_worker.worker) AS word,
        tracked_worker.id,
        tracked_worker.since,
        tracked_worker.until
    FROM tracked_worker
    LEFT JOIN worker_alias ON tracked_worker.id = worker_alias.id
) AS named
GROUP BY named.word

-- view: hour_span
-- The first and the last hour of all Workers that Cloudflare's hours cover.
-- optional: worker_hour
SELECT
    (
        SELECT worker_hour.at FROM worker_hour
        WHERE worker_hour.at_order > 0
        ORDER BY worker_hour.at_order
        LIMIT 1
    ) AS since,
    (
        SELECT worker_hour.at FROM worker_hour
        WHERE worker_hour.at_order > 0
        ORDER BY worker_hour.at_order DESC
        LIMIT 1
    ) AS until

-- view: other_line
-- The Workers and times of all requests in the period that count if nothing is tracked.
-- optional: worker_log
SELECT
    worker_log.worker AS worker,
    worker_log.at AS at
FROM worker_log
WHERE
    in_period(worker_log.at)
    [[ with worker_hour: AND NOT coalesce(
        worker_log.at >= (SELECT hour_span.since FROM hour_span)
        AND worker_log.at < (SELECT hour_span.until FROM hour_span) + 3600,
        FALSE
    ) ]]
[[ with worker_hour:
UNION ALL
SELECT
    worker_hour.worker AS worker,
    worker_hour.at AS at
FROM worker_hour
WHERE
    in_period(worker_hour.at)
    AND worker_hour.requests_stored > 0
]]

-- view: tracked_line
-- Every tracked hour in the period that counts. A Worker's first hour counts only if no other table
-- has requests of that Worker in it: tracking began during that hour. Two sources of an hour have
-- counted the same requests, so only one of them counts.
-- optional: tracked_hour.errors, tracked_hour.durations, tracked_hour.source, tracked_hour.project
-- optional: tracked_hour.status
SELECT
    counted.local_day AS local_day,
    counted.at AS at,
    counted.worker AS worker,
    counted.status AS status,
    counted.requests AS requests,
    iif(counted.errors BETWEEN 0 AND counted.requests, counted.errors, NULL) AS errors,
    counted.durations AS durations
FROM (
    SELECT
        tracked_hour.at_day AS local_day,
        tracked_hour.at AS at,
        tracked_hour.worker AS worker,
        tracked_hour.status AS status,
        tracked_hour.project AS project,
        cast(tracked_hour.requests_stored AS INTEGER) AS requests,
        cast(tracked_hour.errors_stored AS INTEGER) AS errors,
        tracked_hour.durations_stored AS durations,
        tracked_worker.id AS id,
        tracked_worker.since AS since,
        tracked_hour.source AS source,
        min(CASE tracked_hour.source WHEN 'track' THEN '1' WHEN 'tail' THEN '2' ELSE '3' END)
            OVER (PARTITION BY tracked_worker.id, tracked_hour.at) AS best
    FROM tracked_worker
    CROSS JOIN tracked_hour
    WHERE
        tracked_hour.worker_stored = tracked_worker.stored
        AND in_period(tracked_hour.at)
        AND tracked_hour.requests_stored > 0
) AS counted
WHERE
    counted.best = CASE counted.source WHEN 'track' THEN '1' WHEN 'tail' THEN '2' ELSE '3' END
    AND (
        counted.at > counted.since
        OR counted.id NOT IN (
            SELECT tracked_word.id
            FROM other_line
            CROSS JOIN tracked_word
            WHERE
                tracked_word.word = other_line.worker
                AND other_line.at >= tracked_word.since
                AND other_line.at < tracked_word.since + 3600
        )
    )
    [[ AND :workers <> '' AND counted.worker IN (SELECT chosen_worker.word FROM chosen_worker) ]]
    [[ AND (
        counted.project IN (SELECT value FROM json_each(:projects))
        OR (counted.project IS NULL AND counted.worker IN (
            SELECT worker_word.word FROM worker_word
            WHERE worker_word.project IN (SELECT value FROM json_each(:projects))
        ))
    ) ]]
    [[ AND (
        counted.project IN (
            SELECT project.id FROM project
            WHERE project.team IN (SELECT value FROM json_each(:teams))
        )
        OR (counted.project IS NULL AND counted.worker IN (
            SELECT worker_word.word FROM worker_word
            WHERE worker_word.project IN (
                SELECT project.id FROM project
                WHERE project.team IN (SELECT value FROM json_each(:teams))
            )
        ))
    ) ]]

-- view: hour_line
-- Every hour in the period that Cloudflare counted; `counts` is 0 if its requests are tracked.
-- optional: worker_hour.errors, worker_hour.sample_interval, worker_hour.cpu_ms, worker_hour.p25
-- optional: worker_hour.p50, worker_hour.p75, worker_hour.p90, worker_hour.p95, worker_hour.p99
-- optional: worker_hour.p999
SELECT
    worker_hour.at_day AS local_day,
    worker_hour.at AS at,
    worker_hour.worker AS worker,
    cast(worker_hour.requests_stored AS INTEGER) AS requests,
    iif(
        worker_hour.errors_stored BETWEEN 0 AND worker_hour.requests_stored,
        cast(worker_hour.errors_stored AS INTEGER),
        NULL
    ) AS errors,
    1 [[ with tracked_hour: - coalesce(
        worker_hour.at > tracked_word.since AND worker_hour.at <= tracked_word.until, 0
    ) ]] AS counts,
    max(coalesce(cast(worker_hour.sample_interval_stored AS REAL), 1), 1) AS sample_interval,
    cast(worker_hour.cpu_ms_stored AS REAL) AS cpu_ms,
    cast(coalesce(worker_hour.p25_stored, worker_hour.p50_stored) AS REAL) AS p25,
    cast(worker_hour.p50_stored AS REAL) AS p50,
    cast(worker_hour.p75_stored AS REAL) AS p75,
    cast(worker_hour.p90_stored AS REAL) AS p90,
    cast(worker_hour.p95_stored AS REAL) AS p95,
    cast(worker_hour.p99_stored AS REAL) AS p99,
    cast(coalesce(worker_hour.p999_stored, worker_hour.p99_stored) AS REAL) AS p999
FROM worker_hour
[[ with tracked_hour: LEFT JOIN tracked_word ON worker_hour.worker = tracked_word.word ]]
WHERE
    in_period(worker_hour.at)
    AND worker_hour.requests_stored > 0
    [[ AND :workers <> '' AND worker_hour.worker IN (SELECT chosen_worker.word FROM chosen_worker) ]]
    [[ AND worker_hour.worker IN (
        SELECT worker_word.word FROM worker_word
        WHERE worker_word.project IN (SELECT value FROM json_each(:projects))
    ) ]]
    [[ AND worker_hour.worker IN (
        SELECT worker_word.word FROM worker_word
        WHERE worker_word.project IN (
            SELECT project.id FROM project
            WHERE project.team IN (SELECT value FROM json_each(:teams))
        )
    ) ]]

-- view: log_line
-- Every logged request in the period outside Cloudflare's hours; `counts` is 0 if it is tracked.
-- Failed: status 500 or higher, or an exception. A client disconnect is not a failure. Without a
-- numeric status and a known outcome, the outcome is unknown. A sampled row represents as many
-- requests as it says.
-- optional: worker_log, worker_log.status, worker_log.outcome, worker_log.duration_ms
-- optional: worker_log.cpu_ms, worker_log.stands_for, worker_log.errors, worker_log.key
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
    worker_log.at_order AS place,
    worker_log.key AS key,
    worker_log.key_order AS key_order,
    iif(worker_log.stands_for > 1, cast(round(worker_log.stands_for) AS INTEGER), 1) AS stands_for,
    1 [[ with tracked_hour: - coalesce(
        worker_log.at >= tracked_word.since + 3600 AND worker_log.at < tracked_word.until + 3600, 0
    ) ]] AS counts
FROM worker_log
[[ with tracked_hour: LEFT JOIN tracked_word ON worker_log.worker = tracked_word.word ]]
WHERE
    in_page(worker_log.at)
    [[ with worker_hour: AND NOT coalesce(
        worker_log.at >= (SELECT hour_span.since FROM hour_span)
        AND worker_log.at < (SELECT hour_span.until FROM hour_span) + 3600,
        FALSE
    ) ]]
    [[ AND :workers <> '' AND worker_log.worker IN (SELECT chosen_worker.word FROM chosen_worker) ]]
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

-- view: log_request
-- Logged requests as `worker_request` and `timed_request` return them.
SELECT
    logged.local_day AS local_day,
    logged.local_day < :comparable_end AS comparable,
    logged.at AS at,
    logged.worker AS worker,
    logged.stands_for * logged.counts AS times,
    logged.stands_for * logged.counts * logged.failed AS errors,
    logged.stands_for * logged.counts * (logged.failed IS NULL) AS untold,
    logged.bucket AS bucket,
    logged.stands_for * logged.counts * (logged.bucket IS NOT NULL) AS timed,
    logged.stands_for * logged.cpu_ms AS cpu_ms,
    logged.counts AS lines,
    'worker_log' AS source
FROM (
    SELECT
        log_line.local_day,
        log_line.at,
        log_line.worker,
        log_line.stands_for,
        log_line.counts,
        log_line.failed,
        log_line.cpu_ms,
        CASE
            WHEN log_line.duration_ms >= 0.001 THEN floor(ln(log_line.duration_ms) / ln(1.04))
            WHEN log_line.duration_ms = 0 AND log_line.failed THEN NULL
            WHEN log_line.duration_ms >= 0 THEN -178
        END AS bucket
    FROM log_line
) AS logged

-- view: worker_request
-- Requests of Workers in the period, each counted once: tracked hours, otherwise Cloudflare's hours,
-- otherwise logged requests, as `source` says. `times` requests, `timed` of them in the bucket of
-- their duration, `errors` failed, `untold` without a known outcome; `lines` were measured. Bucket n
-- holds durations from 1.04^n up to 1.04^(n+1) milliseconds; the lowest one holds those below a
-- microsecond. A failure with a duration of 0 has no duration: it failed before it began. The
-- durations of hours are in `tracked_duration` and `hour_duration`.
SELECT
    log_request.local_day AS local_day,
    log_request.comparable AS comparable,
    log_request.at AS at,
    log_request.worker AS worker,
    log_request.times AS times,
    log_request.errors AS errors,
    log_request.untold AS untold,
    log_request.bucket AS bucket,
    log_request.timed AS timed,
    log_request.cpu_ms AS cpu_ms,
    log_request.lines AS lines,
    log_request.source AS source
FROM log_request
[[ with worker_hour:
UNION ALL
SELECT
    hour_line.local_day AS local_day,
    hour_line.local_day < :comparable_end AS comparable,
    hour_line.at AS at,
    hour_line.worker AS worker,
    hour_line.requests * hour_line.counts AS times,
    hour_line.errors * hour_line.counts AS errors,
    hour_line.requests * hour_line.counts * (hour_line.errors IS NULL) AS untold,
    NULL AS bucket,
    0 AS timed,
    hour_line.cpu_ms AS cpu_ms,
    cast(round(hour_line.requests * hour_line.counts / hour_line.sample_interval) AS INTEGER)
        AS lines,
    'worker_hour' AS source
FROM hour_line
]]
[[ with tracked_hour:
UNION ALL
SELECT
    tracked_line.local_day AS local_day,
    tracked_line.local_day < :comparable_end AS comparable,
    tracked_line.at AS at,
    tracked_line.worker AS worker,
    tracked_line.requests AS times,
    tracked_line.errors AS errors,
    tracked_line.requests * (tracked_line.errors IS NULL) AS untold,
    NULL AS bucket,
    0 AS timed,
    NULL AS cpu_ms,
    tracked_line.requests AS lines,
    'tracked_hour' AS source
FROM tracked_line
]]

-- view: tracked_duration
-- Tracked requests: a row of all of an hour, then their durations, counted per bucket.
SELECT
    tracked_line.local_day AS local_day,
    tracked_line.at AS at,
    tracked_line.worker AS worker,
    iif(duration.key = 'all', tracked_line.requests, 0) AS times,
    iif(duration.key = 'all', tracked_line.errors, NULL) AS errors,
    iif(duration.key = 'all', tracked_line.requests * (tracked_line.errors IS NULL), 0) AS untold,
    iif(duration.key = 'all', NULL, cast(duration.key AS INTEGER)) AS bucket,
    iif(duration.key = 'all', 0, cast(duration.value AS INTEGER)) AS timed
FROM tracked_line
CROSS JOIN
    json_each(json_set(
        CASE
            WHEN NOT json_valid(tracked_line.durations) THEN '{}'
            WHEN json_type(tracked_line.durations) = 'object' THEN tracked_line.durations
            ELSE '{}'
        END,
        '$.all',
        1
    )) AS duration
WHERE
    duration.type = 'integer'
    AND cast(duration.value AS INTEGER) BETWEEN 1 AND tracked_line.requests
    AND (duration.key = 'all' OR duration.key = cast(cast(duration.key AS INTEGER) AS TEXT))
    AND cast(duration.key AS INTEGER) BETWEEN -178 AND 1000

-- view: hour_duration
-- Requests of Cloudflare's hours: a row of all of an hour, then their durations, estimated from
-- percentiles. Between two of them, an hour's
-- requests are spread in four steps over the logarithm of the duration; if the upper one is more than
-- three times the lower one, half of them are at each. The counts of an hour add up to its requests. Hours with fewer than 100 measured requests have none: their
-- percentiles say too little.
SELECT
    spread.local_day AS local_day,
    spread.at AS at,
    spread.worker AS worker,
    spread.times AS times,
    spread.errors AS errors,
    spread.untold AS untold,
    spread.lines AS lines,
    spread.cpu_ms AS cpu_ms,
    cast(floor(
        ln(iif(
            spread.high > 3 * spread.low,
            iif(spread.step > 1, spread.high, spread.low),
            spread.low * pow(spread.high / spread.low, 0.125 + spread.step * 0.25)
        )) / ln(1.04)
    ) AS INTEGER) AS bucket,
    spread.timed AS timed
FROM (
    SELECT
        hour_line.local_day,
        hour_line.at,
        hour_line.worker,
        iif(part.key = 'all', hour_line.requests * hour_line.counts, 0) AS times,
        iif(part.key = 'all', hour_line.errors * hour_line.counts, NULL) AS errors,
        iif(
            part.key = 'all',
            hour_line.requests * hour_line.counts * (hour_line.errors IS NULL),
            0
        ) AS untold,
        iif(
            part.key = 'all',
            cast(
                round(hour_line.requests * hour_line.counts / hour_line.sample_interval) AS INTEGER
            ),
            0
        ) AS lines,
        iif(part.key = 'all', hour_line.cpu_ms, NULL) AS cpu_ms,
        step.value AS step,
        max(CASE part.key
            WHEN 'all' THEN NULL
            WHEN '0' THEN hour_line.p25
            WHEN '250' THEN hour_line.p25
            WHEN '500' THEN hour_line.p50
            WHEN '750' THEN hour_line.p75
            WHEN '900' THEN hour_line.p90
            WHEN '950' THEN hour_line.p95
            WHEN '990' THEN hour_line.p99
            ELSE hour_line.p999
        END, 0.00094) AS low,
        max(CASE part.key
            WHEN 'all' THEN NULL
            WHEN '0' THEN hour_line.p25
            WHEN '250' THEN hour_line.p50
            WHEN '500' THEN hour_line.p75
            WHEN '750' THEN hour_line.p90
            WHEN '900' THEN hour_line.p95
            WHEN '950' THEN hour_line.p99
            ELSE hour_line.p999
        END, 0.00094) AS high,
        round(
            hour_line.requests
            * (4 * cast(part.key AS INTEGER) + (step.value + 1) * part.value) / 4000.0
        ) - round(
            hour_line.requests
            * (4 * cast(part.key AS INTEGER) + step.value * part.value) / 4000.0
        ) AS timed
    FROM hour_line
    CROSS JOIN
        json_each(
            '{"all":0,"0":250,"250":250,"500":250,"750":150,"900":50,"950":40,"990":9,"999":1}'
        ) AS part
    CROSS JOIN json_each('[0,1,2,3]') AS step
    WHERE
        (part.key = 'all' AND step.value = 0)
        OR (
            part.key <> 'all'
            AND hour_line.counts
            AND hour_line.requests >= 100 * hour_line.sample_interval
            AND hour_line.p25 >= 0
            AND hour_line.p75 >= hour_line.p50
            AND hour_line.p90 >= hour_line.p75
            AND hour_line.p95 >= hour_line.p90
            AND hour_line.p99 >= hour_line.p95
        )
) AS spread
WHERE spread.timed > 0 OR spread.low IS NULL

-- view: untracked_request
-- Requests that are logged or in Cloudflare's hours, with the durations of hours in rows of their
-- own, without `times`.
SELECT
    log_request.local_day AS local_day,
    log_request.comparable AS comparable,
    log_request.at AS at,
    log_request.worker AS worker,
    log_request.times AS times,
    log_request.errors AS errors,
    log_request.untold AS untold,
    log_request.bucket AS bucket,
    log_request.timed AS timed,
    log_request.cpu_ms AS cpu_ms,
    log_request.lines AS lines,
    log_request.source AS source
FROM log_request
[[ with worker_hour:
UNION ALL
SELECT
    hour_duration.local_day AS local_day,
    hour_duration.local_day < :comparable_end AS comparable,
    hour_duration.at AS at,
    hour_duration.worker AS worker,
    hour_duration.times AS times,
    hour_duration.errors AS errors,
    hour_duration.untold AS untold,
    hour_duration.bucket AS bucket,
    hour_duration.timed AS timed,
    hour_duration.cpu_ms AS cpu_ms,
    hour_duration.lines AS lines,
    'worker_hour' AS source
FROM hour_duration
]]

-- view: timed_request
-- Like `worker_request`, with the durations of hours in rows of their own, without `times`.
SELECT
    untracked_request.local_day AS local_day,
    untracked_request.comparable AS comparable,
    untracked_request.at AS at,
    untracked_request.worker AS worker,
    untracked_request.times AS times,
    untracked_request.errors AS errors,
    untracked_request.untold AS untold,
    untracked_request.bucket AS bucket,
    untracked_request.timed AS timed,
    untracked_request.cpu_ms AS cpu_ms,
    untracked_request.lines AS lines,
    untracked_request.source AS source
FROM untracked_request
[[ with tracked_hour:
UNION ALL
SELECT
    tracked_duration.local_day AS local_day,
    tracked_duration.local_day < :comparable_end AS comparable,
    tracked_duration.at AS at,
    tracked_duration.worker AS worker,
    tracked_duration.times AS times,
    tracked_duration.errors AS errors,
    tracked_duration.untold AS untold,
    tracked_duration.bucket AS bucket,
    tracked_duration.timed AS timed,
    NULL AS cpu_ms,
    tracked_duration.times AS lines,
    'tracked_hour' AS source
FROM tracked_duration
]]

-- view: packed_request
-- Like `timed_request`, but a tracked row has its durations in one text: the requests, then the
-- counts per bucket, as in 20{70:12,71:8}. Unpacking them here would read a row per bucket.
SELECT
    untracked_request.local_day AS local_day,
    untracked_request.at AS at,
    untracked_request.worker AS worker,
    untracked_request.times AS times,
    untracked_request.errors AS errors,
    untracked_request.untold AS untold,
    untracked_request.bucket AS bucket,
    untracked_request.timed AS timed,
    untracked_request.cpu_ms AS cpu_ms,
    untracked_request.lines AS lines,
    untracked_request.source AS source,
    NULL AS durations
FROM untracked_request
[[ with tracked_hour:
UNION ALL
SELECT
    tracked_line.local_day AS local_day,
    tracked_line.at AS at,
    tracked_line.worker AS worker,
    tracked_line.requests AS times,
    tracked_line.errors AS errors,
    tracked_line.requests * (tracked_line.errors IS NULL) AS untold,
    NULL AS bucket,
    0 AS timed,
    NULL AS cpu_ms,
    tracked_line.requests AS lines,
    'tracked_hour' AS source,
    tracked_line.requests || iif(
        json_valid(tracked_line.durations),
        replace(replace(replace(
            json(tracked_line.durations), '":', ':'
        ), ',"', ','), '{"', '{'),
        '{}'
    ) AS durations
FROM tracked_line
]]

-- view: tracked_last
-- The project of the last hour under each name.
-- optional: tracked_hour, tracked_hour.project
SELECT
    tracked_hour.worker_stored AS stored,
    tracked_hour.project AS project,
    max(tracked_hour.at_order) AS place
FROM tracked_hour
GROUP BY tracked_hour.worker_stored

-- view: chosen_tracked
-- The tracked Workers of the selected projects, by the project of their last hour; without one, a
-- Worker has that of the registry.
-- optional: tracked_hour, tracked_hour.project
SELECT
    seen.worker AS worker,
    seen.until AS until
FROM (
    SELECT
        tracked_name.worker,
        tracked_name.until,
        [[ iif(:copied <> '', tracked_last.project, NULL) ]]
        [[ unless :copied (
            SELECT tracked_hour.project FROM tracked_hour
            WHERE tracked_hour.worker_stored = tracked_name.stored
            ORDER BY tracked_hour.at_order DESC
            LIMIT 1
        ) ]] AS project
    FROM tracked_name
    [[ LEFT JOIN tracked_last ON tracked_last.stored = tracked_name.stored AND :copied <> '' ]]
) AS seen
WHERE
    TRUE
    [[ AND :workers <> '' AND seen.worker IN (SELECT chosen_worker.word FROM chosen_worker) ]]
    [[ AND (
        seen.project IN (SELECT value FROM json_each(:projects))
        OR (seen.project IS NULL AND seen.worker IN (
            SELECT worker_word.word FROM worker_word
            WHERE worker_word.project IN (SELECT value FROM json_each(:projects))
        ))
    ) ]]
    [[ AND (
        seen.project IN (
            SELECT project.id FROM project
            WHERE project.team IN (SELECT value FROM json_each(:teams))
        )
        OR (seen.project IS NULL AND seen.worker IN (
            SELECT worker_word.word FROM worker_word
            WHERE worker_word.project IN (
                SELECT project.id FROM project
                WHERE project.team IN (SELECT value FROM json_each(:teams))
            )
        ))
    ) ]]

-- view: listed_log
-- Logged requests that count, as they are listed.
SELECT
    log_line.local_day AS day,
    log_line.at AS at,
    log_line.worker AS worker,
    CASE
        WHEN log_line.failed IS NULL THEN 'Unknown'
        WHEN log_line.failed > 0 THEN 'Failed'
        ELSE 'Answered'
    END AS outcome,
    log_line.stands_for AS requests,
    log_line.stands_for * log_line.failed AS errors,
    log_line.duration_ms AS duration,
    log_line.place AS place,
    log_line.key AS key,
    log_line.key_order AS key_order
FROM log_line
WHERE log_line.counts

-- view: listed_hour
-- Cloudflare's hours that count, as they are listed: one row per Worker and hour; if some of its
-- records lack the number of failures, these are a row of their own.
SELECT
    hour_line.local_day AS day,
    hour_line.at AS at,
    coalesce(hour_line.worker, '') AS worker,
    CASE
        WHEN count(hour_line.errors) = 0 THEN 'Unknown'
        WHEN sum(hour_line.errors) > 0 THEN 'Failed'
        ELSE 'Answered'
    END AS outcome,
    sum(hour_line.requests) AS requests,
    sum(hour_line.errors) AS errors,
    json_array(coalesce(hour_line.worker, ''), hour_line.errors IS NULL) AS key
FROM hour_line
WHERE hour_line.counts
GROUP BY
    hour_line.local_day,
    hour_line.at,
    coalesce(hour_line.worker, ''),
    hour_line.errors IS NULL

-- view: listed_track
-- Tracked hours that count, as they are listed: one row per Worker, hour and status, as in
-- `listed_hour`.
SELECT
    tracked_line.local_day AS day,
    tracked_line.at AS at,
    coalesce(tracked_line.worker, '') AS worker,
    CASE
        WHEN count(tracked_line.errors) = 0 THEN 'Unknown'
        WHEN sum(tracked_line.errors) > 0 THEN 'Failed'
        ELSE 'Answered'
    END AS outcome,
    coalesce(tracked_line.status, '') AS status,
    sum(tracked_line.requests) AS requests,
    sum(tracked_line.errors) AS errors,
    json_array(
        coalesce(tracked_line.worker, ''),
        coalesce(tracked_line.status, ''),
        tracked_line.errors IS NULL
    ) AS key
FROM tracked_line
GROUP BY
    tracked_line.local_day,
    tracked_line.at,
    coalesce(tracked_line.worker, ''),
    coalesce(tracked_line.status, ''),
    tracked_line.errors IS NULL

-- name: request_log_rows
-- One page of the logged requests that count, latest first.
-- returns: day date, at instant, worker text, outcome text, requests integer, errors number
-- returns: duration number, place stored, key text
-- needs: worker_log.key
SELECT
    listed_log.day AS day,
    listed_log.at AS at,
    listed_log.worker AS worker,
    listed_log.outcome AS outcome,
    listed_log.requests AS requests,
    listed_log.errors AS errors,
    listed_log.duration AS duration,
    listed_log.place AS place,
    listed_log.key AS key
FROM listed_log
WHERE
    TRUE
    [[ AND coalesce(listed_log.worker, '') IN (SELECT value FROM json_each(:of_service)) ]]
    [[ AND listed_log.outcome IN (SELECT value FROM json_each(:of_kind)) ]]
ORDER BY listed_log.place DESC, listed_log.key_order DESC
LIMIT :limit

-- name: request_hour_rows
-- One page of Cloudflare's hours that count, latest first.
-- returns: day date, at instant, worker text, outcome text, requests integer, errors number
-- returns: place stored, key text
-- needs: worker_hour
SELECT
    listed_hour.day AS day,
    listed_hour.at AS at,
    listed_hour.worker AS worker,
    listed_hour.outcome AS outcome,
    listed_hour.requests AS requests,
    listed_hour.errors AS errors,
    listed_hour.at AS place,
    listed_hour.key AS key
FROM listed_hour
WHERE
    TRUE
    [[ AND listed_hour.worker IN (SELECT value FROM json_each(:of_service)) ]]
    [[ AND listed_hour.outcome IN (SELECT value FROM json_each(:of_kind)) ]]
    [[ AND (listed_hour.at, listed_hour.key) < (:before, :before_key) ]]
ORDER BY listed_hour.at DESC, listed_hour.key DESC
LIMIT :limit

-- name: request_track_rows
-- One page of the tracked hours that count, latest first.
-- returns: day date, at instant, worker text, status text, outcome text, requests integer
-- returns: errors number, place stored, key text
-- needs: tracked_hour
SELECT
    listed_track.day AS day,
    listed_track.at AS at,
    listed_track.worker AS worker,
    listed_track.status AS status,
    listed_track.outcome AS outcome,
    listed_track.requests AS requests,
    listed_track.errors AS errors,
    listed_track.at AS place,
    listed_track.key AS key
FROM listed_track
WHERE
    TRUE
    [[ AND listed_track.worker IN (SELECT value FROM json_each(:of_service)) ]]
    [[ AND listed_track.outcome IN (SELECT value FROM json_each(:of_kind)) ]]
    [[ AND (listed_track.at, listed_track.key) < (:before, :before_key) ]]
ORDER BY listed_track.at DESC, listed_track.key DESC
LIMIT :limit

-- view: request_row
-- The rows of requests that count, of every source.
SELECT
    listed_log.day AS day,
    'Logged requests' AS source,
    listed_log.worker AS worker,
    listed_log.outcome AS outcome,
    listed_log.requests AS requests,
    listed_log.errors AS errors
FROM listed_log
[[ with worker_hour:
UNION ALL
SELECT
    listed_hour.day AS day,
    'Cloudflare hours' AS source,
    listed_hour.worker AS worker,
    listed_hour.outcome AS outcome,
    listed_hour.requests AS requests,
    listed_hour.errors AS errors
FROM listed_hour
]]
[[ with tracked_hour:
UNION ALL
SELECT
    listed_track.day AS day,
    'Tracked hours' AS source,
    listed_track.worker AS worker,
    listed_track.outcome AS outcome,
    listed_track.requests AS requests,
    listed_track.errors AS errors
FROM listed_track
]]

-- name: request_row_sums
-- Requests that count, failed ones, and the number of rows: per source, Worker and outcome.
-- returns: day date, source text, worker text, outcome text, requests integer, errors number
-- returns: lines integer
-- needs: worker_log or worker_hour or tracked_hour
SELECT
    per_day(request_row.day) AS day,
    request_row.source AS source,
    request_row.worker AS worker,
    request_row.outcome AS outcome,
    sum(request_row.requests) AS requests,
    sum(request_row.errors) AS errors,
    count(*) AS lines
FROM request_row
GROUP BY
    per_day(request_row.day),
    request_row.source,
    request_row.worker,
    request_row.outcome

-- name: request_sums
-- Requests per day and source, with failures, unknown outcomes, CPU milliseconds, the latest request
-- and the number of measured requests; from the requested days on per Worker, and per duration
-- bucket. Tracked requests are always per Worker, with packed durations (`packed_request`). Other
-- queries are added up from its rows.
-- returns: day date, source text, worker text, bucket integer, requests integer, timed integer
-- returns: errors integer, untold integer, cpu_ms number, last_request instant, lines integer
-- returns: durations text
-- needs: worker_log or worker_hour or tracked_hour
SELECT
    keyed.day AS day,
    keyed.source AS source,
    keyed.worker AS worker,
    keyed.bucket AS bucket,
    sum(keyed.times) AS requests,
    cast(sum(keyed.timed) AS INTEGER) AS timed,
    cast(round(sum(keyed.errors)) AS INTEGER) AS errors,
    sum(keyed.untold) AS untold,
    sum(keyed.cpu_ms) AS cpu_ms,
    max(keyed.at) FILTER (WHERE keyed.times > 0) AS last_request,
    sum(keyed.lines) AS lines,
    group_concat(keyed.durations) AS durations
FROM (
    SELECT
        packed_request.local_day AS day,
        packed_request.source,
        CASE
            WHEN packed_request.durations IS NOT NULL THEN packed_request.worker
            [[ WHEN packed_request.local_day >= :by_worker THEN packed_request.worker ]]
        END AS worker,
        CASE
            WHEN FALSE THEN NULL
            [[ WHEN packed_request.local_day >= :by_bucket THEN packed_request.bucket ]]
        END AS bucket,
        packed_request.times,
        packed_request.timed,
        packed_request.errors,
        packed_request.untold,
        packed_request.cpu_ms,
        packed_request.at,
        packed_request.lines,
        CASE
            WHEN FALSE THEN NULL
            [[ WHEN packed_request.local_day >= :by_bucket THEN packed_request.durations ]]
        END AS durations
    FROM packed_request
) AS keyed
GROUP BY keyed.day, keyed.source, keyed.worker, keyed.bucket

-- name: requests_over_time
-- Requests per time step (day, week or month), source and duration bucket, with failures and
-- requests of unknown outcome (`untold`), also for the complete days. `timed` requests have a
-- duration in the bucket. `lines` is the number of measured requests, less than `requests` if they
-- are sampled. `first_day` and `last_day` are those of the source in the step.
-- returns: day date, source text, bucket integer, requests integer, timed integer, errors integer
-- returns: untold integer, comparable_requests integer, comparable_timed integer
-- returns: comparable_errors integer, comparable_untold integer, lines integer, first_day date
-- returns: last_day date
-- needs: worker_log or worker_hour or tracked_hour
SELECT
    CASE :grain
        WHEN 'week' THEN date(timed_request.local_day, '-6 days', 'weekday 1')
        WHEN 'month' THEN substr(timed_request.local_day, 1, 7) || '-01'
        ELSE timed_request.local_day
    END AS day,
    timed_request.source AS source,
    timed_request.bucket AS bucket,
    sum(timed_request.times) AS requests,
    cast(sum(timed_request.timed) AS INTEGER) AS timed,
    cast(round(sum(timed_request.errors)) AS INTEGER) AS errors,
    sum(timed_request.untold) AS untold,
    sum(timed_request.times * timed_request.comparable) AS comparable_requests,
    cast(sum(timed_request.timed * timed_request.comparable) AS INTEGER) AS comparable_timed,
    cast(round(sum(timed_request.errors * timed_request.comparable)) AS INTEGER)
        AS comparable_errors,
    sum(timed_request.untold * timed_request.comparable) AS comparable_untold,
    sum(timed_request.lines) AS lines,
    min(timed_request.local_day) AS first_day,
    max(timed_request.local_day) AS last_day
FROM timed_request
GROUP BY day, timed_request.source, timed_request.bucket

-- name: requests_by_duration
-- Requests in the period per source and duration bucket, with failures and unknown outcomes. `timed`
-- requests have a duration in the bucket.
-- returns: source text, bucket integer, requests integer, timed integer, errors integer
-- returns: untold integer
-- needs: worker_log or worker_hour or tracked_hour
SELECT
    timed_request.source AS source,
    timed_request.bucket AS bucket,
    sum(timed_request.times) AS requests,
    cast(sum(timed_request.timed) AS INTEGER) AS timed,
    cast(round(sum(timed_request.errors)) AS INTEGER) AS errors,
    sum(timed_request.untold) AS untold
FROM timed_request
GROUP BY timed_request.source, timed_request.bucket

-- name: requests_by_worker
-- Requests per Worker, source and duration bucket, with failures, unknown outcomes and the latest
-- request; of an hour, its beginning. `timed` requests have a duration in the bucket; a bucket of
-- hours has no other numbers.
-- returns: worker text, source text, bucket integer, requests integer, timed integer
-- returns: errors integer, untold integer, last_request instant
-- needs: worker_log or worker_hour or tracked_hour
SELECT
    timed_request.worker AS worker,
    timed_request.source AS source,
    timed_request.bucket AS bucket,
    sum(timed_request.times) AS requests,
    cast(sum(timed_request.timed) AS INTEGER) AS timed,
    cast(round(sum(timed_request.errors)) AS INTEGER) AS errors,
    sum(timed_request.untold) AS untold,
    max(timed_request.at) FILTER (WHERE timed_request.times > 0) AS last_request
FROM timed_request
GROUP BY timed_request.worker, timed_request.source, timed_request.bucket

-- name: requests_by_worker_day
-- Requests per day and Worker, with failures and unknown outcomes.
-- returns: day date, worker text, requests integer, errors integer, untold integer
-- needs: worker_log or worker_hour or tracked_hour
SELECT
    timed_request.local_day AS day,
    timed_request.worker AS worker,
    sum(timed_request.times) AS requests,
    cast(round(sum(timed_request.errors)) AS INTEGER) AS errors,
    sum(timed_request.untold) AS untold
FROM timed_request
GROUP BY timed_request.local_day, timed_request.worker

-- name: worker_use
-- Requests and CPU milliseconds of all Workers in the period. Tracking doesn't measure CPU time, so
-- that of tracked requests comes from the other tables.
-- returns: requests integer, cpu_ms number
-- needs: worker_log or worker_hour or tracked_hour
SELECT
    sum(worker_request.times) AS requests,
    sum(worker_request.cpu_ms) AS cpu_ms
FROM worker_request
HAVING count(*) > 0

-- name: known_workers
-- Workers from the list of Workers (`worker`), then those from the lifetime statistics
-- (`worker_stat`) and those that are tracked; a Worker can be in all three.
-- returns: worker text, name text, script text, status text, category text, url text
-- returns: lifetime_requests number, last_request instant, registered integer
-- optional: worker, worker.name, worker.script, worker.status, worker.url
-- optional: worker_stat, worker_stat.name, worker_stat.status, worker_stat.category
-- optional: worker_stat.url, worker_stat.requests, worker_stat.last_request
-- needs: worker or worker_stat or tracked_hour
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
    [[ AND :workers <> '' AND worker.id IN (
        SELECT worker_alias.id FROM worker_alias
        WHERE worker_alias.word IN (SELECT chosen_worker.word FROM chosen_worker)
    ) ]]
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
    [[ AND :workers <> '' AND (
        worker_stat.id IN (SELECT chosen_worker.word FROM chosen_worker)
        OR worker_stat.name IN (SELECT chosen_worker.word FROM chosen_worker)
    ) ]]
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
[[ with tracked_hour:
UNION ALL
SELECT
    chosen_tracked.worker AS worker,
    chosen_tracked.worker AS name,
    NULL AS script,
    NULL AS status,
    NULL AS category,
    NULL AS url,
    NULL AS lifetime_requests,
    chosen_tracked.until AS last_request,
    0 AS registered
FROM chosen_tracked
]]
ORDER BY registered DESC, worker
