-- view: timed_entry
-- Every time entry that started in the period, as stored, and the seconds from its start to its
-- end. If the start has a time of day and the end is only a date, the duration is unreadable.
-- The limit keeps SQLite from computing a row's columns anew in every place that names them.
-- optional: time_entry, time_entry.project, time_entry.person, time_entry.key
-- optional: time_entry.ended, time_entry.seconds, time_entry.billable
-- optional: time_entry.cost, time_entry.rate
-- optional: time_entry.currency, time_entry.note, time_entry.pause
SELECT
    time_entry.started_day AS day,
    time_entry.started AS started,
    time_entry.started_timed AS timed,
    time_entry.started_order AS place,
    time_entry.key AS key,
    time_entry.key_order AS key_order,
    time_entry.project AS project,
    known(time_entry.project) AS project_known,
    time_entry.person AS person,
    time_entry.billable AS billable,
    time_entry.seconds AS stored,
    CASE
        WHEN time_entry.ended_timed OR NOT time_entry.started_timed
            THEN time_entry.ended - time_entry.started
    END AS span,
    time_entry.pause AS pause,
    time_entry.ended IS NOT NULL OR NOT known(time_entry.ended) AS has_end,
    coalesce(time_entry.seconds_unread, 0)
    OR coalesce(time_entry.ended_unread, 0)
    OR (
        time_entry.ended IS NOT NULL
        AND time_entry.started_timed
        AND NOT time_entry.ended_timed
    ) AS unread,
    coalesce(time_entry.currency, 'usd') AS currency,
    time_entry.cost AS cost,
    time_entry.cost_foreign AS cost_foreign,
    coalesce(time_entry.cost_unread, 0) AS cost_unread,
    time_entry.rate AS rate,
    time_entry.rate_foreign AS rate_foreign,
    iif(
        coalesce(time_entry.cost, time_entry.rate) IS NULL, time_entry.person_rated, NULL
    ) AS unrated_person,
    time_entry.note AS note
FROM time_entry
WHERE in_page(time_entry.started)
[[ unless :paged LIMIT -1 ]]

-- view: entry
-- Every time entry that started in the period, and the seconds worked in it.
-- Stored seconds of 0 beside a start and an end count as not stored.
-- A break is subtracted from end - start. It is subtracted from stored seconds only if they equal
-- end - start: within a minute, and nearer to it than to end - start - break.
SELECT
    timed_entry.day,
    timed_entry.started,
    timed_entry.timed,
    timed_entry.place,
    timed_entry.key,
    timed_entry.key_order,
    timed_entry.project,
    timed_entry.project_known,
    timed_entry.person,
    timed_entry.billable,
    CASE
        WHEN timed_entry.stored > 0 OR timed_entry.has_end
            THEN
                coalesce(nullif(timed_entry.stored, 0), timed_entry.span, timed_entry.stored)
                - CASE
                    WHEN timed_entry.pause IS NULL OR timed_entry.span IS NULL THEN 0
                    WHEN
                        timed_entry.stored <> 0
                        AND abs(timed_entry.stored - timed_entry.span)
                        > min(60, timed_entry.pause / 2.0)
                        THEN 0
                    ELSE timed_entry.pause
                END
    END AS seconds,
    timed_entry.unread,
    timed_entry.currency,
    timed_entry.cost,
    timed_entry.cost_foreign,
    timed_entry.cost_unread,
    timed_entry.rate,
    timed_entry.rate_foreign,
    timed_entry.unrated_person,
    timed_entry.note
FROM timed_entry

-- view: stint
-- Every time entry that started in the period, and whether its duration is known.
-- An entry without an end and without seconds is running; its seconds are NULL. If its seconds are
-- unreadable, they are NULL too, and it is not running.
-- `unrated_person` is its person if it has neither a cost nor a rate.
SELECT
    entry.day,
    entry.started,
    entry.timed,
    entry.place,
    entry.key,
    entry.key_order,
    entry.project,
    entry.project IS NULL AND entry.project_known AS unassigned,
    entry.person,
    entry.billable,
    entry.seconds,
    entry.seconds IS NULL AND entry.unread AS unread,
    entry.seconds IS NULL AND NOT entry.unread AS running,
    entry.currency,
    entry.cost,
    entry.cost_foreign,
    entry.cost_unread,
    entry.rate,
    entry.rate_foreign,
    entry.unrated_person,
    entry.note
