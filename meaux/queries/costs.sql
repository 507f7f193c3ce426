-- view: time_line
-- What people worked in the period, as lines of the ledger.
SELECT
    worked.day AS day,
    'Time tracking' AS service,
    NULL AS resource,
    worked.project AS project,
    worked.person AS person,
    worked.cost AS amount,
    worked.cost IS NULL
    AND worked.currency = 'usd'
    AND (worked.seconds > 0 OR worked.cost_unread) AS unpriced
FROM worked

-- view: ai_line
-- The lines of AI use in the period that the ledger takes: those in dollars.
-- optional: ai_usage, ai_usage.project, ai_usage.person, ai_usage.model, ai_usage.currency
SELECT
    ai_usage.at_day AS day,
    ai_usage.model AS service,
    NULL AS resource,
    ai_usage.project AS project,
    ai_usage.person AS person,
    ai_usage.cost AS amount,
    ai_usage.cost IS NULL AS unpriced
FROM ai_usage
WHERE in_period(ai_usage.at) AND coalesce(ai_usage.currency, 'usd') = 'usd'

-- view: source_line
-- The rows of a category's table in the period, those in dollars, as lines of the ledger.
-- optional: source, source.project, source.person, source.service, source.resource
-- optional: source.currency
SELECT
    source.at_day AS day,
    source.service AS service,
    source.resource AS resource,
    source.project AS project,
    source.person AS person,
    source.cost AS amount,
    source.cost IS NULL AS unpriced
FROM source
WHERE in_period(source.at) AND coalesce(source.currency, 'usd') = 'usd'

-- view: ledger
-- Every line of the cost ledger in the period, one currency, whatever is chosen in the filters.
-- each: source
-- needs: source
SELECT
    line.day AS day,
    '{category}' AS category,
    line.service AS service,
    line.resource AS resource,
    line.project AS project,
    line.person AS person,
    line.amount AS amount,
    line.unpriced AS unpriced
FROM line

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
-- needs: source.project
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
-- needs: source.project
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
-- What each person cost in the categories that are people's; the line without one is nobody's.
-- returns: person text, name text, category text, cost number, unpriced integer
-- optional: person, person.name
-- needs: personal source.person
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
    WHERE cost_line.category IN ('{personal}')
    GROUP BY cost_line.person, cost_line.category
) AS spent
LEFT JOIN person ON person.id = spent.person
ORDER BY spent.cost DESC

-- name: cost_by_service
-- What each model and each service cost, by category.
-- returns: category text, service text, cost number
-- needs: serviced source
SELECT
    cost_line.category AS category,
    cost_line.service AS service,
    sum(cost_line.amount) AS cost
FROM cost_line
WHERE cost_line.category IN ('{serviced}')
GROUP BY cost_line.category, cost_line.service
ORDER BY cost DESC

-- name: model_cost_by_day
-- What each AI model cost on each local day, and how many of its lines have no price.
-- returns: day date, category text, model text, cost number, unpriced integer
-- needs: ai_usage
-- chosen: ai_usage.project, ai_usage.person
SELECT
    ai_line.day AS day,
    '{category of ai_usage}' AS category,
    ai_line.service AS model,
    sum(ai_line.amount) AS cost,
    sum(ai_line.unpriced) AS unpriced
FROM ai_line
WHERE
    TRUE
    AND of_projects(ai_line.project)
    AND of_people(ai_line.person)
GROUP BY ai_line.day, ai_line.service
ORDER BY ai_line.day, ai_line.service

-- name: cost_tree
-- What each category cost, by branch and leaf: project or service, then person, model or resource.
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
        CASE
            WHEN cost_line.category IN ('{branch: project}') THEN cost_line.project
            ELSE cost_line.service
        END AS branch,
        CASE
            WHEN cost_line.category IN ('{leaf: person}') THEN cost_line.person
            WHEN cost_line.category IN ('{leaf: service}') THEN cost_line.service
            ELSE cost_line.resource
        END AS leaf,
        sum(cost_line.amount) AS cost
    FROM cost_line
    GROUP BY cost_line.category, branch, leaf
) AS spent
LEFT JOIN project ON project.id = spent.branch AND spent.category IN ('{branch: project}')
LEFT JOIN person ON person.id = spent.leaf AND spent.category IN ('{leaf: person}')
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

-- view: time_abroad
-- What people worked in the period whose price is in another currency than dollars.
-- optional: time_entry, time_entry.currency, person, person.currency, project, project.currency
SELECT
    worked.currency AS currency,
    worked.project AS project,
    worked.person AS person,
    worked.cost_abroad AS amount
FROM worked
WHERE
    (known(time_entry.currency) OR known(person.currency) OR known(project.currency))
    AND worked.currency <> 'usd'

-- view: source_abroad
-- The rows of a category's table in the period that are in another currency than dollars.
-- optional: source, source.project, source.person, source.cost, source.currency
SELECT
    source.currency AS currency,
    source.project AS project,
    source.person AS person,
    source.cost_foreign AS amount
FROM source
WHERE in_period(source.at) AND source.currency <> 'usd'

-- view: foreign_line
-- Lines in the period in another currency than dollars, whatever is chosen in the filters.
-- each: source.currency
SELECT
    '{category}' AS category,
    abroad.currency AS currency,
    abroad.project AS project,
    abroad.person AS person,
    abroad.amount AS amount
FROM abroad

-- name: other_currencies
-- Lines in another currency than dollars that the filters leave; they are in no sum. What they
-- come to is not known where the amount of one isn't.
-- returns: category text, currency text, lines integer, amount number
-- needs: source.currency or person.currency or project.currency
SELECT
    foreign_line.category AS category,
    upper(foreign_line.currency) AS currency,
    count(*) AS lines,
    iif(count(foreign_line.amount) = count(*), sum(foreign_line.amount), NULL) AS amount
FROM foreign_line
WHERE
    TRUE
    AND of_projects(foreign_line.project)
    AND of_people(foreign_line.person)
GROUP BY foreign_line.category, foreign_line.currency
ORDER BY foreign_line.category, foreign_line.currency

-- name: unpriced_time
-- Hours in the period that no cost and no rate gives a price to, those in another currency aside.
-- returns: entries integer, hours number
-- needs: time_entry.seconds or time_entry.ended
SELECT
    count(*) AS entries,
    sum(work.seconds) / 3600.0 AS hours
FROM work
WHERE work.cost IS NULL AND work.currency = 'usd' AND work.seconds > 0
