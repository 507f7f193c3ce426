-- view: chosen_project
-- The projects after filters.
-- optional: project.team, project.status, project.created
-- chosen: project.team
SELECT
    project.id,
    project.team,
    project.status,
    project.created_day
FROM project
WHERE
    there(project.id)
    [[ AND project.id IN (SELECT value FROM json_each(:projects)) ]]
    [[ AND project.team IN (SELECT value FROM json_each(:teams)) ]]

-- name: named_projects
-- The name, colour and team of each project, deleted ones included.
-- returns: project text, name text, color text, team text
-- optional: project.name, project.color, project.team
-- needs: project
SELECT
    project.id AS project,
    project.name AS name,
    project.color AS color,
    project.team AS team
FROM project

-- name: projects_by_status
-- Projects per status, in the database's own spelling.
-- returns: status text, projects integer
-- needs: project.status
SELECT
    chosen_project.status AS status,
    count(*) AS projects
FROM chosen_project
GROUP BY chosen_project.status

-- name: projects_by_creation
-- Projects created per local day and status.
-- returns: day date, status text, projects integer
-- needs: project.created, project.status
SELECT
    chosen_project.created_day AS day,
    chosen_project.status AS status,
    count(*) AS projects
FROM chosen_project
WHERE chosen_project.created_day IS NOT NULL
GROUP BY chosen_project.created_day, chosen_project.status
ORDER BY chosen_project.created_day, chosen_project.status

-- name: projects_by_team
-- Projects per team and status; team is NULL for projects without one.
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
ORDER BY name, counted.status

-- name: top_projects_by_activity
-- The projects with the most activity in the period.
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
        AND of_projects(activity.project)
        AND of_people(activity.person)
    GROUP BY activity.project
    ORDER BY activity DESC, activity.project
    LIMIT :limit
) AS counted
LEFT JOIN project ON project.id = counted.project
ORDER BY counted.activity DESC, counted.project

-- name: latest_activity
-- Project activity, latest first.
-- returns: at instant, project text, person text, action text, description text
-- optional: activity.person, activity.action, activity.description
-- chosen: activity.person
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
        activity.at_order AS place,
        activity.key_order AS key_order,
        activity.project AS project,
        activity.person AS person,
        activity.action AS action,
        activity.description AS description
    FROM activity
    WHERE
        in_period(activity.at)
        AND of_projects(activity.project)
        AND of_people(activity.person)
    ORDER BY activity.at_order DESC, activity.key_order DESC
    LIMIT :limit
) AS latest
LEFT JOIN project ON project.id = latest.project
LEFT JOIN person ON person.id = latest.person
ORDER BY latest.place DESC, latest.key_order DESC

-- name: portfolio
-- Projects that match the filters, with status, team and budget.
-- returns: project text, name text, status text, team text, budget number
-- optional: project.name, project.status, project.team, project.budget, team, team.name
-- chosen: project.team
SELECT
    project.id AS project,
    coalesce(project.name, project.id) AS name,
    project.status AS status,
    coalesce(team.name, project.team) AS team,
    project.budget AS budget
FROM project
LEFT JOIN team ON team.id = project.team
WHERE
    there(project.id)
    [[ AND project.id IN (SELECT value FROM json_each(:projects)) ]]
    [[ AND project.team IN (SELECT value FROM json_each(:teams)) ]]
ORDER BY name

-- view: deployment
-- The deployment of each project, and its time.
-- optional: project_stat, project_stat.url, project_stat.category, project_stat.deployed
-- optional: project_stat.deployments
SELECT
    project_stat.project AS project,
    max(project_stat.category) AS category,
    max(project_stat.url) AS url,
    max(project_stat.deployed) AS deployed,
    sum(project_stat.deployments) AS deployments
FROM project_stat
GROUP BY project_stat.project

-- view: reached
-- The latest progress of each project, in percent. With max(), SQLite takes the other columns from
-- the row with the maximum.
-- optional: progress
SELECT
    progress.project AS project,
    progress.percent AS percent,
    max(progress.at_order) AS recorded
FROM progress
WHERE progress.percent IS NOT NULL
GROUP BY progress.project

-- view: delivery
-- Milestones per project, and how many are completed.
-- optional: milestone, milestone.status, milestone.completed
SELECT
    milestone.project AS project,
    count(*) AS milestones,
    count(*) FILTER (
        WHERE
        milestone.completed IS NOT NULL
        OR meaning('status', milestone.status) = 'Completed'
    ) AS completed
FROM milestone
GROUP BY milestone.project

-- view: reported_lifetime
-- Reported lifetime cost per project.
-- optional: project_cost
SELECT
    project_cost.project AS project,
    sum(project_cost.total) AS cost
FROM project_cost
GROUP BY project_cost.project