FROM entry

-- view: chosen_stint
-- The time entries after filters, without their cost.
-- chosen: time_entry.project, time_entry.person
SELECT
    stint.day,
    stint.started,
    stint.timed,
    stint.place,
    stint.key,
    stint.key_order,
    stint.note,
    stint.project,
    stint.person,
    stint.billable,
    stint.seconds,
    stint.running
FROM stint
WHERE
    TRUE
    AND of_projects(stint.project)
    AND of_people(stint.person)

-- view: rated_by_person
-- Every time entry that started in the period, with its own rate, otherwise its person's. `abroad`
-- is the person's rate in another currency. `unrated_project` is the entry's project if its rate
-- is still unknown.
-- Joins find a rate through an index; subqueries would read the whole table for each entry.
-- optional: person, person.rate
SELECT
    stint.day,
    stint.started,
    stint.timed,
    stint.place,
    stint.key,
    stint.key_order,
    stint.note,
    stint.project,
    stint.person,
    stint.billable,
    stint.seconds,
    stint.unread,
    stint.running,
    stint.currency,
    stint.cost,
    stint.cost_foreign,
    stint.cost_unread,
    coalesce(stint.rate, person.rate) AS rate,
    stint.rate_foreign,
    person.rate_foreign AS abroad,
    person.currency AS abroad_currency,
    iif(
        coalesce(stint.cost, stint.rate, person.rate) IS NULL, stint.project, NULL
    ) AS unrated_project
FROM stint
LEFT JOIN person ON person.id = stint.unrated_person

-- view: rated
-- Every time entry that started in the period, with its own rate, otherwise its person's, otherwise
-- its project's. `abroad` is a rate of the person or project in another currency.
-- optional: project, project.rate
SELECT
    rated_by_person.day,
    rated_by_person.started,
    rated_by_person.timed,
    rated_by_person.place,
    rated_by_person.key,
    rated_by_person.key_order,
    rated_by_person.note,
    rated_by_person.project,
    rated_by_person.person,
    rated_by_person.billable,
    rated_by_person.seconds,
    rated_by_person.unread,
    rated_by_person.running,
    rated_by_person.currency,
    rated_by_person.cost,
    rated_by_person.cost_foreign,
    rated_by_person.cost_unread,
    coalesce(rated_by_person.rate, project.rate) AS rate,
    rated_by_person.rate_foreign,
    iif(
        rated_by_person.seconds > 0 AND NOT rated_by_person.cost_unread,
        coalesce(rated_by_person.abroad, project.rate_foreign),
        NULL
    ) AS abroad,
    iif(
        rated_by_person.abroad IS NULL, project.currency, rated_by_person.abroad_currency
    ) AS abroad_currency
FROM rated_by_person
LEFT JOIN project ON project.id = rated_by_person.unrated_project

-- view: worked
-- Every time entry that started in the period: its seconds, and its cost if known.
-- A stored cost counts whatever the duration. A rate gives no price to a negative duration. An
-- entry has no USD price if its cost is unreadable or in another currency. A price is in the
-- currency of its rate: if the entry names another currency, the price is unknown.
SELECT
    rated.day,
    rated.started,
    rated.timed,
    rated.place,
    rated.key,
    rated.key_order,
    rated.note,
    rated.project,
    rated.person,
    rated.billable,
    rated.seconds,
    rated.unread,
    rated.running,
    iif(
        rated.currency = 'usd' AND rated.abroad IS NOT NULL,
        rated.abroad_currency,
        rated.currency
    ) AS currency,
    coalesce(
        rated.cost,
        CASE
            WHEN
                rated.seconds >= 0
                AND rated.currency = 'usd'
                AND NOT rated.cost_unread
                AND rated.abroad IS NULL
                THEN rated.seconds / 3600.0 * rated.rate
        END
    ) AS cost,
    coalesce(
        rated.cost_foreign,
        CASE
            WHEN rated.seconds >= 0 AND NOT rated.cost_unread
                THEN rated.seconds / 3600.0 * coalesce(
                    rated.rate_foreign,
                    iif(
                        rated.abroad_currency = rated.currency OR rated.currency = 'usd',
                        rated.abroad,
                        NULL
                    )
                )
        END
    ) AS cost_abroad,
    rated.cost_unread
FROM rated

