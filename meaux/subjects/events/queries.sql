-- view: system_record
-- System events in the period, after filters.
-- optional: system_event.type, system_event.severity, system_event.source, system_event.message
-- optional: system_event, system_event.key, system_event.times
SELECT
    system_event.at_day AS day,
    max(coalesce(system_event.times, 1), 1) AS times,
    system_event.at AS at,
    system_event.at_order AS place,
    system_event.key AS key,
    system_event.key_order AS key_order,
    meaning('severity', system_event.severity) AS severity,
    system_event.type AS event,
    system_event.source AS source,
    system_event.message AS message,
    NULL AS person,
    NULL AS project
FROM system_event
WHERE
    in_page(system_event.at)
    [[ AND instr(
        lower(
            coalesce(system_event.type, '')
            || ' ' || coalesce(system_event.source, '')
            || ' ' || coalesce(system_event.message, '')
        ),
        lower(:text)
    ) > 0 ]]

-- view: platform_record
-- Platform events in the period, after filters.
-- optional: platform_event.type, platform_event.severity, platform_event.project
-- optional: platform_event.message
-- optional: project.team
-- optional: platform_event, platform_event.key, platform_event.times
SELECT
    platform_event.at_day AS day,
    max(coalesce(platform_event.times, 1), 1) AS times,
    platform_event.at AS at,
    platform_event.at_order AS place,
    platform_event.key AS key,
    platform_event.key_order AS key_order,
    meaning('severity', platform_event.severity) AS severity,
    platform_event.type AS event,
    NULL AS source,
    platform_event.message AS message,
    NULL AS person,
    platform_event.project AS project
FROM platform_event
WHERE
    in_page(platform_event.at)
    AND of_projects(platform_event.project)
    [[ AND instr(
        lower(
            coalesce(platform_event.type, '')
            || ' ' || coalesce(platform_event.message, '')
        ),
        lower(:text)
    ) > 0 ]]

-- view: audit_record
-- Audit log events in the period, after filters; their severity is info.
-- optional: audit.person, audit.action, audit.entity, audit.entity_id
-- optional: team_member, team_member.departed
-- optional: audit, audit.key
SELECT
    audit.at_day AS day,
    1 AS times,
    audit.at AS at,
    audit.at_order AS place,
    audit.key AS key,
    audit.key_order AS key_order,
    'Info' AS severity,
    audit.action AS event,
    audit.entity AS source,
    audit.entity_id AS message,
    audit.person AS person,
    NULL AS project
FROM audit
WHERE
    in_page(audit.at)
    AND of_members(audit.person)
    [[ AND instr(
        lower(
            coalesce(audit.action, '')
            || ' ' || coalesce(audit.entity, '')
            || ' ' || coalesce(audit.entity_id, '')
        ),
        lower(:text)
    ) > 0 ]]

-- view: general_record
-- Event log events in the period, after filters.
-- optional: log_entry.severity, log_entry.category, log_entry.message, log_entry.person
-- optional: team_member, team_member.departed
-- optional: log_entry, log_entry.key, log_entry.times
SELECT
    log_entry.at_day AS day,
    max(coalesce(log_entry.times, 1), 1) AS times,
    log_entry.at AS at,
    log_entry.at_order AS place,
    log_entry.key AS key,
    log_entry.key_order AS key_order,
    meaning('severity', log_entry.severity) AS severity,
    log_entry.category AS event,
    NULL AS source,
    log_entry.message AS message,
    log_entry.person AS person,
    NULL AS project
FROM log_entry
WHERE
    in_page(log_entry.at)
    AND of_members(log_entry.person)
    [[ AND instr(
        lower(
            coalesce(log_entry.category, '')
            || ' ' || coalesce(log_entry.message, '')
        ),
        lower(:text)
    ) > 0 ]]

-- view: error_record
-- Error log events in the period, after filters; without a severity, an event is an error.
-- optional: error_entry.severity, error_entry.source, error_entry.message
-- optional: error_entry, error_entry.key, error_entry.times
SELECT
    error_entry.at_day AS day,
    max(coalesce(error_entry.times, 1), 1) AS times,
    error_entry.at AS at,
    error_entry.at_order AS place,
    error_entry.key AS key,
    error_entry.key_order AS key_order,
    CASE
        WHEN error_entry.severity <> '' THEN meaning('severity', error_entry.severity)
        ELSE 'Error'
    END AS severity,
    NULL AS event,
    error_entry.source AS source,
    error_entry.message AS message,
    NULL AS person,
    NULL AS project
FROM error_entry
WHERE
    in_page(error_entry.at)
    [[ AND instr(
        lower(
            coalesce(error_entry.source, '')
            || ' ' || coalesce(error_entry.message, '')
        ),
        lower(:text)
    ) > 0 ]]

-- name: system_page
-- One page of the system events, latest first.
-- returns: at instant, severity text, event text, source text, message text, person text,
-- returns: project text, place stored, key text, day date, times integer
-- needs: system_event.key
SELECT
    system_record.at AS at,
    system_record.severity AS severity,
    system_record.event AS event,
    system_record.source AS source,
    system_record.message AS message,
    system_record.person AS person,
    system_record.project AS project,
    system_record.place AS place,
    system_record.key AS key,
    system_record.day AS day,
    system_record.times AS times
FROM system_record
WHERE
    TRUE
    [[ AND system_record.severity IN (SELECT value FROM json_each(:names)) ]]
ORDER BY system_record.place DESC, system_record.key_order DESC
LIMIT :limit

