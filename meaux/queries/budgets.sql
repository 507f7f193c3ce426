-- name: ai_budgets
-- Limits on AI spend that the database holds, as a month's amount where the period says so.
-- returns: name text, monthly number, period text
-- optional: ai_budget.name, ai_budget.period
SELECT
    coalesce(ai_budget.name, 'AI') AS name,
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