-- view: work
-- The time entries after filters, with their cost.
-- chosen: time_entry.project, time_entry.person
SELECT
    worked.day,
    worked.project,
    worked.person,
    worked.billable,
    worked.seconds,
    worked.unread,
    worked.running,
    worked.currency,
    worked.cost
FROM worked
WHERE
    TRUE
    AND of_projects(worked.project)
    AND of_people(worked.person)

-- name: hours_by_day
-- Per local day and billable flag: hours, entries, running timers, entries with an unreadable or a
-- negative duration, hours with a price, and their cost.
-- returns: day date, billable text, hours number, entries integer, running integer, unread integer
-- returns: negative integer, priced number, cost number
-- needs: time_entry, time_entry.seconds or time_entry.ended
SELECT
    work.day AS day,
    CASE work.billable
        WHEN 1 THEN 'Billable'
        WHEN 0 THEN 'Non-billable'
        ELSE 'Unspecified'
    END AS billable,
    coalesce(sum(work.seconds) FILTER (WHERE work.seconds >= 0), 0) / 3600.0 AS hours,
    count(*) FILTER (WHERE work.seconds >= 0) AS entries,
    count(*) FILTER (WHERE work.running) AS running,
    count(*) FILTER (WHERE work.unread) AS unread,
    count(*) FILTER (WHERE work.seconds < 0) AS negative,
    coalesce(
        sum(work.seconds) FILTER (WHERE work.seconds >= 0 AND work.cost IS NOT NULL), 0
    ) / 3600.0 AS priced,
    sum(work.cost) FILTER (WHERE work.seconds >= 0) AS cost
FROM work
GROUP BY day, billable

-- name: named_people
-- The name of each person, deleted ones included.
-- returns: person text, name text
-- needs: person
SELECT
    person.id AS person,
    person.name AS name
FROM person

-- name: hours_by_project
-- Hours and entries per project; the row without a project is "Unassigned".
-- returns: project text, name text, color text, hours number, entries integer
-- optional: project, project.name, project.color
-- needs: time_entry, time_entry.seconds or time_entry.ended, time_entry.project
SELECT
    logged.project AS project,
    coalesce(project.name, logged.project) AS name,
    project.color AS color,
    logged.hours AS hours,
    logged.entries AS entries
FROM (
    SELECT
        chosen_stint.project AS project,
        sum(chosen_stint.seconds) / 3600.0 AS hours,
        count(*) AS entries
    FROM chosen_stint
    WHERE chosen_stint.seconds >= 0
    GROUP BY chosen_stint.project
) AS logged
LEFT JOIN project ON project.id = logged.project
ORDER BY logged.hours DESC, logged.project

-- view: person_day
-- Hours per person and local day; one row per day is for entries without a person.
-- `priced` are the hours of entries with a cost.
SELECT
    work.person AS person,
    work.day AS day,
    sum(work.seconds) / 3600.0 AS hours,
    coalesce(sum(work.seconds) FILTER (WHERE work.billable = 1), 0) / 3600.0 AS billable,
    coalesce(sum(work.seconds) FILTER (WHERE work.billable = 0), 0) / 3600.0 AS non_billable,
    coalesce(sum(work.seconds) FILTER (WHERE work.billable IS NULL), 0) / 3600.0 AS unspecified,
    coalesce(sum(work.seconds) FILTER (WHERE work.cost IS NOT NULL), 0) / 3600.0 AS priced,
    sum(work.cost) AS cost,
    count(*) AS entries
FROM work
WHERE work.seconds >= 0
GROUP BY work.person, work.day

-- name: hours_by_person_day
-- Hours per person and local day: all, billable, non-billable, unspecified and priced.
-- returns: person text, name text, day date, hours number, billable number, non_billable number
-- returns: unspecified number, priced number, cost number, entries integer
-- optional: person, person.name
-- needs: time_entry, time_entry.seconds or time_entry.ended, time_entry.person
SELECT
    person_day.person AS person,
    coalesce(person.name, person_day.person) AS name,
    person_day.day AS day,
    person_day.hours AS hours,
    person_day.billable AS billable,
    person_day.non_billable AS non_billable,
    person_day.unspecified AS unspecified,
    person_day.priced AS priced,
    person_day.cost AS cost,
    person_day.entries AS entries
FROM person_day
LEFT JOIN person ON person.id = person_day.person

