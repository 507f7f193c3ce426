-- name: ai_budgets
-- Limits on AI spend that the database holds, as a month's amount where the period says so.
-- returns: name text, project text, team text, monthly number, period text
-- optional: ai_budget.name, ai_budget.period, ai_budget.project, ai_budget.team
SELECT
    coalesce(ai_budget.name, 'AI') AS name,
    ai_budget.project AS project,
    ai_budget.team AS team,
    ai_budget.monthly_limit AS monthly,
    coalesce(ai_budget.period, 'monthly') AS period
FROM ai_budget
WHERE ai_budget.monthly_limit > 0
ORDER BY name

-- name: project_budgets
-- Monthly budgets of the projects that have one.
-- returns: project text, name text, status text, monthly number
-- optional: project.name, project.status
SELECT
    project.id AS project,
    coalesce(project.name, project.id) AS name,
    project.status AS status,
    project.budget AS monthly
FROM project
WHERE project.budget > 0
ORDER BY name

-- name: cost_by_day_and_team
-- What the projects of each team cost on each local day, by category.
-- returns: day date, team text, name text, category text, cost number
-- optional: team, team.name
-- needs: project.team, time_entry.project or ai_usage.project or infrastructure_usage.project
SELECT
    spent.day AS day,
    spent.team AS team,
    coalesce(team.name, spent.team) AS name,
    spent.category AS category,
    spent.cost AS cost
FROM (
    SELECT
        cost_line.day AS day,
        project.team AS team,
        cost_line.category AS category,
        sum(cost_line.amount) AS cost
    FROM cost_line
    INNER JOIN project ON project.id = cost_line.project
    GROUP BY cost_line.day, project.team, cost_line.category
) AS spent
LEFT JOIN team ON team.id = spent.team
ORDER BY spent.day, spent.team, spent.category

-- name: cost_of_budgeted_projects
-- What each project with a budget, in the database or by id or name, cost on each local day.
-- returns: day date, project text, name text, category text, cost number
-- optional: project.name, project.budget, ai_budget, ai_budget.project
-- needs: time_entry.project or ai_usage.project or infrastructure_usage.project
SELECT
    cost_line.day AS day,
    project.id AS project,
    coalesce(project.name, project.id) AS name,
    cost_line.category AS category,
    sum(cost_line.amount) AS cost
FROM cost_line
INNER JOIN project ON project.id = cost_line.project
WHERE
    project.budget > 0
    OR project.id IN (SELECT ai_budget.project FROM ai_budget)
    OR lower(project.name) IN (SELECT lower(ai_budget.project) FROM ai_budget)
    [[ OR project.id IN (SELECT value FROM json_each(:names)) ]]
    [[ OR lower(project.name) IN (SELECT lower(value) FROM json_each(:names)) ]]
GROUP BY cost_line.day, project.id, cost_line.category
ORDER BY cost_line.day, project.id, cost_line.category
