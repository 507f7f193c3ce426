-- view: time_line
-- Time entries in the period, as entries of the ledger.
SELECT
    worked.day AS day,
    iif(worked.timed, worked.started, NULL) AS at,
    worked.place AS place,
    worked.key AS key,
    worked.key_order AS key_order,
    worked.note AS note,
    'Time tracking' AS service,
    NULL AS resource,
    worked.project AS project,
    worked.person AS person,
    worked.cost AS amount,
    worked.cost IS NULL
    AND worked.currency = 'usd'
    AND (worked.seconds > 0 OR worked.cost_unread) AS unpriced,
    worked.cost IS NULL AND worked.currency = 'usd' AND worked.cost_unread AS unread_price,
    worked.billable AS billable,
    iif(worked.seconds >= 0, worked.seconds, NULL) AS seconds,
    worked.running AS running,
    worked.unread AS unread,
    iif(
        worked.cost IS NULL AND worked.currency = 'usd' AND worked.seconds > 0,
        worked.seconds,
        NULL
    ) AS unpriced_seconds
FROM worked

-- view: ai_line
-- AI usage entries in the period in dollars, as entries of the ledger.
-- optional: ai_usage, ai_usage.project, ai_usage.person, ai_usage.model, ai_usage.currency
-- optional: ai_usage.key
SELECT
    ai_usage.at_day AS day,
    iif(ai_usage.at_timed, ai_usage.at, NULL) AS at,
    ai_usage.at_order AS place,
    ai_usage.key AS key,
    ai_usage.key_order AS key_order,
    NULL AS note,
    ai_usage.model AS service,
    NULL AS resource,
    ai_usage.project AS project,
    ai_usage.person AS person,
    ai_usage.cost AS amount,
    ai_usage.cost IS NULL AS unpriced,
    ai_usage.cost_unread AS unread_price,
    NULL AS billable,
    NULL AS seconds,
    NULL AS running,
    NULL AS unread,
    NULL AS unpriced_seconds
FROM ai_usage
WHERE in_page(ai_usage.at) AND coalesce(ai_usage.currency, 'usd') = 'usd'

-- view: source_line
-- The rows of a category's table in the period in dollars, as entries of the ledger.
-- optional: source, source.project, source.person, source.service, source.resource
-- optional: source.currency, source.key
SELECT
    source.at_day AS day,
    NULL AS at,
    source.at_order AS place,
    source.key AS key,
    source.key_order AS key_order,
    NULL AS note,
    source.service AS service,
    source.resource AS resource,
    source.project AS project,
    source.person AS person,
    source.cost AS amount,
    source.cost IS NULL AS unpriced,
    source.cost_unread AS unread_price,
    NULL AS billable,
    NULL AS seconds,
    NULL AS running,
    NULL AS unread,
    NULL AS unpriced_seconds
FROM source
WHERE in_page(source.at) AND coalesce(source.currency, 'usd') = 'usd'

-- view: ledger
-- All entries of the ledger in the period, in one currency, of the selected categories, regardless
-- of other filters. The keys of `ledger_sums` are computed only where they are requested. A
-- condition without a column and a SELECT is checked once: so no other category is read.
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
    line.unpriced AS unpriced,
    line.unread_price AS unread_price,
    line.billable AS billable,
    line.seconds AS seconds,
    line.running AS running,
    line.unread AS unread,
    line.unpriced_seconds AS unpriced_seconds,
    CASE
        WHEN FALSE THEN NULL [[ WHEN line.day >= :by_project THEN line.project ]]
    END AS project_key,
    CASE
        WHEN FALSE THEN NULL [[ WHEN line.day >= :by_person THEN line.person ]]
    END AS person_key,
    CASE
        WHEN FALSE THEN NULL [[ WHEN line.day >= :by_service THEN line.service ]]
    END AS service_key,
    CASE
        WHEN FALSE THEN NULL [[ WHEN line.day >= :by_resource THEN line.resource ]]
    END AS resource_key
FROM line
WHERE
    TRUE
    [[ AND instr(:categories, '"' || '{category}' || '"') > 0 ]]

