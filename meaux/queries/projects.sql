-- view: chosen_project
-- The projects that the filters leave.
-- optional: project.team, project.status, project.created
SELECT
    project.id,
    project.team,
    project.status,
    project.created_day
FROM project
WHERE
    TRUE
    [[ AND project.id IN (SELECT value FROM json_each(:projects)) ]]
    [[ AND project.team IN (SELECT value FROM json_each(:teams)) ]]

-- name: projects_by_status
-- How many projects have each status, in the database's own spelling.
-- returns: status text, projects integer
-- needs: project.status
SELECT
    chosen_project.status AS status,
    count(*) AS projects
FROM chosen_project
GROUP BY chosen_project.status

-- name: projects_by_creation
-- How many projects were created on each local day, by status.
-- returns: day date, status text, projects integer
-- needs: project.created, project.status
SELECT
    chosen_project.created_day AS day,
    chosen_project.status AS status,
    count(*) AS projects
FROM chosen_project
WHERE chosen_project.created_day IS NOT NULL
GROUP BY chosen_project.created_day, chosen_project.status
ORDER BY chosen_project.created_day

-- name: projects_by_team
-- How many projects each team has, by status; projects without a team have none.
-- returns: team text, name text, color text, status text, projects integer
-- optional: team, team.name, team.color
-- needs: project.team
SELECT
    counted.team AS team,
    coalesce(team.name, counted.team) AS name,
    team.color AS color,
    counted.status AS status,
    counted.projects AS projects
FROM (
    SELECT
        chosen_project.team AS team,
        chosen_project.status AS status,
        count(*) AS projects
    FROM chosen_project
    GROUP BY chosen_project.team, chosen_project.status
) AS counted
LEFT JOIN team ON team.id = counted.team
ORDER BY name

-- name: top_projects_by_activity
-- The projects in which most happened in the period.
-- returns: project text, name text, color text, activity integer
-- optional: project, project.name, project.color
SELECT
    counted.project AS project,
    coalesce(project.name, counted.project) AS name,
    project.color AS color,
    counted.activity AS activity
FROM (
    SELECT
        activity.project AS project,
        count(*) AS activity
    FROM activity
    WHERE
        in_period(activity.at)
        AND activity.project IS NOT NULL
        [[ AND activity.project IN (SELECT value FROM json_each(:projects)) ]]
        [[ AND activity.person IN (SELECT value FROM json_each(:people)) ]]
        [[ AND activity.project IN (
            SELECT project.id FROM project
            WHERE project.team IN (SELECT value FROM json_each(:teams))
        ) ]]
    GROUP BY activity.project
    ORDER BY activity DESC
    LIMIT :limit
) AS counted
LEFT JOIN project ON project.id = counted.project
ORDER BY counted.activity DESC

-- name: latest_activity
-- What happened last in the projects, newest first.
-- returns: at instant, project text, person text, action text, description text
-- optional: activity.person, activity.action, activity.description
-- optional: project, project.name, person, person.name
SELECT
    latest.at AS at,
    coalesce(project.name, latest.project) AS project,
    coalesce(person.name, latest.person) AS person,
    latest.action AS action,
    latest.description AS description
FROM (
    SELECT
        activity.at AS at,
        activity.at_stored AS stored,
        activity.project AS project,
        activity.person AS person,
        activity.action AS action,
        activity.description AS description
    FROM activity
    WHERE
        in_period(activity.at)
        [[ AND activity.project IN (SELECT value FROM json_each(:projects)) ]]
        [[ AND activity.person IN (SELECT value FROM json_each(:people)) ]]
        [[ AND activity.project IN (
            SELECT project.id FROM project
            WHERE project.team IN (SELECT value FROM json_each(:teams))
        ) ]]
    ORDER BY activity.at_stored DESC
    LIMIT :limit
) AS latest
LEFT JOIN project ON project.id = latest.project
LEFT JOIN person ON person.id = latest.person
ORDER BY latest.stored DESC

-- name: portfolio
-- Every project that the filters leave, with its status, its team and its monthly budget.
-- returns: project text, name text, status text, team text, budget number
-- optional: project.name, project.status, project.team, project.budget, team, team.name
SELECT
    project.id AS project,
    coalesce(project.name, project.id) AS name,
    project.status AS status,
    coalesce(team.name, project.team) AS team,
    project.budget AS budget
FROM project
LEFT JOIN team ON team.id = project.team
WHERE
    TRUE
    [[ AND project.id IN (SELECT value FROM json_each(:projects)) ]]
    [[ AND project.team IN (SELECT value FROM json_each(:teams)) ]]
ORDER BY name
