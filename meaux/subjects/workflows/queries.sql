-- view: outdone_try
-- Every attempt of which there is a later one, of the same run. A called workflow has its own
-- attempts. An attempt without a number comes before all numbered ones.
-- optional: workflow_run.workflow, workflow_run.whole, workflow_run.attempt
SELECT DISTINCT
    placed.whole,
    placed.workflow,
    placed.attempt
FROM (
    SELECT
        coalesce(workflow_run.whole, workflow_run.id) AS whole,
        coalesce(workflow_run.workflow, '') AS workflow,
        coalesce(workflow_run.attempt, 0) AS attempt,
        rank() OVER (
            PARTITION BY coalesce(workflow_run.whole, workflow_run.id), workflow_run.workflow
            ORDER BY coalesce(workflow_run.attempt, 0) DESC
        ) AS place
    FROM workflow_run
    WHERE in_period(workflow_run.started)
) AS placed
WHERE placed.place > 1

-- view: retry
-- Every run that started in the period and names the run that it retries.
-- optional: workflow_run.retried, workflow_run.attempt
SELECT
    workflow_run.retried AS retried,
    coalesce(workflow_run.attempt, 0) AS attempt,
    workflow_run.started_milliseconds AS started,
    workflow_run.id AS id
FROM workflow_run
WHERE in_period(workflow_run.started) AND workflow_run.retried <> workflow_run.id

-- view: outdone_retry
-- Every retry of which there is a later one, of the same run.
-- optional: workflow_run.retried, workflow_run.attempt
SELECT
    placed.retried,
    placed.attempt,
    placed.started,
    placed.id
FROM (
    SELECT
        retry.retried AS retried,
        retry.attempt AS attempt,
        retry.started AS started,
        retry.id AS id,
        rank() OVER (
            PARTITION BY retry.retried
            ORDER BY retry.attempt DESC, retry.started DESC, retry.id DESC
        ) AS place
    FROM retry
) AS placed
WHERE placed.place > 1

-- view: run
-- Every run that started in the period, after filters.
-- Its duration is in milliseconds: as stored, otherwise end - start. Bucket n holds durations from
-- 1.04^n up to 1.04^(n+1) milliseconds; the lowest one holds those below a microsecond. A failure
-- with a duration of 0 has no duration. A retried run is one run: only its last attempt counts. If
-- attempts aren't numbered, the latest one counts.
-- optional: workflow_run.workflow, workflow_run.project, workflow_run.status
-- optional: workflow_run.completed, workflow_run.duration_ms, workflow_run.cost
-- optional: workflow_run.key, workflow_run.error, workflow_run.whole, workflow_run.attempt, workflow_run.retried
-- chosen: workflow_run.project
SELECT
    timed.day,
    timed.at,
    timed.place,
    timed.key,
    timed.key_order,
    timed.workflow,
    timed.project,
    timed.status,
    timed.outcome,
    timed.duration,
    timed.cost,
    timed.error,
    CASE
        WHEN timed.duration >= 0.001 THEN floor(ln(timed.duration) / ln(1.04))
        WHEN timed.duration = 0 AND timed.outcome = 'Failed' THEN NULL
        WHEN timed.duration >= 0 THEN -178
    END AS bucket