-- view: cost_line
-- The entries of the ledger that match the filters.
SELECT
    ledger.day,
    ledger.category,
    ledger.service,
    ledger.resource,
    ledger.project,
    ledger.person,
    ledger.amount,
    ledger.unpriced,
    ledger.unread_price,
    ledger.billable,
    ledger.seconds,
    ledger.running,
    ledger.unread,
    ledger.unpriced_seconds,
    ledger.project_key,
    ledger.person_key,
    ledger.service_key,
    ledger.resource_key
FROM ledger
WHERE
    TRUE
    AND of_projects(ledger.project)
    AND of_people(ledger.person)
    [[ AND coalesce(ledger.service, '') IN (SELECT value FROM json_each(:services)) ]]

-- name: cost_by_day
-- Daily cost per category, and the number of entries without a price.
-- returns: day date, category text, cost number, unpriced integer
SELECT
    cost_line.day AS day,
    cost_line.category AS category,
    sum(cost_line.amount) AS cost,
    sum(cost_line.unpriced) AS unpriced
FROM cost_line
GROUP BY cost_line.day, cost_line.category
ORDER BY cost_line.day, cost_line.category

-- view: keyed_line
-- The entries of the ledger that match the filters, with the requested keys and hours only.
SELECT
    cost_line.day AS day,
    cost_line.project_key AS project,
    cost_line.person_key AS person,
    cost_line.service_key AS service,
    cost_line.resource_key AS resource,
    cost_line.category AS category,
    cost_line.amount AS amount,
    cost_line.unpriced AS unpriced,
    CASE
        WHEN FALSE THEN NULL [[ WHEN cost_line.day >= :with_time THEN cost_line.billable ]]
    END AS billable,
    CASE
        WHEN FALSE THEN NULL [[ WHEN cost_line.day >= :with_time THEN cost_line.seconds ]]
    END AS seconds,
    CASE
        WHEN FALSE THEN NULL [[ WHEN cost_line.day >= :with_time THEN cost_line.running ]]
    END AS running,
    CASE
        WHEN FALSE THEN NULL [[ WHEN cost_line.day >= :with_time THEN cost_line.unread ]]
    END AS unread,
    CASE
        WHEN FALSE THEN NULL
        [[ WHEN cost_line.day >= :with_time THEN cost_line.unpriced_seconds ]]
    END AS unpriced_seconds
FROM cost_line
WHERE
    TRUE
    [[ AND cost_line.day >= :only_time AND cost_line.category = '{category of time_entry}' ]]

-- name: ledger_sums
-- The ledger per day and category, and from the requested days on per project, person, service and
-- resource, and with hours: then per billable flag, too. Many queries are added up from its rows.
-- `seconds` and `entries` are of known duration; `priced` are the seconds with a cost, `earned` is
-- the cost of entries with a known duration.
-- returns: day date, project text, person text, service text, resource text, category text
-- returns: billable integer, cost number, unpriced integer, lines integer, seconds number
-- returns: entries integer, running integer, unread integer, priced number, earned number
-- returns: unpriced_seconds number, unpriced_entries integer
SELECT
    keyed_line.day AS day,
    keyed_line.project AS project,
    keyed_line.person AS person,
    keyed_line.service AS service,
    keyed_line.resource AS resource,
    keyed_line.category AS category,
    keyed_line.billable AS billable,
    sum(keyed_line.amount) AS cost,
    sum(keyed_line.unpriced) AS unpriced,
    count(*) AS lines,
    CASE
        WHEN FALSE THEN NULL
        [[ WHEN :with_time <> '' THEN sum(keyed_line.seconds) ]]
    END AS seconds,
    CASE
        WHEN FALSE THEN NULL
        [[ WHEN :with_time <> '' THEN count(keyed_line.seconds) ]]
    END AS entries,
    CASE
        WHEN FALSE THEN NULL
        [[ WHEN :with_time <> '' THEN sum(keyed_line.running) ]]
    END AS running,
    CASE WHEN FALSE THEN NULL [[ WHEN :with_time <> '' THEN sum(keyed_line.unread) ]] END AS unread,
    CASE
        WHEN FALSE THEN NULL
        [[ WHEN :with_time <> '' THEN sum(iif(keyed_line.amount IS NULL, NULL, keyed_line.seconds)) ]]
    END AS priced,
    CASE
        WHEN FALSE THEN NULL
        [[ WHEN :with_time <> '' THEN sum(iif(keyed_line.seconds IS NULL, NULL, keyed_line.amount)) ]]
    END AS earned,
    CASE
        WHEN FALSE THEN NULL
        [[ WHEN :with_time <> '' THEN sum(keyed_line.unpriced_seconds) ]]
    END AS unpriced_seconds,
    CASE
        WHEN FALSE THEN NULL
        [[ WHEN :with_time <> '' THEN count(keyed_line.unpriced_seconds) ]]
    END AS unpriced_entries