-- name: hours_by_person_week
-- Hours per person and week (`day` is its Monday): all, billable, non-billable, unspecified and
-- priced.
-- returns: person text, name text, day date, hours number, billable number, non_billable number
-- returns: unspecified number, priced number, cost number, entries integer
-- optional: person, person.name
-- needs: time_entry, time_entry.seconds or time_entry.ended, time_entry.person
SELECT
    logged.person AS person,
    coalesce(person.name, logged.person) AS name,
    logged.week AS day,
    logged.hours AS hours,
    logged.billable AS billable,
    logged.non_billable AS non_billable,
    logged.unspecified AS unspecified,
    logged.priced AS priced,
    logged.cost AS cost,
    logged.entries AS entries
FROM (
    SELECT
        person_day.person AS person,
        date(person_day.day, 'weekday 0', '-6 days') AS week,
        sum(person_day.hours) AS hours,
        sum(person_day.billable) AS billable,
        sum(person_day.non_billable) AS non_billable,
        sum(person_day.unspecified) AS unspecified,
        sum(person_day.priced) AS priced,
        sum(person_day.cost) AS cost,
        sum(person_day.entries) AS entries
    FROM person_day
    GROUP BY person_day.person, week
) AS logged
LEFT JOIN person ON person.id = logged.person

-- view: other_offset
-- One row if the zone has more than one offset.
SELECT zone_offset.seconds
FROM zone_offset
LIMIT 1 OFFSET 1

-- view: clocked
-- The entries with a time of day: start and end, the zone's offsets at both, and whether the clock
-- may have changed in between. In a zone with one offset it never has.
SELECT
    entry.started,
    entry.ended,
    entry.started_offset,
    entry.ended_offset,
    EXISTS (SELECT 1 FROM other_offset)
    AND (
        entry.started_offset <> entry.ended_offset OR entry.ended - entry.started > 604800
    ) AS changes
FROM (
    SELECT
        chosen_stint.started AS started,
        chosen_stint.started + chosen_stint.seconds AS ended,
        offset_at(chosen_stint.started) AS started_offset,
        offset_at(chosen_stint.started + chosen_stint.seconds) AS ended_offset
    FROM chosen_stint
    WHERE chosen_stint.timed AND chosen_stint.seconds > 0
) AS entry

-- view: stretch
-- Every entry with a time of day, on the local clock in seconds since 1970. If the clock changes
-- during an entry, the entry is cut there. Only a zone with another offset reads the entries again.
SELECT
    clocked.started + clocked.started_offset AS low,
    clocked.ended + clocked.ended_offset AS high
FROM clocked
WHERE NOT clocked.changes
UNION ALL
SELECT
    max(clocked.started, zone_offset.since) + zone_offset.seconds AS low,
    min(clocked.ended, zone_offset.until) + zone_offset.seconds AS high
FROM other_offset
CROSS JOIN clocked
CROSS JOIN zone_offset
WHERE
    clocked.changes
    AND clocked.started < zone_offset.until
    AND clocked.ended > zone_offset.since

-- view: stretches
-- The stretches by the hours of the week in which they begin and end, counted from Thursday 00:00,
-- where 1970 began: the weeks from begin to end, and the seconds elapsed of both hours.
SELECT
    cast(stretch.low / 3600 AS INTEGER) % 168 AS low_hour,
    cast(stretch.high / 3600 AS INTEGER) % 168 AS high_hour,
    count(*) AS n,
    sum(cast(stretch.high / 604800 AS INTEGER) - cast(stretch.low / 604800 AS INTEGER)) AS weeks,
    sum(stretch.low - 3600 * cast(stretch.low / 3600 AS INTEGER)) AS low_seconds,
    sum(stretch.high - 3600 * cast(stretch.high / 3600 AS INTEGER)) AS high_seconds
FROM stretch
GROUP BY low_hour, high_hour

-- name: stretch_sums
-- The rows of `stretches`. `hours_by_weekday_hour` is added up from them.
-- returns: low_hour integer, high_hour integer, n integer, weeks integer, low_seconds number
-- returns: high_seconds number
-- needs: time_entry, time_entry.seconds or time_entry.ended
SELECT
    stretches.low_hour AS low_hour,
    stretches.high_hour AS high_hour,
    stretches.n AS n,
    stretches.weeks AS weeks,
    stretches.low_seconds AS low_seconds,
    stretches.high_seconds AS high_seconds
FROM stretches