FROM (
    SELECT
        workflow_run.started_day AS day,
        workflow_run.started AS at,
        workflow_run.started_order AS place,
        workflow_run.key AS key,
        workflow_run.key_order AS key_order,
        workflow_run.workflow AS workflow,
        workflow_run.project AS project,
        workflow_run.status AS status,
        meaning('outcome', workflow_run.status) AS outcome,
        coalesce(
            workflow_run.duration_ms,
            workflow_run.completed_milliseconds - workflow_run.started_milliseconds
        ) AS duration,
        workflow_run.cost AS cost,
        workflow_run.error AS error,
        known(workflow_run.attempt)
        AND (
            coalesce(workflow_run.whole, workflow_run.id),
            coalesce(workflow_run.workflow, ''),
            coalesce(workflow_run.attempt, 0)
        ) IN (
            SELECT
                outdone_try.whole,
                outdone_try.workflow,
                outdone_try.attempt
            FROM outdone_try
        ) AS tried_again,
        known(workflow_run.retried)
        AND workflow_run.id IN (SELECT retry.retried FROM retry) AS replaced,
        known(workflow_run.retried)
        AND (
            workflow_run.retried,
            coalesce(workflow_run.attempt, 0),
            workflow_run.started_milliseconds,
            workflow_run.id
        ) IN (
            SELECT
                outdone_retry.retried,
                outdone_retry.attempt,
                outdone_retry.started,
                outdone_retry.id
            FROM outdone_retry
        ) AS outdone
    FROM workflow_run
    WHERE
        in_page(workflow_run.started)
        AND of_projects(workflow_run.project)
) AS timed
WHERE
    NOT coalesce(timed.tried_again, 0)
    AND NOT coalesce(timed.replaced, 0)
    AND NOT coalesce(timed.outdone, 0)

-- name: runs_by_day
-- Runs per local day, outcome and status, with their cost.
-- returns: day date, outcome text, status text, runs integer, cost number
SELECT
    run.day AS day,
    run.outcome AS outcome,
    run.status AS status,
    count(*) AS runs,
    sum(run.cost) AS cost
FROM run
GROUP BY run.day, run.outcome, run.status
ORDER BY run.day, run.outcome, run.status

-- name: run_rows
-- One page of the runs, latest first.
-- returns: day date, at instant, workflow text, project text, outcome text, duration number
-- returns: cost number, error text, place stored, key text
-- needs: workflow_run.key
SELECT
    run.day AS day,
    run.at AS at,
    run.workflow AS workflow,
    run.project AS project,
    run.outcome AS outcome,
    run.duration AS duration,
    run.cost AS cost,
    run.error AS error,
    run.place AS place,
    run.key AS key
FROM run
WHERE
    TRUE
    [[ AND coalesce(run.workflow, '') IN (SELECT value FROM json_each(:of_service)) ]]
    [[ AND coalesce(run.project, '') IN (SELECT value FROM json_each(:of_project)) ]]
    [[ AND run.outcome IN (SELECT value FROM json_each(:of_kind)) ]]
ORDER BY run.place DESC, run.key_order DESC
LIMIT :limit

-- name: run_row_sums
-- The number of runs per workflow, project and outcome, and their cost.
-- returns: day date, workflow text, project text, outcome text, cost number, lines integer
SELECT
    per_day(run.day) AS day,
    run.workflow AS workflow,
    run.project AS project,
    run.outcome AS outcome,
    sum(run.cost) AS cost,
    count(*) AS lines
FROM run
GROUP BY
    per_day(run.day),
    run.workflow,
    run.project,
    run.outcome

-- name: runs_by_workflow
-- Runs per workflow, outcome and duration bucket, their cost, and the number on the complete days.
-- returns: workflow text, outcome text, bucket integer, runs integer, cost number
-- returns: comparable_runs integer
SELECT
    run.workflow AS workflow,
    run.outcome AS outcome,
    run.bucket AS bucket,
    count(*) AS runs,
    sum(run.cost) AS cost,
    sum(run.day < :comparable_end) AS comparable_runs
FROM run
GROUP BY run.workflow, run.outcome, run.bucket
ORDER BY run.workflow, run.outcome, run.bucket

-- name: failed_runs
-- The latest failed runs, with their error messages.
-- returns: at instant, workflow text, project text, duration number, error text
-- optional: project, project.name
-- needs: workflow_run.status
SELECT
    failed.at AS at,
    failed.workflow AS workflow,
    coalesce(project.name, failed.project) AS project,
    failed.duration AS duration,
    failed.error AS error
