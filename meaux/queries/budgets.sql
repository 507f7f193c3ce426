-- name: ai_budgets
-- Limits on AI spend that the database holds, each with the period that it is of, as the name of
-- its column says, else its row, else a month; its first and last day, and its currency, where that
-- is not dollars.
-- An amount that is no number above zero comes as it is written, for the page to say so.
-- returns: name text, project text, team text, amount number, period text, first_day date
-- returns: last_day date, currency text, written stored
-- optional: ai_budget.name, ai_budget.period, ai_budget.project, ai_budget.team
SELECT
    coalesce(ai_budget.name, '{category of ai_usage}') AS name,
    ai_budget.project AS project,
    ai_budget.team AS team,
    coalesce(ai_budget.monthly_limit, ai_budget.monthly_limit_foreign) AS amount,
    CASE
        WHEN ai_budget.monthly_limit_span <> meaning('span', ai_budget.period)
            THEN ai_budget.monthly_limit_span
        ELSE coalesce(nullif(ai_budget.period, ''), 'month')
    END AS period,
    ai_budget.starts_day AS first_day,
    ai_budget.ends_day AS last_day,
    iif(ai_budget.monthly_limit_foreign IS NULL, NULL, upper(ai_budget.currency)) AS currency,
    coalesce(
        nullif(ai_budget.monthly_limit_stored, ''),
        nullif(ai_budget.monthly_limit_stored_2, ''),
        ai_budget.monthly_limit_stored_3
    ) AS written
FROM ai_budget
WHERE
    coalesce(ai_budget.monthly_limit, ai_budget.monthly_limit_foreign) IS NOT NULL
    OR ai_budget.monthly_limit_unread
ORDER BY name, amount

-- name: project_budgets
-- Budgets of the projects that have one, as those of AI; zero is none.
-- An amount that is no number above zero comes as it is written, for the page to say so.
-- returns: project text, name text, status text, amount number, period text, first_day date
-- returns: last_day date, currency text, written stored
-- optional: project.name, project.status
SELECT
    project.id AS project,
    coalesce(project.name, project.id) AS name,
    project.status AS status,
    coalesce(project.budget, project.budget_foreign) AS amount,
    CASE
        WHEN project.budget_span <> meaning('span', project.budget_period) THEN project.budget_span
        ELSE coalesce(nullif(project.budget_period, ''), 'month')
    END AS period,
    project.budget_starts_day AS first_day,
    project.budget_ends_day AS last_day,
    iif(project.budget_foreign IS NULL, NULL, upper(project.currency)) AS currency,
    coalesce(
        nullif(project.budget_stored, ''),
        nullif(project.budget_stored_2, ''),
        project.budget_stored_3
    ) AS written
FROM project
WHERE
    there(project.id)
    AND (coalesce(project.budget, project.budget_foreign) <> 0 OR project.budget_unread)
ORDER BY name

-- view: spanned_budget
-- A row for each budget in the database of one of the periods that are asked for.
-- optional: ai_budget, ai_budget.period, project, project.budget
-- needs: ai_budget.period or project.budget_period
SELECT budget.period AS period
FROM (
    SELECT coalesce(ai_budget.monthly_limit_span, meaning('span', ai_budget.period)) AS period
    FROM ai_budget
    WHERE ai_budget.monthly_limit > 0
    UNION ALL
    SELECT coalesce(project.budget_span, meaning('span', project.budget_period)) AS period
    FROM project
    WHERE project.budget > 0 AND there(project.id)
) AS budget
WHERE TRUE [[ AND budget.period IN (SELECT value FROM json_each(:spans)) ]]

-- view: budgeted
-- Every project once, with its team; those with a budget, in the database or by id or name, with
-- their own id and name too.
-- optional: project.name, project.team, project.budget, ai_budget, ai_budget.project
SELECT
    listed.id AS id,
    min(listed.team) AS team,
    min(iif(listed.has_one, listed.id, NULL)) AS own,
    min(iif(listed.has_one, coalesce(listed.name, listed.id), NULL)) AS name