-- view: edge
-- Per hour of the week: stretches that end in it - stretches that begin in it, and the seconds.
-- Cumulative seconds of an hour of the week up to an instant: 3,600 per whole week; 3,600 more if
-- the hour is earlier in the week than the instant's, or the elapsed part if it is the same hour.
-- An entry's seconds: the value at its end - the value at its start.
SELECT
    iif(side.value > 0, stretches.high_hour, stretches.low_hour) AS hour,
    sum(side.value * stretches.n) AS n,
    sum(iif(side.value > 0, stretches.weeks, 0)) AS weeks,
    sum(iif(side.value > 0, stretches.high_seconds, -stretches.low_seconds)) AS seconds
FROM stretches
CROSS JOIN json_each('[1, -1]') AS side
GROUP BY hour

-- view: hour_of_week
-- The hours of a week, 0 to 167.
WITH RECURSIVE hour (n) AS (
    SELECT 0 AS n
    UNION ALL
    SELECT hour.n + 1 AS n FROM hour WHERE hour.n < 167
)

SELECT hour.n FROM hour

-- name: hours_by_weekday_hour
-- Hours per weekday (0 is Monday) and hour of the day, spread over the local hours that each entry
-- covers.
-- returns: weekday integer, hour integer, hours number
-- needs: time_entry, time_entry.seconds or time_entry.ended
SELECT
    (cast(cell.n / 24 AS INTEGER) + 3) % 7 AS weekday,
    cell.n % 24 AS hour,
    cell.seconds / 3600.0 AS hours
FROM (
    SELECT
        hour_of_week.n,
        coalesce(edge.seconds, 0) + 3600 * (
            sum(coalesce(edge.weeks, 0)) OVER ()
            - sum(coalesce(edge.n, 0)) OVER (ORDER BY hour_of_week.n)
        ) AS seconds
    FROM hour_of_week
    LEFT JOIN edge ON edge.hour = hour_of_week.n
) AS cell
WHERE round(cell.seconds, 3) > 0
ORDER BY weekday, hour

-- name: hours_recorded
-- Total hours and entries in the period.
-- returns: hours number, entries integer
-- needs: time_entry, time_entry.seconds or time_entry.ended
SELECT
    coalesce(sum(chosen_stint.seconds), 0) / 3600.0 AS hours,
    count(*) AS entries
FROM chosen_stint
WHERE chosen_stint.seconds >= 0

-- view: listed_entry
-- The time entries after filters, as they are listed; `apart` is why totals leave an entry out.
SELECT
    chosen_stint.day AS day,
    iif(chosen_stint.timed, chosen_stint.started, NULL) AS at,
    chosen_stint.project AS project,
    chosen_stint.person AS person,
    CASE chosen_stint.billable
        WHEN 1 THEN 'Billable'
        WHEN 0 THEN 'Non-billable'
        ELSE 'Unspecified'
    END AS billable,
    chosen_stint.note AS note,
    chosen_stint.seconds / 3600.0 AS hours,
    CASE
        WHEN chosen_stint.seconds >= 0 THEN NULL
        WHEN chosen_stint.seconds < 0 THEN 'negative'
        WHEN chosen_stint.running THEN 'running'
        ELSE 'unread'
    END AS apart,
    chosen_stint.running AS running,
    chosen_stint.place AS place,
    chosen_stint.key AS key,
    chosen_stint.key_order AS key_order
FROM chosen_stint

-- name: timesheet_entries
-- The time entries for a timesheet, latest first, and the reason why one is in no total: it is
-- running, its duration is negative, or it is unreadable.
-- returns: day date, at instant, person text, person_name text, project text, project_name text
-- returns: billable text, hours number, note text, reason text
-- optional: person, person.name, project, project.name
-- needs: time_entry, time_entry.seconds or time_entry.ended
SELECT
    listed_entry.day AS day,
    listed_entry.at AS at,
    listed_entry.person AS person,
    coalesce(person.name, listed_entry.person) AS person_name,
    listed_entry.project AS project,
    coalesce(project.name, listed_entry.project) AS project_name,
    listed_entry.billable AS billable,
    listed_entry.hours AS hours,
    listed_entry.note AS note,
    CASE listed_entry.apart
        WHEN 'running' THEN 'Running'
        WHEN 'negative' THEN 'Negative duration'
        WHEN 'unread' THEN 'Unreadable duration'
    END AS reason