FROM (
    SELECT
        run.at AS at,
        run.place AS place,
        run.key_order AS key_order,
        run.workflow AS workflow,
        run.project AS project,
        run.duration AS duration,
        run.error AS error
    FROM run
    WHERE run.outcome = 'Failed'
    ORDER BY run.place DESC, run.key_order DESC
    LIMIT :limit
) AS failed
LEFT JOIN project ON project.id = failed.project
ORDER BY failed.place DESC, failed.key_order DESC

-- view: named_run
-- The workflow and the project of every run that started in the period, one row per id of a run.
-- optional: workflow_run, workflow_run.workflow, workflow_run.project, workflow_run.whole
SELECT
    run_id.value AS id,
    json_array(min(workflow_run.workflow), min(workflow_run.project)) AS told
FROM workflow_run
CROSS JOIN json_each(json_array(workflow_run.id, workflow_run.whole)) AS run_id
WHERE run_id.value IS NOT NULL [[ unless :copied AND in_period(workflow_run.started) ]]
GROUP BY run_id.value

-- view: step
-- Every step that started in the period, with the workflow and the project of its run. The run is
-- first looked up by an index, with its id as written; then among the runs of the period, in any
-- spelling. A step counts once, even if several attempts at its run share the run's id.
-- optional: workflow_step.completed, workflow_step.duration_ms, workflow_step.key
-- optional: workflow_run, workflow_run.workflow, workflow_run.project
SELECT
    json_extract(taken.told, '$[0]') AS workflow,
    json_extract(taken.told, '$[1]') AS project,
    taken.name AS name,
    taken.outcome AS outcome,
    taken.duration AS duration,
    taken.day AS day,
    taken.at AS at,
    taken.place AS place,
    taken.key AS key,
    taken.key_order AS key_order
FROM (
    SELECT
        workflow_step.started_day AS day,
        workflow_step.started AS at,
        workflow_step.started_order AS place,
        workflow_step.key AS key,
        workflow_step.key_order AS key_order,
        workflow_step.name AS name,
        meaning('outcome', workflow_step.status) AS outcome,
        coalesce(
            workflow_step.duration_ms,
            workflow_step.completed_milliseconds - workflow_step.started_milliseconds
        ) AS duration,
        [[ iif(:copied <> '', named_run.told, NULL) ]]
        [[ unless :copied coalesce(
            (
                SELECT json_array(min(workflow_run.workflow), min(workflow_run.project))
                FROM workflow_run
                WHERE workflow_run.id_stored = workflow_step.run_stored
                HAVING count(*) > 0
            ),
            (
                WITH met AS MATERIALIZED (
                    SELECT
                        named_run.id,
                        named_run.told
                    FROM named_run
                )

                SELECT met.told FROM met
                WHERE met.id = workflow_step.run
            )
        ) ]] AS told
    FROM workflow_step
    [[ LEFT JOIN named_run ON named_run.id = workflow_step.run AND :copied <> '' ]]
    WHERE in_page(workflow_step.started)
) AS taken

-- name: steps
-- Steps that started in the period, by workflow, name, outcome and duration bucket.
-- returns: workflow text, step text, outcome text, bucket integer, steps integer
-- chosen: workflow_run.project
-- needs: workflow_step.name, workflow_step.started, workflow_step.status
SELECT
    step.workflow AS workflow,
    step.name AS step,
    step.outcome AS outcome,
    CASE
        WHEN step.duration >= 0.001 THEN floor(ln(step.duration) / ln(1.04))
        WHEN step.duration = 0 AND step.outcome = 'Failed' THEN NULL
        WHEN step.duration >= 0 THEN -178
    END AS bucket,
    count(*) AS steps
FROM step
WHERE
    TRUE
    AND of_projects(step.project)
GROUP BY step.workflow, step.name, step.outcome, bucket
ORDER BY step.workflow, step.name, step.outcome, bucket

-- name: step_rows
-- One page of the steps, latest first.
-- returns: day date, at instant, step text, workflow text, project text, outcome text
-- returns: duration number, place stored, key text
-- needs: workflow_step.key, workflow_step.name, workflow_step.status
SELECT
    step.day AS day,
    step.at AS at,
    step.name AS step,
    step.workflow AS workflow,
    step.project AS project,
    step.outcome AS outcome,
    step.duration AS duration,
    step.place AS place,
    step.key AS key