FROM keyed_line
GROUP BY
    keyed_line.day,
    keyed_line.project,
    keyed_line.person,
    keyed_line.service,
    keyed_line.resource,
    keyed_line.category,
    keyed_line.billable

-- name: source_rows
-- One page of the entries of a category, latest first: with `counted` of those that cost totals
-- contain, with `apart` of those without a price or with an unreadable one.
-- returns: day date, at instant, category text, project text, person text, service text
-- returns: resource text, note text, seconds number, cost number, place stored, key text
-- optional: project, project.team
-- needs: source.key
SELECT
    line.day AS day,
    line.at AS at,
    '{category}' AS category,
    line.project AS project,
    line.person AS person,
    line.service AS service,
    line.resource AS resource,
    line.note AS note,
    line.seconds AS seconds,
    line.amount AS cost,
    line.place AS place,
    line.key AS key
FROM line
WHERE
    (line.amount IS NOT NULL OR line.unpriced)
    [[ AND line.amount IS NOT NULL AND :counted <> '' ]]
    [[ AND line.amount IS NULL AND iif(line.unread_price, 'unread', 'unpriced') = :apart ]]
    AND of_projects(line.project)
    AND of_people(line.person)
    [[ AND '{category}' IN (SELECT value FROM json_each(:categories)) ]]
    [[ AND coalesce(line.service, '') IN (SELECT value FROM json_each(:services)) ]]
    [[ AND coalesce(line.project, '') IN (SELECT value FROM json_each(:of_project)) ]]
    [[ AND coalesce(line.person, '') IN (SELECT value FROM json_each(:of_person)) ]]
    [[ AND coalesce(line.service, '') IN (SELECT value FROM json_each(:of_service)) ]]
    [[ AND coalesce(
        (SELECT project.team FROM project WHERE project.id = line.project), ''
    ) IN (SELECT value FROM json_each(:of_team)) ]]
ORDER BY line.place DESC, line.key_order DESC
LIMIT :limit

-- name: cost_row_sums
-- The entries per category, project, person, service and the reason why cost totals leave them out.
-- returns: day date, category text, project text, person text, service text, apart text
-- returns: cost number, lines integer
SELECT
    per_day(cost_line.day) AS day,
    cost_line.category AS category,
    cost_line.project AS project,
    cost_line.person AS person,
    cost_line.service AS service,
    CASE
        WHEN cost_line.amount IS NULL THEN iif(cost_line.unread_price, 'unread', 'unpriced')
    END AS apart,
    sum(cost_line.amount) AS cost,
    count(*) AS lines
FROM cost_line
WHERE cost_line.amount IS NOT NULL OR cost_line.unpriced
GROUP BY
    per_day(cost_line.day),
    cost_line.category,
    cost_line.project,
    cost_line.person,
    cost_line.service,
    apart

-- name: top_projects_by_cost
-- Cost per project, highest first; unassigned costs are left out.
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
    ORDER BY cost DESC, cost_line.project
    LIMIT :limit
) AS spent
LEFT JOIN project ON project.id = spent.project
ORDER BY spent.cost DESC, spent.project

-- name: cost_by_project
-- Cost per project and category in the period (with the number of entries without a price) and on
-- its complete days (with the number of entries). Rows without a project are
-- "Unassigned".
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