FROM listed_entry
LEFT JOIN person ON person.id = listed_entry.person
LEFT JOIN project ON project.id = listed_entry.project
ORDER BY listed_entry.place DESC, listed_entry.key_order DESC
LIMIT :limit

-- name: time_rows
-- One page of the time entries, latest first: with `counted` of those that totals contain, with
-- `apart` of the running timers or of those whose duration is negative or unreadable.
-- returns: day date, at instant, project text, person text, billable text, note text, hours number
-- returns: place stored, key text
-- optional: project, project.team
-- needs: time_entry.key, time_entry.seconds or time_entry.ended
SELECT
    listed_entry.day AS day,
    listed_entry.at AS at,
    listed_entry.project AS project,
    listed_entry.person AS person,
    listed_entry.billable AS billable,
    listed_entry.note AS note,
    listed_entry.hours AS hours,
    listed_entry.place AS place,
    listed_entry.key AS key
FROM listed_entry
WHERE
    TRUE
    [[ AND listed_entry.apart IS NULL AND :counted <> '' ]]
    [[ AND listed_entry.apart = :apart ]]
    [[ AND listed_entry.person IS NOT NULL AND :with_person <> '' ]]
    [[ AND coalesce(listed_entry.project, '') IN (SELECT value FROM json_each(:of_project)) ]]
    [[ AND coalesce(listed_entry.person, '') IN (SELECT value FROM json_each(:of_person)) ]]
    [[ AND listed_entry.billable IN (SELECT value FROM json_each(:of_kind)) ]]
    [[ AND coalesce(
        (SELECT project.team FROM project WHERE project.id = listed_entry.project), ''
    ) IN (SELECT value FROM json_each(:of_team)) ]]
ORDER BY listed_entry.place DESC, listed_entry.key_order DESC
LIMIT :limit

-- name: time_row_sums
-- The number of time entries and their hours, per project, person, billable flag and the reason
-- why totals leave them out.
-- returns: day date, project text, person text, billable text, apart text, hours number
-- returns: lines integer
-- needs: time_entry, time_entry.seconds or time_entry.ended
SELECT
    per_day(listed_entry.day) AS day,
    listed_entry.project AS project,
    listed_entry.person AS person,
    listed_entry.billable AS billable,
    listed_entry.apart AS apart,
    sum(listed_entry.hours) AS hours,
    count(*) AS lines
FROM listed_entry
GROUP BY
    per_day(listed_entry.day),
    listed_entry.project,
    listed_entry.person,
    listed_entry.billable,
    listed_entry.apart

-- view: priced_entry
-- The time entries with their price, as they are listed; `apart` is why the effective rate leaves
-- an entry out.
-- chosen: time_entry.project, time_entry.person
SELECT
    worked.day AS day,
    iif(worked.timed, worked.started, NULL) AS at,
    worked.project AS project,
    worked.person AS person,
    worked.note AS note,
    worked.seconds / 3600.0 AS hours,
    worked.cost AS cost,
    CASE
        WHEN worked.seconds < 0 THEN 'negative'
        WHEN worked.running THEN 'running'
        WHEN worked.seconds IS NULL THEN 'unread'
        WHEN worked.cost IS NULL THEN 'unpriced'
    END AS apart,
    worked.place AS place,
    worked.key AS key,
    worked.key_order AS key_order
FROM worked
WHERE
    TRUE
    AND of_projects(worked.project)
    AND of_people(worked.person)

-- name: priced_rows
-- One page of the time entries with their price, latest first: with `counted` of those with a
-- price, with `apart` of those that the effective rate leaves out.
-- returns: day date, at instant, project text, person text, note text, hours number, cost number
-- returns: place stored, key text
-- optional: project, project.team
-- needs: time_entry.key, time_entry.seconds or time_entry.ended
SELECT
    priced_entry.day AS day,
    priced_entry.at AS at,
    priced_entry.project AS project,
    priced_entry.person AS person,
    priced_entry.note AS note,
    priced_entry.hours AS hours,
    priced_entry.cost AS cost,
    priced_entry.place AS place,
    priced_entry.key AS key
FROM priced_entry
WHERE
    TRUE
    [[ AND priced_entry.apart IS NULL AND :counted <> '' ]]
    [[ AND priced_entry.apart = :apart ]]
    [[ AND coalesce(priced_entry.project, '') IN (SELECT value FROM json_each(:of_project)) ]]
    [[ AND coalesce(priced_entry.person, '') IN (SELECT value FROM json_each(:of_person)) ]]
    [[ AND coalesce(
        (SELECT project.team FROM project WHERE project.id = priced_entry.project), ''
    ) IN (SELECT value FROM json_each(:of_team)) ]]