-- name: project_list
-- Projects that match the filters, with their lifetime figures.
-- Progress is the latest recorded value, from 0 to 1; lifetime cost is as reported.
-- returns: project text, name text, color text, status text, priority text, category text
-- returns: team text, url text, created date, deployed instant, deployments integer
-- returns: progress number, milestones integer, milestones_completed integer, lifetime number
-- optional: project.name, project.color, project.status, project.priority, project.category
-- optional: project.team, project.url, project.created, team, team.name
-- chosen: project.team
SELECT
    project.id AS project,
    coalesce(project.name, project.id) AS name,
    project.color AS color,
    project.status AS status,
    project.priority AS priority,
    coalesce(project.category, deployment.category) AS category,
    coalesce(team.name, project.team) AS team,
    coalesce(project.url, deployment.url) AS url,
    project.created_day AS created,
    deployment.deployed AS deployed,
    deployment.deployments AS deployments,
    reached.percent / 100.0 AS progress,
    delivery.milestones AS milestones,
    delivery.completed AS milestones_completed,
    reported_lifetime.cost AS lifetime
FROM project
LEFT JOIN team ON team.id = project.team
LEFT JOIN deployment ON deployment.project = project.id
LEFT JOIN reached ON reached.project = project.id
LEFT JOIN delivery ON delivery.project = project.id
LEFT JOIN reported_lifetime ON reported_lifetime.project = project.id
WHERE
    there(project.id)
    [[ AND project.id IN (SELECT value FROM json_each(:projects)) ]]
    [[ AND project.team IN (SELECT value FROM json_each(:teams)) ]]
ORDER BY name

-- view: listed_activity
-- Project activity in the period, after filters.
-- optional: activity.person, activity.action, activity.description, activity.key
-- chosen: activity.person
SELECT
    activity.at_day AS day,
    activity.at AS at,
    activity.at_timed AS timed,
    activity.project AS project,
    activity.person AS person,
    activity.action AS action,
    activity.description AS description,
    activity.at_order AS place,
    activity.key AS key,
    activity.key_order AS key_order
FROM activity
WHERE
    in_page(activity.at)
    AND of_projects(activity.project)
    AND of_people(activity.person)

-- name: activity_rows
-- One page of the project activity, latest first.
-- returns: day date, at instant, project text, person text, action text, description text
-- returns: place stored, key text
-- optional: project, project.team
-- needs: activity.key
SELECT
    listed_activity.day AS day,
    iif(listed_activity.timed, listed_activity.at, NULL) AS at,
    listed_activity.project AS project,
    listed_activity.person AS person,
    listed_activity.action AS action,
    listed_activity.description AS description,
    listed_activity.place AS place,
    listed_activity.key AS key
FROM listed_activity
WHERE
    TRUE
    [[ AND coalesce(listed_activity.project, '') IN (SELECT value FROM json_each(:of_project)) ]]
    [[ AND coalesce(listed_activity.person, '') IN (SELECT value FROM json_each(:of_person)) ]]
    [[ AND coalesce(listed_activity.action, '') IN (SELECT value FROM json_each(:of_kind)) ]]
    [[ AND coalesce(
        (SELECT project.team FROM project WHERE project.id = listed_activity.project), ''
    ) IN (SELECT value FROM json_each(:of_team)) ]]
ORDER BY listed_activity.place DESC, listed_activity.key_order DESC
LIMIT :limit

-- name: activity_row_sums
-- The number of activities per project, person and kind.
-- returns: day date, project text, person text, action text, lines integer
SELECT
    per_day(listed_activity.day) AS day,
    listed_activity.project AS project,
    listed_activity.person AS person,
    listed_activity.action AS action,
    count(*) AS lines
FROM listed_activity
GROUP BY
    per_day(listed_activity.day),
    listed_activity.project,
    listed_activity.person,
    listed_activity.action

-- name: activity_by_project
-- Number of activities per project in the period and on its complete days and
-- the time of the latest. The row without a project is "Unassigned".
-- returns: project text, activity integer, last_activity instant, comparable_activity integer
SELECT
    listed_activity.project AS project,
    count(*) AS activity,
    max(listed_activity.at) AS last_activity,
    sum(listed_activity.day < :comparable_end) AS comparable_activity
FROM listed_activity
GROUP BY listed_activity.project

-- name: milestones_of_projects
-- Milestones of the projects that match the filters, by due date.
-- returns: project text, title text, status text, due date, completed date, person text
-- optional: milestone.title, milestone.status, milestone.due, milestone.completed
-- optional: milestone.person, person, person.name
SELECT
    milestone.project AS project,
    milestone.title AS title,
    milestone.status AS status,
    milestone.due_day AS due,
    milestone.completed_day AS completed,
    coalesce(person.name, milestone.person) AS person
FROM milestone
LEFT JOIN person ON person.id = milestone.person
WHERE
    TRUE
    AND of_projects(milestone.project)
ORDER BY milestone.due_day, title, milestone.key_order

-- name: deployments
-- Deployments in the activity log in the period, latest first.
-- returns: at instant, person text, description text
-- optional: person, person.name
-- needs: activity.action
SELECT
    recent_deployment.at AS at,
    coalesce(person.name, recent_deployment.person) AS person,
    recent_deployment.title AS description
FROM recent_deployment
LEFT JOIN person ON person.id = recent_deployment.person
ORDER BY recent_deployment.at DESC, recent_deployment.key_order DESC
