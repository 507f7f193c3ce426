-- name: oldest_records
-- The local day of the oldest record in each table behind the comparisons of most pages.
-- If a column mixes encodings, the oldest record can't be found; the query then returns the first day of its period.
-- returns: source date, user_session date, ai_conversation date, person date
-- optional: source, user_session, ai_conversation, person, person.created
-- needs: source or user_session or ai_conversation or person
SELECT
    oldest(source.at) AS source,
    oldest(user_session.at) AS user_session,
    oldest(ai_conversation.at) AS ai_conversation,
    oldest(person.created) AS person

-- name: oldest_activity
-- The local day of the oldest activity in a project.
-- returns: activity date
-- optional: activity
-- needs: activity
SELECT oldest(activity.at) AS activity

-- name: oldest_deliverables
-- The local day of the first completed milestone.
-- returns: milestone date
-- optional: milestone, milestone.completed
-- needs: milestone
SELECT oldest(milestone.completed) AS milestone

-- name: oldest_requests
-- The local day of the oldest logged request to a Worker, of the oldest hour that Cloudflare counted,
-- and of the oldest tracked one.
-- returns: worker_log date, worker_hour date, tracked_hour date
-- optional: worker_log, worker_hour, tracked_hour
-- needs: worker_log or worker_hour or tracked_hour
SELECT
    oldest(worker_log.at) AS worker_log,
    oldest(worker_hour.at) AS worker_hour,
    (
        SELECT date(oldest.at + offset_at(oldest.at), 'unixepoch')
        FROM (SELECT min(tracked_name.since) AS at FROM tracked_name) AS oldest
    ) AS tracked_hour

-- name: oldest_tokens
-- The local day of the oldest use of a model.
-- returns: model_usage date
-- optional: model_usage
-- needs: model_usage
SELECT oldest(model_usage.at) AS model_usage

-- name: oldest_runs
-- The local day of the oldest workflow run, and of the oldest recorded workflow cost.
-- returns: workflow_run date, workflow_day_cost date
-- optional: workflow_run, workflow_day_cost
-- needs: workflow_run or workflow_day_cost
SELECT
    oldest(workflow_run.started) AS workflow_run,
    oldest(workflow_day_cost.at) AS workflow_day_cost

-- name: oldest_mail
-- The local day of the oldest email report, the oldest email event and the oldest email log entry.
-- returns: email_day date, email_event date, email_log date
-- optional: email_day, email_event, email_log
-- needs: email_day or email_event or email_log
SELECT
    oldest(email_day.at) AS email_day,
    oldest(email_event.at) AS email_event,
    oldest(email_log.at) AS email_log

-- name: oldest_events
-- The local day of the oldest record of each log.
-- returns: system_event date, platform_event date, audit date, log_entry date, error_entry date
-- optional: system_event, platform_event, audit, log_entry, error_entry
-- needs: system_event or platform_event or audit or log_entry or error_entry
SELECT
    oldest(system_event.at) AS system_event,
    oldest(platform_event.at) AS platform_event,
    oldest(audit.at) AS audit,
    oldest(log_entry.at) AS log_entry,
    oldest(error_entry.at) AS error_entry
