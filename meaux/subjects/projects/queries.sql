-- view: chosen_project
-- The projects that the filters leave.
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
        AND of_projects(activity.project)
        AND of_people(activity.person)
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
        activity.project AS project,
        activity.person AS person,
        activity.action AS action,
        activity.description AS description
    FROM activity
    WHERE
        in_period(activity.at)
        AND of_projects(activity.project)
        AND of_people(activity.person)
    ORDER BY activity.at_order DESC
    LIMIT :limit
) AS latest
LEFT JOIN project ON project.id = latest.project
LEFT JOIN person ON person.id = latest.person
ORDER BY latest.place DESC

-- name: portfolio
-- Every project that the filters leave, with its status, its team and its budget.
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
-- What is deployed for each project, and since when.
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
-- The newest progress of each project, in per cent: beside max(), SQLite takes the other columns
-- from the row that has it.
-- optional: progress
SELECT
    progress.project AS project,
    progress.percent AS percent,
    max(progress.at_order) AS recorded
FROM progress
WHERE progress.percent IS NOT NULL
GROUP BY progress.project

-- view: delivery
-- How many milestones each project has, and how many are completed.
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
-- What was reported as each project's cost over its lifetime.
-- optional: project_cost
SELECT
    project_cost.project AS project,
    sum(project_cost.total) AS cost
FROM project_cost
GROUP BY project_cost.project

-- name: project_list
-- Every project that the filters leave, with what is known of it whatever the period.
-- Progress is the newest value that was recorded, a share of the whole; lifetime cost is reported.
-- returns: project text, name text, color text, status text, priority text, category text
-- returns: team text, url text, created instant, deployed instant, deployments integer
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
    project.created AS created,
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

-- name: activity_by_project
-- How much happened in each project in the period, and when last; without a project in none. And
-- how much of it on the days that are compared.
-- returns: project text, activity integer, last_activity instant, comparable_activity integer
SELECT
    activity.project AS project,
    count(*) AS activity,
    max(activity.at) AS last_activity,
    sum(activity.at_day < :comparable_end) AS comparable_activity
FROM activity
WHERE
    in_period(activity.at)
    AND of_projects(activity.project)
    AND of_people(activity.person)
GROUP BY activity.project

-- name: milestones_of_projects
-- The milestones of the projects that the filters leave, by the day on which they are due.
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
ORDER BY milestone.due_day, title

-- name: deployments
-- What the activity log says of deployments in the period, newest first.
-- returns: at instant, person text, description text
-- optional: person, person.name
-- needs: activity.action
SELECT
    recent_deployment.at AS at,
    coalesce(person.name, recent_deployment.person) AS person,
    recent_deployment.title AS description
FROM recent_deployment
LEFT JOIN person ON person.id = recent_deployment.person
ORDER BY recent_deployment.at DESC