ORDER BY priced_entry.place DESC, priced_entry.key_order DESC
LIMIT :limit

-- name: priced_row_sums
-- The number of time entries, their hours and their cost, per project, person and the reason why
-- the effective rate leaves them out.
-- returns: project text, person text, apart text, hours number, cost number, lines integer
-- needs: time_entry, time_entry.seconds or time_entry.ended
SELECT
    priced_entry.project AS project,
    priced_entry.person AS person,
    priced_entry.apart AS apart,
    sum(priced_entry.hours) AS hours,
    sum(priced_entry.cost) AS cost,
    count(*) AS lines
FROM priced_entry
GROUP BY priced_entry.project, priced_entry.person, priced_entry.apart

-- name: running_rows
-- One page of the running timers, latest first.
-- returns: day date, at instant, project text, person text, billable text, note text, place stored
-- returns: key text
-- optional: project, project.team
-- needs: time_entry.key, time_entry.seconds or time_entry.ended
SELECT
    listed_entry.day AS day,
    listed_entry.at AS at,
    listed_entry.project AS project,
    listed_entry.person AS person,
    listed_entry.billable AS billable,
    listed_entry.note AS note,
    listed_entry.place AS place,
    listed_entry.key AS key
FROM listed_entry
WHERE
    listed_entry.running
    [[ AND coalesce(listed_entry.project, '') IN (SELECT value FROM json_each(:of_project)) ]]
    [[ AND coalesce(listed_entry.person, '') IN (SELECT value FROM json_each(:of_person)) ]]
    [[ AND coalesce(
        (SELECT project.team FROM project WHERE project.id = listed_entry.project), ''
    ) IN (SELECT value FROM json_each(:of_team)) ]]
ORDER BY listed_entry.place DESC, listed_entry.key_order DESC
LIMIT :limit

-- name: running_row_sums
-- The number of running timers per project and person.
-- returns: project text, person text, lines integer
-- needs: time_entry, time_entry.seconds or time_entry.ended
SELECT
    listed_entry.project AS project,
    listed_entry.person AS person,
    count(*) AS lines
FROM listed_entry
WHERE listed_entry.running
GROUP BY listed_entry.project, listed_entry.person

