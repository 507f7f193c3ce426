-- view: ai_line
-- The lines of AI use in the period that the ledger takes: those in dollars.
-- optional: ai_usage, ai_usage.project, ai_usage.person, ai_usage.model, ai_usage.currency
SELECT
    ai_usage.at_day AS day,
    ai_usage.model AS model,
    ai_usage.project AS project,
    ai_usage.person AS person,
    ai_usage.cost AS cost
FROM ai_usage
WHERE in_period(ai_usage.at) AND coalesce(ai_usage.currency, 'usd') = 'usd'

-- view: ledger
-- Every line of the cost ledger in the period, one currency, whatever is chosen in the filters.
-- optional: time_entry.project, time_entry.person
-- optional: infrastructure_usage, infrastructure_usage.project
-- optional: infrastructure_usage.service, infrastructure_usage.resource
-- optional: infrastructure_usage.currency
-- needs: time_entry or ai_usage or infrastructure_usage
SELECT
    worked.day AS day,
    'Time' AS category,
    'Time tracking' AS service,
    NULL AS resource,
    worked.project AS project,
    worked.person AS person,
    worked.cost AS amount,
    worked.cost IS NULL AND worked.seconds > 0 AS unpriced
FROM worked
UNION ALL
SELECT
    ai_line.day AS day,
    'AI' AS category,
    ai_line.model AS service,
    NULL AS resource,
    ai_line.project AS project,
    ai_line.person AS person,
    ai_line.cost AS amount,
    ai_line.cost IS NULL AS unpriced
FROM ai_line
UNION ALL
SELECT
    infrastructure_usage.at_day AS day,
    'Infrastructure' AS category,
    infrastructure_usage.service AS service,
    infrastructure_usage.resource AS resource,
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
SELECT
    ledger.day,
    ledger.category,
    ledger.service,
    ledger.resource,
    ledger.project,
    ledger.person,
    ledger.amount,
    ledger.unpriced
FROM ledger
WHERE
    TRUE
    AND of_projects(ledger.project)
    AND of_people(ledger.person)

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

-- name: cost_by_project
-- What each project cost, by category; the line without a project is what is unassigned. And what
-- it cost on the days that are compared, in how many lines.
-- returns: project text, name text, color text, team text, category text, cost number
-- returns: unpriced integer, comparable_cost number, comparable_lines integer
-- optional: project, project.name, project.color, project.team
-- needs: time_entry.project or ai_usage.project or infrastructure_usage.project
SELECT
    spent.project AS project,
    coalesce(project.name, spent.project) AS name,
    project.color AS color,
    project.team AS team,
    spent.category AS category,
    spent.cost AS cost,
    spent.unpriced AS unpriced,
    spent.comparable_cost AS comparable_cost,
    spent.comparable_lines AS comparable_lines
FROM (
    SELECT
        cost_line.project AS project,
        cost_line.category AS category,
        sum(cost_line.amount) AS cost,
        sum(cost_line.unpriced) AS unpriced,
        sum(cost_line.amount) FILTER (WHERE cost_line.day < :comparable_end) AS comparable_cost,
        sum(cost_line.day < :comparable_end) AS comparable_lines
    FROM cost_line
    GROUP BY cost_line.project, cost_line.category
) AS spent
LEFT JOIN project ON project.id = spent.project
ORDER BY spent.project, spent.category

-- name: cost_by_person
-- What each person's time and AI use cost; the line without a person is nobody's.
-- returns: person text, name text, category text, cost number, unpriced integer
-- optional: person, person.name
-- needs: time_entry.person or ai_usage.person
SELECT
    spent.person AS person,
    coalesce(person.name, spent.person) AS name,
    spent.category AS category,
    spent.cost AS cost,
    spent.unpriced AS unpriced
FROM (
    SELECT
        cost_line.person AS person,
        cost_line.category AS category,
        sum(cost_line.amount) AS cost,
        sum(cost_line.unpriced) AS unpriced
    FROM cost_line
    WHERE cost_line.category <> 'Infrastructure'
    GROUP BY cost_line.person, cost_line.category
) AS spent
LEFT JOIN person ON person.id = spent.person
ORDER BY spent.cost DESC

-- name: cost_by_service
-- What each AI model and each infrastructure service cost.
-- returns: category text, service text, cost number
-- needs: ai_usage or infrastructure_usage
SELECT
    cost_line.category AS category,
    cost_line.service AS service,
    sum(cost_line.amount) AS cost