-- name: platform_page
-- One page of the platform events, latest first.
-- returns: at instant, severity text, event text, source text, message text, person text,
-- returns: project text, place stored, key text, day date, times integer
-- needs: platform_event.key
-- chosen: platform_event.project
SELECT
    platform_record.at AS at,
    platform_record.severity AS severity,
    platform_record.event AS event,
    platform_record.source AS source,
    platform_record.message AS message,
    platform_record.person AS person,
    platform_record.project AS project,
    platform_record.place AS place,
    platform_record.key AS key,
    platform_record.day AS day,
    platform_record.times AS times
FROM platform_record
WHERE
    TRUE
    [[ AND platform_record.severity IN (SELECT value FROM json_each(:names)) ]]
ORDER BY platform_record.place DESC, platform_record.key_order DESC
LIMIT :limit

-- name: audit_page
-- One page of the audit log, latest first.
-- returns: at instant, severity text, event text, source text, message text, person text,
-- returns: project text, place stored, key text, day date, times integer
-- needs: audit.key
-- chosen: audit.person
SELECT
    audit_record.at AS at,
    audit_record.severity AS severity,
    audit_record.event AS event,
    audit_record.source AS source,
    audit_record.message AS message,
    audit_record.person AS person,
    audit_record.project AS project,
    audit_record.place AS place,
    audit_record.key AS key,
    audit_record.day AS day,
    audit_record.times AS times
FROM audit_record
WHERE
    TRUE
    [[ AND audit_record.severity IN (SELECT value FROM json_each(:names)) ]]
ORDER BY audit_record.place DESC, audit_record.key_order DESC
LIMIT :limit

-- name: general_page
-- One page of the event log, latest first.
-- returns: at instant, severity text, event text, source text, message text, person text,
-- returns: project text, place stored, key text, day date, times integer
-- needs: log_entry.key
-- chosen: log_entry.person
SELECT
    general_record.at AS at,
    general_record.severity AS severity,
    general_record.event AS event,
    general_record.source AS source,
    general_record.message AS message,
    general_record.person AS person,
    general_record.project AS project,
    general_record.place AS place,
    general_record.key AS key,
    general_record.day AS day,
    general_record.times AS times
FROM general_record
WHERE
    TRUE
    [[ AND general_record.severity IN (SELECT value FROM json_each(:names)) ]]
ORDER BY general_record.place DESC, general_record.key_order DESC
LIMIT :limit

-- name: error_page
-- One page of the error log, latest first.
-- returns: at instant, severity text, event text, source text, message text, person text,
-- returns: project text, place stored, key text, day date, times integer
-- needs: error_entry.key
SELECT
    error_record.at AS at,
    error_record.severity AS severity,
    error_record.event AS event,
    error_record.source AS source,
    error_record.message AS message,
    error_record.person AS person,
    error_record.project AS project,
    error_record.place AS place,
    error_record.key AS key,
    error_record.day AS day,
    error_record.times AS times
FROM error_record
WHERE
    TRUE
    [[ AND error_record.severity IN (SELECT value FROM json_each(:names)) ]]
ORDER BY error_record.place DESC, error_record.key_order DESC
LIMIT :limit

-- view: record
-- Events in all logs in the period, after filters.
-- needs: system_event or platform_event or audit or log_entry or error_entry
SELECT
    system_record.day AS day,
    system_record.times AS times,
    system_record.at AS at,
    'System events' AS log,
    system_record.severity AS severity,
    system_record.source AS source,
    coalesce(system_record.message, system_record.event) AS message
FROM system_record
UNION ALL
SELECT
    platform_record.day AS day,
    platform_record.times AS times,
    platform_record.at AS at,
    'Platform events' AS log,
    platform_record.severity AS severity,
    platform_record.source AS source,
    coalesce(platform_record.message, platform_record.event) AS message
FROM platform_record
UNION ALL
SELECT
    audit_record.day AS day,
    audit_record.times AS times,
    audit_record.at AS at,
    'Audit log' AS log,
    audit_record.severity AS severity,
    audit_record.source AS source,
    coalesce(audit_record.message, audit_record.event) AS message
FROM audit_record
UNION ALL
SELECT
    general_record.day AS day,
    general_record.times AS times,
    general_record.at AS at,
    'Event log' AS log,
    general_record.severity AS severity,
    general_record.source AS source,
    coalesce(general_record.message, general_record.event) AS message
FROM general_record
UNION ALL
SELECT
    error_record.day AS day,
    error_record.times AS times,
    error_record.at AS at,
    'Error log' AS log,
    error_record.severity AS severity,
    error_record.source AS source,
    coalesce(error_record.message, error_record.event) AS message
FROM error_record

-- name: events_by_day
-- Events per log, local day and severity; an event with a repeat count counts that many
-- times.
-- returns: day date, log text, severity text, events integer
SELECT
    record.day AS day,
    record.log AS log,
    record.severity AS severity,
    sum(record.times) AS events
FROM record
GROUP BY record.day, record.log, record.severity
ORDER BY record.day, record.log, record.severity

-- name: event_row_sums
-- Events per log and severity, and their number of records.
-- returns: day date, log text, severity text, times integer, lines integer
SELECT
    per_day(record.day) AS day,
    record.log AS log,
    record.severity AS severity,
    sum(record.times) AS times,
    count(*) AS lines
FROM record
GROUP BY
    per_day(record.day),
    record.log,
    record.severity

-- name: top_errors
-- The most frequent errors in the period, and when each was last seen.
-- returns: events integer, message text, source text, log text, severity text, at instant
SELECT
    sum(record.times) AS events,
    record.message AS message,
    record.source AS source,
    record.log AS log,
    record.severity AS severity,
    max(record.at) AS at
FROM record
WHERE record.severity IN ('Critical', 'Error')
GROUP BY record.message, record.source, record.log, record.severity
ORDER BY
    events DESC,
    at DESC,
    record.message,
    record.source,
    record.log,
    record.severity
LIMIT :limit
