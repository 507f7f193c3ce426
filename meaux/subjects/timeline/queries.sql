-- view: notable_event
-- Latest system events above info severity in the period.
-- optional: system_event, system_event.severity, system_event.type, system_event.message
SELECT
    system_event.at AS at,
    'Events' AS lane,
    coalesce(system_event.message, system_event.type) AS title,
    system_event.severity AS severity,
    NULL AS project
FROM system_event
WHERE
    in_period(system_event.at)
    AND meaning('severity', system_event.severity) <> 'Info'
ORDER BY system_event.at_order DESC, system_event.key_order DESC
LIMIT :limit

-- view: recent_deployment
-- Latest deployments in the activity log in the period.
-- optional: activity, activity.action, activity.description, activity.person, project.team
SELECT
    activity.at AS at,
    'Deployments' AS lane,
    coalesce(activity.description, 'Deployment') AS title,
    NULL AS severity,
    activity.project AS project,
    activity.person AS person,
    activity.key_order AS key_order
FROM activity
WHERE
    in_period(activity.at)
    AND lower(activity.action) LIKE 'deploy%'
    AND of_projects(activity.project)
ORDER BY activity.at_order DESC, activity.key_order DESC
LIMIT :limit

-- view: recent_milestone
-- Latest milestones completed in the period.
-- optional: milestone, milestone.completed, milestone.title, project.team
SELECT
    milestone.completed AS at,
    'Milestones' AS lane,
    coalesce(milestone.title, 'Milestone') AS title,
    NULL AS severity,
    milestone.project AS project
FROM milestone
WHERE
    in_period(milestone.completed)
    AND of_projects(milestone.project)
ORDER BY milestone.completed_order DESC, milestone.key_order DESC
LIMIT :limit

-- view: recent_spend_alert
-- Latest spend alerts recorded in the period.
-- optional: spend_alert, spend_alert.severity
SELECT
    spend_alert.at AS at,
    'Spend alerts' AS lane,
    spend_alert.message AS title,
    spend_alert.severity AS severity,
    NULL AS project
FROM spend_alert
WHERE in_period(spend_alert.at)
ORDER BY spend_alert.at_order DESC, spend_alert.message, spend_alert.severity
LIMIT :limit

-- name: timeline
-- Timeline items in the period, latest first: at most `limit` rows of each kind.
-- System events and spend alerts cover the whole company and ignore the filters.
-- returns: at instant, lane text, title text, severity text, project text
-- optional: project, project.name
-- needs: system_event or activity.action or milestone.completed or spend_alert
SELECT
    happened.at AS at,
    happened.lane AS lane,
    happened.title AS title,
    happened.severity AS severity,
    coalesce(project.name, happened.project) AS project
FROM (
    SELECT * FROM notable_event
    UNION ALL
    SELECT
        recent_deployment.at,
        recent_deployment.lane,
        recent_deployment.title,
        recent_deployment.severity,
        recent_deployment.project
    FROM recent_deployment
    UNION ALL
    SELECT * FROM recent_milestone
    UNION ALL
    SELECT * FROM recent_spend_alert
) AS happened
LEFT JOIN project ON project.id = happened.project
ORDER BY happened.at DESC, happened.lane, happened.title, happened.severity, happened.project

-- view: recent_incident
-- Critical ones among the latest 500 system events in the period.
-- optional: system_event, system_event.severity, system_event.type, system_event.message
SELECT
    recent.at AS at,
    'Incident' AS kind,
    coalesce(recent.message, recent.type) AS title,
    NULL AS project
FROM (
    SELECT
        system_event.at AS at,
        system_event.message AS message,
        system_event.type AS type,
        meaning('severity', system_event.severity) AS severity
    FROM system_event
    WHERE in_period(system_event.at)
    ORDER BY system_event.at_order DESC, system_event.key_order DESC
    LIMIT 500
) AS recent
WHERE recent.severity = 'Critical'
LIMIT :limit

-- view: recent_budget_change
-- Changes of budgets among the latest 500 entries of the audit log in the period.
-- optional: audit, audit.action, audit.entity
SELECT
    recent.at AS at,
    'Budget change' AS kind,
    'Budget: ' || recent.action AS title,
    NULL AS project
FROM (
    SELECT
        audit.at AS at,
        audit.action AS action,
        audit.entity AS entity
    FROM audit
    WHERE in_period(audit.at)
    ORDER BY audit.at_order DESC, audit.key_order DESC
    LIMIT 500
) AS recent
WHERE
    lower(recent.entity) LIKE '%budget%'
    AND (
        lower(recent.action) LIKE '%create%'
        OR lower(recent.action) LIKE '%update%'
        OR lower(recent.action) LIKE '%change%'
        OR lower(recent.action) LIKE '%delete%'
    )
LIMIT :limit

-- name: annotations
-- What may explain a change, for charts over time: at most `limit` of each kind, latest first.
-- Incidents and budget changes cover the whole company and ignore the filters.
-- returns: at instant, kind text, title text, project text
-- optional: project, project.name
-- needs: activity.action or milestone.completed or system_event or audit.entity
SELECT
    happened.at AS at,
    happened.kind AS kind,
    happened.title AS title,
    coalesce(project.name, happened.project) AS project
FROM (
    SELECT
        recent_deployment.at AS at,
        'Deployment' AS kind,
        recent_deployment.title AS title,
        recent_deployment.project AS project
    FROM recent_deployment
    UNION ALL
    SELECT
        recent_milestone.at,
        'Milestone' AS kind,
        recent_milestone.title,
        recent_milestone.project
    FROM recent_milestone
    UNION ALL
    SELECT * FROM recent_incident
    UNION ALL
    SELECT * FROM recent_budget_change
) AS happened
LEFT JOIN project ON project.id = happened.project
ORDER BY happened.at DESC, happened.kind, happened.title, happened.project