FROM step
WHERE
    TRUE
    AND of_projects(step.project)
    [[ AND coalesce(step.workflow, '') IN (SELECT value FROM json_each(:of_service)) ]]
    [[ AND coalesce(step.project, '') IN (SELECT value FROM json_each(:of_project)) ]]
    [[ AND coalesce(step.name, '') IN (SELECT value FROM json_each(:names)) ]]
    [[ AND step.outcome IN (SELECT value FROM json_each(:of_kind)) ]]
ORDER BY step.place DESC, step.key_order DESC
LIMIT :limit

-- name: step_row_sums
-- The number of steps per name, workflow, project and outcome.
-- returns: step text, workflow text, project text, outcome text, lines integer
-- needs: workflow_step.name, workflow_step.status
SELECT
    step.name AS step,
    step.workflow AS workflow,
    step.project AS project,
    step.outcome AS outcome,
    count(*) AS lines
FROM step
WHERE
    TRUE
    AND of_projects(step.project)
GROUP BY step.name, step.workflow, step.project, step.outcome

-- name: workflow_cost_rows
-- One page of the recorded costs of workflows, latest first.
-- returns: day date, at instant, workflow text, run_cost number, place stored, key text
-- optional: workflow_day_cost.workflow
-- needs: workflow_day_cost.key
SELECT
    workflow_day_cost.at_day AS day,
    NULL AS at,
    workflow_day_cost.workflow AS workflow,
    workflow_day_cost.cost AS run_cost,
    workflow_day_cost.at_order AS place,
    workflow_day_cost.key AS key
FROM workflow_day_cost
WHERE
    in_page(workflow_day_cost.at)
    [[ AND coalesce(workflow_day_cost.workflow, '') IN (SELECT value FROM json_each(:of_service)) ]]
ORDER BY workflow_day_cost.at_order DESC, workflow_day_cost.key_order DESC
LIMIT :limit

-- name: workflow_cost_sums
-- The recorded cost of each workflow, and the number of its rows.
-- returns: day date, workflow text, run_cost number, lines integer
-- optional: workflow_day_cost.workflow
SELECT
    per_day(workflow_day_cost.at_day) AS day,
    workflow_day_cost.workflow AS workflow,
    sum(workflow_day_cost.cost) AS run_cost,
    count(*) AS lines
FROM workflow_day_cost
WHERE in_period(workflow_day_cost.at)
GROUP BY per_day(workflow_day_cost.at_day), workflow_day_cost.workflow

-- name: workflow_costs
-- Recorded cost per workflow and day.
-- returns: day date, workflow text, run_cost number
-- optional: workflow_day_cost.workflow
SELECT
    workflow_day_cost.at_day AS day,
    workflow_day_cost.workflow AS workflow,
    sum(workflow_day_cost.cost) AS run_cost
FROM workflow_day_cost
WHERE in_period(workflow_day_cost.at)
GROUP BY workflow_day_cost.at_day, workflow_day_cost.workflow
ORDER BY day, workflow

-- name: reported_runs
-- Reported runs per workflow in the period.
-- returns: workflow text, runs integer, succeeded integer, failed integer
-- optional: workflow_day.workflow, workflow_day.succeeded, workflow_day.failed
-- needs: workflow_day.runs
SELECT
    workflow_day.workflow AS workflow,
    sum(workflow_day.runs) AS runs,
    sum(workflow_day.succeeded) AS succeeded,
    sum(workflow_day.failed) AS failed
FROM workflow_day
WHERE in_period(workflow_day.at)
GROUP BY workflow_day.workflow
ORDER BY workflow_day.workflow