-- name: cost_by_part
-- Daily cost per category, project (with its team) and service (for AI: model).
-- returns: day date, category text, project text, name text, team text, service text, cost number
-- optional: project, project.name, project.team
SELECT
    spent.day AS day,
    spent.category AS category,
    spent.project AS project,
    coalesce(project.name, spent.project) AS name,
    project.team AS team,
    spent.service AS service,
    spent.cost AS cost
FROM (
    SELECT
        cost_line.day AS day,
        cost_line.category AS category,
        cost_line.project AS project,
        cost_line.service AS service,
        sum(cost_line.amount) AS cost
    FROM cost_line
    GROUP BY cost_line.day, cost_line.category, cost_line.project, cost_line.service
) AS spent
LEFT JOIN project ON project.id = spent.project
ORDER BY spent.day, spent.category, spent.project, spent.service

-- name: cost_by_person
-- Cost per person and category; rows without a person are "No person".
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
ORDER BY spent.cost DESC, spent.person, spent.category

-- name: person_cost_by_day
-- Daily cost per person and category.
-- returns: day date, person text, name text, category text, cost number
-- optional: person, person.name
-- needs: personal source.person
SELECT
    spent.day AS day,
    spent.person AS person,
    coalesce(person.name, spent.person) AS name,
    spent.category AS category,
    spent.cost AS cost
FROM (
    SELECT
        cost_line.day AS day,
        cost_line.person AS person,
        cost_line.category AS category,
        sum(cost_line.amount) AS cost
    FROM cost_line
    WHERE cost_line.category IN ('{personal}') AND cost_line.person IS NOT NULL
    GROUP BY cost_line.day, cost_line.person, cost_line.category
) AS spent
LEFT JOIN person ON person.id = spent.person
ORDER BY spent.day, spent.person, spent.category

-- name: cost_by_service
-- Cost per category and service (for AI: per model).
-- returns: category text, service text, cost number
-- needs: serviced source
SELECT
    cost_line.category AS category,
    cost_line.service AS service,
    sum(cost_line.amount) AS cost
FROM cost_line
WHERE cost_line.category IN ('{serviced}')
GROUP BY cost_line.category, cost_line.service
ORDER BY cost DESC, cost_line.category, cost_line.service

-- name: model_cost_by_day
-- Daily cost per AI model, and the number of entries without a price.
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
    [[ AND '{category of ai_usage}' IN (SELECT value FROM json_each(:categories)) ]]
    [[ AND coalesce(ai_line.service, '') IN (SELECT value FROM json_each(:services)) ]]
GROUP BY ai_line.day, ai_line.service
ORDER BY ai_line.day, ai_line.service

-- name: cost_tree
-- Cost per category, branch (project or service) and leaf (person, model or resource).
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
-- The ledger by day, category, service and project, for the export in the FOCUS format
-- (FinOps Open Cost and Usage Specification).
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
-- Time entries in the period with a price in a currency other than USD.
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
-- The rows of a category's table in the period in a currency other than USD.
-- optional: source, source.project, source.person, source.cost, source.currency
SELECT
    source.currency AS currency,
    source.project AS project,
    source.person AS person,
    source.cost_foreign AS amount
FROM source
WHERE in_period(source.at) AND source.currency <> 'usd'

-- view: foreign_line
-- Entries in the period in a currency other than USD, regardless of filters.
-- each: source.currency
SELECT
    '{category}' AS category,
    abroad.currency AS currency,
    abroad.project AS project,
    abroad.person AS person,
    abroad.amount AS amount
FROM abroad

-- name: other_currencies
-- Entries in currencies other than USD that match the filters; they are left out of cost totals.
-- The total of a currency is unknown if one of its amounts is unknown.
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
    [[ AND foreign_line.category IN (SELECT value FROM json_each(:categories)) ]]
GROUP BY foreign_line.category, foreign_line.currency
ORDER BY foreign_line.category, foreign_line.currency

