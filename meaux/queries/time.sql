-- view: worked
-- Every time entry that started in the period: its seconds, and its cost where one is known.
-- An entry without seconds and without an end is running: its seconds are NULL.
-- A stored cost counts whatever the length; a rate gives a price to no negative length.
-- optional: time_entry, time_entry.project, time_entry.person
-- optional: time_entry.ended, time_entry.seconds, time_entry.billable
-- optional: time_entry.cost, time_entry.rate, person, person.rate, project, project.rate
SELECT
    entry.day,
    entry.project,
    entry.person,
    entry.billable,
    entry.seconds,
    coalesce(
        entry.cost,
        CASE
            WHEN entry.seconds >= 0
                THEN entry.seconds / 3600.0 * coalesce(
                    entry.rate,
                    (SELECT person.rate FROM person WHERE person.id = entry.person),
                    (SELECT project.rate FROM project WHERE project.id = entry.project)
                )
        END
    ) AS cost
FROM (
    SELECT
        time_entry.started_day AS day,
        time_entry.project AS project,
        time_entry.person AS person,
        time_entry.billable AS billable,
        coalesce(time_entry.seconds, time_entry.ended - time_entry.started) AS seconds,
        time_entry.cost AS cost,
        time_entry.rate AS rate
    FROM time_entry
    WHERE in_period(time_entry.started)
) AS entry

-- view: work
-- The time entries that the filters leave.
-- optional: project.team
SELECT
    worked.day,
    worked.project,
    worked.person,
    worked.billable,
    worked.seconds,
    worked.cost
FROM worked
WHERE
    TRUE
    [[ AND worked.project IN (SELECT value FROM json_each(:projects)) ]]
    [[ AND worked.person IN (SELECT value FROM json_each(:people)) ]]
    [[ AND worked.project IN (
        SELECT project.id FROM project
        WHERE project.team IN (SELECT value FROM json_each(:teams))
    ) ]]

-- name: hours_by_day
-- Hours logged on each local day, entries counted in them, and timers still running.
-- returns: day date, hours number, entries integer, running integer
-- needs: time_entry, time_entry.seconds or time_entry.ended
SELECT
    work.day AS day,
    coalesce(sum(work.seconds) FILTER (WHERE work.seconds >= 0), 0) / 3600.0 AS hours,
    count(*) FILTER (WHERE work.seconds >= 0) AS entries,
    count(*) FILTER (WHERE work.seconds IS NULL) AS running
FROM work
GROUP BY work.day
ORDER BY work.day