FROM cost_line
WHERE cost_line.category <> 'Time'
GROUP BY cost_line.category, cost_line.service
ORDER BY cost DESC

-- name: model_cost_by_day
-- What each AI model cost on each local day, and how many of its lines have no price.
-- returns: day date, category text, model text, cost number, unpriced integer
-- needs: ai_usage
-- chosen: ai_usage.project, ai_usage.person
SELECT
    ai_line.day AS day,
    'AI' AS category,
    ai_line.model AS model,
    sum(ai_line.cost) AS cost,
    sum(ai_line.cost IS NULL) AS unpriced
FROM ai_line
WHERE
    TRUE
    AND of_projects(ai_line.project)
    AND of_people(ai_line.person)
GROUP BY ai_line.day, ai_line.model
ORDER BY ai_line.day, ai_line.model

-- name: cost_tree
-- What each category cost, by project and person or model, or by service and resource.
-- returns: category text, branch text, leaf text, cost number
-- optional: project, project.name, person, person.name
SELECT
    spent.category AS category,
    coalesce(project.name, spent.branch) AS branch,
    coalesce(person.name, spent.leaf) AS leaf,
    spent.cost AS cost
FROM (
    SELECT
        cost_line.category AS category,
        iif(cost_line.category = 'Infrastructure', cost_line.service, cost_line.project) AS branch,
        CASE cost_line.category
            WHEN 'Time' THEN cost_line.person
            WHEN 'AI' THEN cost_line.service
            ELSE cost_line.resource
        END AS leaf,
        sum(cost_line.amount) AS cost
    FROM cost_line
    GROUP BY cost_line.category, branch, leaf
) AS spent
LEFT JOIN project ON project.id = spent.branch AND spent.category <> 'Infrastructure'
LEFT JOIN person ON person.id = spent.leaf AND spent.category = 'Time'
ORDER BY spent.category, spent.branch, spent.leaf

-- name: billed_lines
-- The ledger by day, category, service and project, for the FOCUS export.
-- returns: day date, category text, service text, project text, name text, cost number
-- optional: project, project.name
SELECT
    spent.day AS day,
    spent.category AS category,
    spent.service AS service,
    spent.project AS project,
    coalesce(project.name, spent.project) AS name,
    spent.cost AS cost
FROM (
    SELECT
        cost_line.day AS day,
        cost_line.category AS category,
        cost_line.service AS service,
        cost_line.project AS project,
        sum(cost_line.amount) AS cost
    FROM cost_line
    GROUP BY cost_line.day, cost_line.category, cost_line.service, cost_line.project
    HAVING sum(cost_line.amount) IS NOT NULL
) AS spent
LEFT JOIN project ON project.id = spent.project
ORDER BY spent.day, spent.category, spent.service, spent.project

-- name: other_currencies
-- Lines in another currency than dollars that the filters leave; they are in no sum.
-- returns: category text, currency text, lines integer, amount number
-- optional: ai_usage, ai_usage.project, ai_usage.person
-- optional: infrastructure_usage, infrastructure_usage.project
-- needs: ai_usage.currency or infrastructure_usage.currency
-- optional: ai_usage.currency, infrastructure_usage.currency
SELECT
    foreign_line.category AS category,
    upper(foreign_line.currency) AS currency,
    count(*) AS lines,
    sum(foreign_line.amount) AS amount
FROM (
    SELECT
        'AI' AS category,
        ai_usage.currency AS currency,
        ai_usage.project AS project,
        ai_usage.person AS person,
        ai_usage.cost AS amount
    FROM ai_usage
    WHERE in_period(ai_usage.at) AND ai_usage.currency <> 'usd'
    UNION ALL
    SELECT
        'Infrastructure' AS category,
        infrastructure_usage.currency AS currency,
        infrastructure_usage.project AS project,
        NULL AS person,
        infrastructure_usage.cost AS amount
    FROM infrastructure_usage
    WHERE in_period(infrastructure_usage.at) AND infrastructure_usage.currency <> 'usd'
) AS foreign_line
WHERE
    TRUE
    AND of_projects(foreign_line.project)
    AND of_people(foreign_line.person)
GROUP BY foreign_line.category, foreign_line.currency
ORDER BY foreign_line.category, foreign_line.currency

-- name: unpriced_time
-- Hours in the period that no cost and no rate gives a price to.
-- returns: entries integer, hours number
-- needs: time_entry.seconds or time_entry.ended
SELECT
    count(*) AS entries,
    sum(work.seconds) / 3600.0 AS hours
FROM work
WHERE work.cost IS NULL AND work.seconds > 0