-- name: unpriced_time
-- Hours in the period without a cost or a rate, except entries in other currencies.
-- returns: entries integer, hours number
-- needs: time_entry.seconds or time_entry.ended
SELECT
    count(*) AS entries,
    sum(work.seconds) / 3600.0 AS hours
FROM work
WHERE work.cost IS NULL AND work.currency = 'usd' AND work.seconds > 0


-- name: ai_budgets
-- AI budgets recorded in the database: period (from the name of the amount's column, such as
-- `monthly_limit`; otherwise from the row's period; otherwise monthly), first and last day, and
-- currency if not dollars.
-- An invalid amount is returned as stored, so that the page can report it.
-- returns: name text, project text, team text, model text, person text, amount number
-- returns: period text, first_day date, last_day date, currency text, written stored
-- optional: ai_budget.name, ai_budget.period, ai_budget.project, ai_budget.team
-- optional: ai_budget.model, ai_budget.person
SELECT
    coalesce(ai_budget.name, '{category of ai_usage}') AS name,
    ai_budget.project AS project,
    ai_budget.team AS team,
    ai_budget.model AS model,
    ai_budget.person AS person,
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
-- Project budgets, with the period, days and currency as in `ai_budgets`; zero means no budget.
-- An invalid amount is returned as stored, so that the page can report it.
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
-- A row for each budget in the database with one of the requested periods.
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
-- All projects with their team; a project with a budget, in the database or by ID or name, also has
-- its own ID and name.
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

-- name: budgeted_projects
-- All projects with their team. `own` and `own_name` repeat a project's ID and name if it has a
-- budget; else they are NULL.
-- returns: project text, team text, team_name text, own text, own_name text
-- optional: team, team.name
-- needs: project
SELECT
    budgeted.id AS project,
    budgeted.team AS team,
    coalesce(team.name, budgeted.team) AS team_name,
    budgeted.own AS own,
    budgeted.name AS own_name
FROM budgeted
LEFT JOIN team ON team.id = budgeted.team

-- name: cost_of_budgets
-- Daily cost per team and category; costs of projects with a budget are in separate rows.
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
-- Highest costs per service or model, project and person, in the categories of `:names`
-- and of the services of `:of_service`; each means all if it isn't set.
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
        [[ AND cost_line.service IN (SELECT value FROM json_each(:of_service)) ]]
    GROUP BY cost_line.category, cost_line.service, cost_line.project, cost_line.person
    HAVING sum(cost_line.amount) > 0
    ORDER BY
        cost DESC,
        cost_line.category,
        cost_line.service,
        cost_line.project,
        cost_line.person
    LIMIT :limit
) AS spent
LEFT JOIN project ON project.id = spent.project
LEFT JOIN person ON person.id = spent.person
ORDER BY spent.cost DESC, spent.category, spent.service, spent.project, spent.person

-- name: recurring_lines
-- Infrequent costs of each service, including recurring ones, largest first. `paid` lists days
-- with their amounts.
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


-- name: reported_by_project
-- Reported lifetime cost per project.
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
-- Reported cost per day.
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
-- Weekly spend reports whose week starts in the period, latest first.
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
-- Reported cost per month and category; a month may be stored as its first day.
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
-- Reported cost of all projects per month; a month may be stored as its first day.
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
-- Open savings opportunities that match the filters, largest first.
-- returns: savings number, title text, category text, project text, effort text, status text
-- optional: saving.project, saving.category, saving.savings, saving.effort, saving.status
-- optional: project, project.name
-- chosen: saving.project
SELECT
    saving.savings AS savings,
    saving.title AS title,
    saving.category AS category,
    coalesce(project.name, saving.project) AS project,
    saving.effort AS effort,
    saving.status AS status
FROM saving
LEFT JOIN project ON project.id = saving.project
WHERE
    meaning('advice', saving.status) = 'Open'
    [[ AND saving.project IN (SELECT value FROM json_each(:projects)) ]]
    [[ AND project.team IN (SELECT value FROM json_each(:teams)) ]]
ORDER BY saving.savings DESC, saving.title, saving.project, saving.category
LIMIT :limit