FROM (
    SELECT
        project.id AS id,
        project.team AS team,
        project.name AS name,
        (
            project.budget > 0
            OR project.id IN (SELECT ai_budget.project FROM ai_budget)
            OR lower(project.name) IN (SELECT lower(ai_budget.project) FROM ai_budget)
            [[ OR project.id IN (SELECT value FROM json_each(:names)) ]]
            [[ OR lower(project.name) IN (SELECT lower(value) FROM json_each(:names)) ]]
        ) AS has_one
    FROM project
) AS listed
GROUP BY listed.id

-- name: cost_of_budgets
-- What the projects of each team cost on each local day, by category; each project with a budget
-- has lines of its own.
-- returns: day date, team text, team_name text, project text, project_name text, category text
-- returns: cost number
-- optional: team, team.name
-- needs: project, source.project
SELECT
    spent.day AS day,
    spent.team AS team,
    coalesce(team.name, spent.team) AS team_name,
    spent.project AS project,
    spent.project_name AS project_name,
    spent.category AS category,
    spent.cost AS cost
FROM (
    SELECT
        of_project.day AS day,
        budgeted.team AS team,
        budgeted.own AS project,
        budgeted.name AS project_name,
        of_project.category AS category,
        sum(of_project.cost) AS cost
    FROM (
        SELECT
            cost_line.day AS day,
            cost_line.project AS project,
            cost_line.category AS category,
            sum(cost_line.amount) AS cost
        FROM cost_line
        WHERE cost_line.project IS NOT NULL
        GROUP BY cost_line.day, cost_line.project, cost_line.category
    ) AS of_project
    INNER JOIN budgeted ON budgeted.id = of_project.project
    GROUP BY of_project.day, budgeted.team, budgeted.own, of_project.category
) AS spent
LEFT JOIN team ON team.id = spent.team
ORDER BY spent.day, spent.team, spent.project, spent.category

-- name: dearest_lines
-- What cost most: each service or model for a project and a person, of the categories named.
-- returns: category text, service text, project text, person text, cost number
-- optional: project, project.name, person, person.name
SELECT
    spent.category AS category,
    spent.service AS service,
    coalesce(project.name, spent.project) AS project,
    coalesce(person.name, spent.person) AS person,
    spent.cost AS cost
FROM (
    SELECT
        cost_line.category AS category,
        cost_line.service AS service,
        cost_line.project AS project,
        cost_line.person AS person,
        sum(cost_line.amount) AS cost
    FROM cost_line
    WHERE
        TRUE
        [[ AND cost_line.category IN (SELECT value FROM json_each(:names)) ]]
    GROUP BY cost_line.category, cost_line.service, cost_line.project, cost_line.person
    HAVING sum(cost_line.amount) > 0
    ORDER BY cost DESC
    LIMIT :limit
) AS spent
LEFT JOIN project ON project.id = spent.project
LEFT JOIN person ON person.id = spent.person
ORDER BY spent.cost DESC

-- name: recurring_lines
-- What was paid seldom of a service: the lines that come every month are among it, the largest
-- first. `paid` are days with their amounts.
-- returns: service text, resource text, project text, team text, paid days
-- optional: infrastructure_usage.service, infrastructure_usage.resource
-- optional: infrastructure_usage.project, project, project.team
-- needs: infrastructure_usage
SELECT
    seldom.service AS service,
    seldom.resource AS resource,
    seldom.project AS project,
    project.team AS team,
    seldom.paid AS paid
FROM (
    SELECT
        ledger.service AS service,
        ledger.resource AS resource,
        ledger.project AS project,
        json_group_array(json_array(ledger.day, ledger.amount)) AS paid,
        sum(abs(ledger.amount)) AS size
    FROM ledger
    WHERE ledger.category = '{category of infrastructure_usage}' AND ledger.amount <> 0
    GROUP BY ledger.service, ledger.resource, ledger.project
    HAVING count(*) <= 12
    ORDER BY size DESC
    LIMIT :limit
) AS seldom
LEFT JOIN project ON project.id = seldom.project
ORDER BY seldom.size DESC, seldom.service, seldom.resource, seldom.project
