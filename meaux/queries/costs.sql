-- view: ledger
-- Every line of the cost ledger in the period, one currency, whatever is chosen in the filters.
-- optional: time_entry.project, time_entry.person
-- optional: ai_usage, ai_usage.project, ai_usage.person, ai_usage.currency
-- optional: infrastructure_usage, infrastructure_usage.project, infrastructure_usage.currency
-- needs: time_entry or ai_usage or infrastructure_usage
SELECT
    worked.day AS day,
    'Time' AS category,
    worked.project AS project,
    worked.person AS person,
    worked.cost AS amount,
    worked.cost IS NULL AND worked.seconds > 0 AS unpriced
FROM worked
UNION ALL
SELECT
    ai_usage.at_day AS day,
    'AI' AS category,
    ai_usage.project AS project,
    ai_usage.person AS person,
    ai_usage.cost AS amount,
    ai_usage.cost IS NULL AS unpriced
FROM ai_usage
WHERE in_period(ai_usage.at) AND coalesce(ai_usage.currency, 'usd') = 'usd'
UNION ALL
SELECT
    infrastructure_usage.at_day AS day,
    'Infrastructure' AS category,
    infrastructure_usage.project AS project,
    NULL AS person,
    infrastructure_usage.cost AS amount,
    infrastructure_usage.cost IS NULL AS unpriced
FROM infrastructure_usage
WHERE
    in_period(infrastructure_usage.at)
    AND coalesce(infrastructure_usage.currency, 'usd') = 'usd'

-- view: cost_line
-- The lines of the ledger that the filters leave.
-- optional: project.team
SELECT
    ledger.day,
    ledger.category,
    ledger.project,
    ledger.person,
    ledger.amount,
    ledger.unpriced
FROM ledger
WHERE
    TRUE
    [[ AND ledger.project IN (SELECT value FROM json_each(:projects)) ]]
    [[ AND ledger.person IN (SELECT value FROM json_each(:people)) ]]
    [[ AND ledger.project IN (
        SELECT project.id FROM project
        WHERE project.team IN (SELECT value FROM json_each(:teams))
    ) ]]

-- name: cost_by_day
-- What each local day cost, by category, and how many of its lines have no price.
-- returns: day date, category text, cost number, unpriced integer
SELECT
    cost_line.day AS day,
    cost_line.category AS category,
    sum(cost_line.amount) AS cost,
    sum(cost_line.unpriced) AS unpriced
FROM cost_line
GROUP BY cost_line.day, cost_line.category
ORDER BY cost_line.day, cost_line.category

-- name: top_projects_by_cost
-- The projects that cost most; what is not assigned to a project is left out.
-- returns: project text, name text, color text, cost number
-- optional: project, project.name, project.color
-- needs: time_entry.project or ai_usage.project or infrastructure_usage.project
SELECT
    spent.project AS project,
    coalesce(project.name, spent.project) AS name,
    project.color AS color,
    spent.cost AS cost
FROM (
    SELECT
        cost_line.project AS project,
        sum(cost_line.amount) AS cost
    FROM cost_line
    WHERE cost_line.project IS NOT NULL
    GROUP BY cost_line.project
    HAVING sum(cost_line.amount) IS NOT NULL
    ORDER BY cost DESC
    LIMIT :limit
) AS spent
LEFT JOIN project ON project.id = spent.project
ORDER BY spent.cost DESC