-- view: succession
-- Every time entry of the period, and the latest end of the same person's earlier entries.
SELECT
    stint.started,
    stint.timed,
    stint.project,
    stint.unassigned,
    stint.person,
    stint.seconds,
    stint.unread,
    stint.note,
    max(iif(stint.timed AND stint.seconds > 0, stint.started + stint.seconds, NULL)) OVER (
        PARTITION BY stint.person
        ORDER BY stint.started, stint.seconds
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS busy_until
FROM stint

-- view: examined
-- The time entries after filters, with the reasons to review each: bits, in the order of
-- `odd_entries`. An entry without a project is listed only if it is part of a total.
-- chosen: time_entry.project, time_entry.person
SELECT
    succession.started,
    succession.timed,
    succession.project,
    succession.person,
    succession.seconds,
    succession.note,
    (succession.seconds IS NULL AND NOT succession.unread)
    + 2 * coalesce(succession.seconds < 0, 0)
    + 4 * coalesce(succession.seconds > 86400, 0)
    + 8 * coalesce(
        succession.person IS NOT NULL
        AND succession.timed
        AND succession.seconds > 0
        AND succession.started < succession.busy_until,
        0
    )
    + 16 * coalesce(succession.unassigned AND succession.seconds >= 0, 0)
    + 32 * succession.unread AS reasons
FROM succession
WHERE
    TRUE
    AND of_projects(succession.project)
    AND of_people(succession.person)

-- view: newest_odd
-- On a copy: the latest time entries of each set of reasons, and the number and seconds of all that
-- have it. So the entries are read once and never sorted.
SELECT
    -part_of(alike.line, 1) AS started,
    part_of(alike.line, 6) AS timed,
    part_of(alike.line, 3) AS project,
    part_of(alike.line, 2) AS person,
    part_of(alike.line, 4) AS seconds,
    part_of(alike.line, 5) AS note,
    alike.reasons AS reasons,
    alike.entries AS entries,
    alike.seconds_of_all AS seconds_of_all,
    row_number() OVER (PARTITION BY alike.reasons ORDER BY alike.line) AS place
FROM (
    SELECT
        examined.reasons AS reasons,
        count(*) AS entries,
        sum(examined.seconds) AS seconds_of_all,
        first_rows(
            :limit,
            -examined.started,
            examined.person,
            examined.project,
            examined.seconds,
            examined.note,
            examined.timed
        ) AS line
    FROM examined
    WHERE examined.reasons <> 0
    GROUP BY examined.reasons
) AS alike

-- name: odd_entries
-- The latest time entries to review for each reason, with the number and hours of all such entries.
-- An entry overlaps if it starts before an earlier entry of the same person has ended.
-- returns: reason text, entries integer, all_hours number, day date, at instant, person text
-- returns: project text, hours number, note text
-- optional: person, person.name, project, project.name
-- needs: time_entry, time_entry.seconds or time_entry.ended
SELECT
    newest.reason AS reason,
    newest.entries AS entries,
    newest.seconds_of_all / 3600.0 AS all_hours,
    date(
        newest.started + iif(newest.timed, offset_at(newest.started), 0), 'unixepoch'
    ) AS day,
    iif(newest.timed, newest.started, NULL) AS at,
    coalesce(person.name, newest.person) AS person,
    coalesce(project.name, newest.project) AS project,
    newest.seconds / 3600.0 AS hours,
    newest.note AS note
FROM (
    [[ unless :copied WITH odd AS MATERIALIZED (
        SELECT
            examined.started,
            examined.timed,
            examined.project,
            examined.person,
            examined.seconds,
            examined.note,
            examined.reasons
        FROM examined
        WHERE examined.reasons <> 0
    ),

    alike AS (
        SELECT
            odd.reasons,
            count(*) AS entries,
            sum(odd.seconds) AS seconds
        FROM odd
        GROUP BY odd.reasons
    ),

    met AS MATERIALIZED (
        SELECT
            reason.value AS reason,
            1 << reason.key AS bit,
            (
                SELECT odd.started
                FROM odd
                WHERE odd.reasons & (1 << reason.key) <> 0
                ORDER BY odd.started DESC
                LIMIT 1 OFFSET :limit - 1
            ) AS since,
            sum(alike.entries) AS entries,
            sum(alike.seconds) AS seconds
        FROM
            json_each(
                '["running", "negative", "long", "overlapping", "unassigned", "unread"]'
            ) AS reason
        INNER JOIN alike ON alike.reasons & (1 << reason.key) <> 0
        GROUP BY reason.key
    )

    SELECT
        met.reason,
        met.entries,
        met.seconds AS seconds_of_all,
        odd.started,
        odd.timed,
        odd.project,
        odd.person,
        odd.seconds,
        odd.note,
        row_number() OVER (
            PARTITION BY met.reason
            ORDER BY odd.started DESC, odd.person, odd.project, odd.seconds, odd.note
        ) AS place
    FROM met
    INNER JOIN odd
        ON
            odd.reasons & met.bit <> 0
            AND odd.started >= coalesce(met.since, odd.started) ]]
    [[ SELECT
        reason.value AS reason,
        sum(iif(newest_odd.place = 1, newest_odd.entries, NULL)) OVER (
            PARTITION BY reason.value
        ) AS entries,
        sum(iif(newest_odd.place = 1, newest_odd.seconds_of_all, NULL)) OVER (
            PARTITION BY reason.value
        ) AS seconds_of_all,
        newest_odd.started,
        newest_odd.timed,
        newest_odd.project,
        newest_odd.person,
        newest_odd.seconds,
        newest_odd.note,
        row_number() OVER (
            PARTITION BY reason.value
            ORDER BY
                newest_odd.started DESC,
                newest_odd.person,
                newest_odd.project,
                newest_odd.seconds,
                newest_odd.note
        ) AS place
    FROM
        json_each(
            '["running", "negative", "long", "overlapping", "unassigned", "unread"]'
        ) AS reason
    INNER JOIN newest_odd ON newest_odd.reasons & (1 << reason.key) <> 0
    WHERE :copied <> '' ]]
) AS newest
LEFT JOIN person ON person.id = newest.person
LEFT JOIN project ON project.id = newest.project
WHERE newest.place <= :limit
ORDER BY newest.reason, newest.place
