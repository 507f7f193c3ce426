-- name: reported_by_project
-- What was reported as each project's cost over its lifetime.
-- returns: project text, name text, category_cost number, cost number
-- optional: project_cost.category_cost
-- optional: project, project.name
SELECT
    project_cost.project AS project,
    coalesce(project.name, project_cost.project) AS name,
    sum(project_cost.category_cost) AS category_cost,
    sum(project_cost.total) AS cost
FROM project_cost
LEFT JOIN project ON project.id = project_cost.project
WHERE
    TRUE
    [[ AND project_cost.project IN (SELECT value FROM json_each(:projects)) ]]
    [[ AND project.team IN (SELECT value FROM json_each(:teams)) ]]
GROUP BY project_cost.project
ORDER BY project_cost.project

-- name: reported_by_day
-- What was reported as each day's cost.
-- returns: day date, category_cost number, cost number
-- optional: reported_day.category_cost
SELECT
    reported_day.at_day AS day,
    sum(reported_day.category_cost) AS category_cost,
    sum(reported_day.total) AS cost
FROM reported_day
WHERE in_period(reported_day.at)
GROUP BY reported_day.at_day
ORDER BY day

-- name: weekly_reports
-- The weekly spend reports whose week starts in the period, newest first.
-- returns: week date, category_cost number, cost number
-- optional: reported_week.category_cost
SELECT
    reported_week.start_day AS week,
    sum(reported_week.category_cost) AS category_cost,
    sum(reported_week.total) AS cost
FROM reported_week
WHERE in_period(reported_week.start)
GROUP BY reported_week.start_day
ORDER BY week DESC

-- name: reported_by_month
-- What was reported as each month's cost, by category; a month may stand as its first day.
-- returns: month text, category text, cost number
-- optional: reported_month.category
SELECT
    substr(reported_month.month, 1, 7) AS month,
    coalesce(reported_month.category, 'Total') AS category,
    sum(reported_month.cost) AS cost
FROM reported_month
WHERE reported_month.month BETWEEN substr(:start_day, 1, 7) AND substr(:end_day, 1, 7) || '~'
GROUP BY substr(reported_month.month, 1, 7), category
ORDER BY month, category

-- name: reported_by_project_month
-- What was reported as all projects' cost in each month, which may stand as its first day.
-- returns: month text, cost number
-- optional: project_cost_month.month
-- needs: project_cost_month.month
SELECT
    substr(project_cost_month.month, 1, 7) AS month,
    sum(project_cost_month.total) AS cost
FROM project_cost_month
WHERE project_cost_month.month BETWEEN substr(:start_day, 1, 7) AND substr(:end_day, 1, 7) || '~'
GROUP BY substr(project_cost_month.month, 1, 7)
ORDER BY month

-- name: savings
-- Ways to spend less that the filters leave, neither done nor dismissed, the largest first.
-- returns: title text, category text, project text, savings number, effort text, status text
-- optional: saving.project, saving.category, saving.savings, saving.effort, saving.status
-- optional: project, project.name
-- chosen: saving.project
SELECT
    saving.title AS title,
    saving.category AS category,
    coalesce(project.name, saving.project) AS project,
    saving.savings AS savings,
    saving.effort AS effort,
    saving.status AS status
FROM saving
LEFT JOIN project ON project.id = saving.project
WHERE
    meaning('advice', saving.status) = 'Open'
    [[ AND saving.project IN (SELECT value FROM json_each(:projects)) ]]
    [[ AND project.team IN (SELECT value FROM json_each(:teams)) ]]
ORDER BY saving.savings DESC
LIMIT :limit