-- name: workflow_lifetimes
-- Reported lifetime figures per workflow.
-- returns: workflow text, runs integer, succeeded integer, duration number, cost number, at instant
-- optional: workflow.runs, workflow.succeeded, workflow.duration_ms, workflow.cost
-- optional: workflow.last_run
SELECT
    workflow.name AS workflow,
    workflow.runs AS runs,
    workflow.succeeded AS succeeded,
    workflow.duration_ms AS duration,
    workflow.cost AS cost,
    workflow.last_run AS at
FROM workflow
ORDER BY workflow.name

-- view: run_event
-- The events of runs in the period, with the workflow and the project of each run. A run is found
-- as for a step.
-- optional: workflow_event.run, workflow_event.type, workflow_event.message
-- optional: workflow_run, workflow_run.workflow, workflow_run.project
SELECT
    said.at AS at,
    said.place AS place,
    json_extract(said.told, '$[0]') AS workflow,
    json_extract(said.told, '$[1]') AS project,
    said.type AS type,
    said.message AS message
FROM (
    SELECT
        workflow_event.at AS at,
        workflow_event.at_order AS place,
        workflow_event.type AS type,
        workflow_event.message AS message,
        [[ iif(:copied <> '', named_run.told, NULL) ]]
        [[ unless :copied coalesce(
            (
                SELECT json_array(min(workflow_run.workflow), min(workflow_run.project))
                FROM workflow_run
                WHERE workflow_run.id_stored = workflow_event.run_stored
                HAVING count(*) > 0
            ),
            (
                WITH met AS MATERIALIZED (
                    SELECT
                        named_run.id,
                        named_run.told
                    FROM named_run
                )

                SELECT met.told FROM met
                WHERE met.id = workflow_event.run
            )
        ) ]] AS told
    FROM workflow_event
    [[ LEFT JOIN named_run ON named_run.id = workflow_event.run AND :copied <> '' ]]
    WHERE in_period(workflow_event.at)
) AS said

-- name: workflow_events
-- Events of the runs, latest first, without duplicates.
-- returns: at instant, workflow text, event text, message text
-- chosen: workflow_run.project
SELECT
    run_event.at AS at,
    run_event.workflow AS workflow,
    run_event.type AS event,
    run_event.message AS message
FROM run_event
WHERE
    TRUE
    AND of_projects(run_event.project)
ORDER BY run_event.place DESC, run_event.workflow, run_event.type, run_event.message
LIMIT :limit

-- name: optimizations
-- Open suggestions to make a workflow faster or cheaper, largest saving first.
-- returns: title text, savings number, seconds_saved number, workflow text, status text, at instant
-- optional: workflow_optimization.workflow, workflow_optimization.savings
-- optional: workflow_optimization.seconds, workflow_optimization.status
-- optional: workflow_optimization.created
SELECT
    workflow_optimization.title AS title,
    workflow_optimization.savings AS savings,
    workflow_optimization.seconds AS seconds_saved,
    workflow_optimization.workflow AS workflow,
    workflow_optimization.status AS status,
    workflow_optimization.created AS at
FROM workflow_optimization
WHERE meaning('advice', workflow_optimization.status) = 'Open'
ORDER BY
    workflow_optimization.savings DESC,
    workflow_optimization.title,
    workflow_optimization.workflow
LIMIT :limit

-- name: recommendations
-- Open recommendations for workflows, highest confidence first.
-- returns: recommendation text, workflow text, confidence number, priority text, at instant
-- optional: workflow_recommendation.workflow, workflow_recommendation.confidence
-- optional: workflow_recommendation.priority, workflow_recommendation.status
-- optional: workflow_recommendation.created
SELECT
    workflow_recommendation.text AS recommendation,
    workflow_recommendation.workflow AS workflow,
    workflow_recommendation.confidence AS confidence,
    workflow_recommendation.priority AS priority,
    workflow_recommendation.created AS at
FROM workflow_recommendation
WHERE meaning('advice', workflow_recommendation.status) = 'Open'
ORDER BY
    workflow_recommendation.confidence DESC,
    workflow_recommendation.text,
    workflow_recommendation.workflow
LIMIT :limit
