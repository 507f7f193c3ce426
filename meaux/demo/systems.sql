-- Lifetime and daily figures of deployments, Workers, workflows and e-mail.

INSERT INTO project_stats
  (project_id, project_name, url, status, type, category, deployment_count, last_deployed_at)
SELECT p.id, p.name, p.url, CASE WHEN a.project_id IS NULL THEN 'not deployed' ELSE 'deployed' END,
  CASE p.category WHEN 'research' THEN 'notebook' ELSE 'worker' END, p.category, a.deployments, a.last
FROM projects AS p
LEFT JOIN (
  SELECT project_id, count(*) AS deployments,
    CAST(strftime('%s', max(created_at)) AS INTEGER) AS last
  FROM project_activity
  WHERE action = 'deploy'
  GROUP BY project_id
) AS a ON a.project_id = p.id AND p.url IS NOT NULL
ORDER BY p.id;

INSERT INTO worker_stats
  (worker_id, worker_name, url, status, category, total_requests, last_request_at)
SELECT w.id, w.script_name, w.url, w.status, CASE WHEN w.url IS NULL THEN 'scheduled' ELSE 'web' END,
  count(l.id), max(l.timestamp) / 1000
FROM cloudflare_workers AS w
LEFT JOIN worker_logs AS l ON l.worker_id = w.id
GROUP BY w.id
ORDER BY w.id;

-- Cloudflare's hours take the place of the log from the first to the last. So these are of the last
-- hour without a request.
INSERT INTO worker_hourly (worker_id, hour, requests, errors, subrequests, mean_sample_interval)
SELECT w.id, strftime('%Y-%m-%dT%H:00:00Z', silent.hour * 3600, 'unixepoch'), 0, 0, 0, 1
FROM cloudflare_workers AS w
CROSS JOIN (
  SELECT max(hour) - 1 AS hour
  FROM (
    SELECT hour, lag(hour) OVER (ORDER BY hour) AS earlier
    FROM (SELECT DISTINCT timestamp / 3600000 AS hour FROM worker_logs)
  )
  WHERE earlier IS NULL OR earlier < hour - 1
) AS silent;

INSERT INTO workflow_analytics
  (workflow_name, total_runs, succeeded_runs, failed_runs, average_duration_ms, total_cost_usd,
   last_run_at)
SELECT workflow_name, count(*), count(*) FILTER (WHERE status IN ('success', 'completed')),
  count(*) FILTER (WHERE status = 'failed'), round(avg(duration_ms)), round(sum(cost_usd), 4),
  max(started_at)
FROM workflow_runs
GROUP BY workflow_name
ORDER BY workflow_name;

INSERT INTO workflow_daily (date, workflow_name, runs, succeeded, failed, average_duration_ms)
SELECT date(started_at / 1000, 'unixepoch'), workflow_name, count(*),
  count(*) FILTER (WHERE status IN ('success', 'completed')),
  count(*) FILTER (WHERE status = 'failed'), round(avg(duration_ms))
FROM workflow_runs
GROUP BY 1, 2
ORDER BY 1, 2;

INSERT INTO workflow_cost_daily (usage_date, workflow_name, runs, cost_usd)
SELECT date(started_at / 1000, 'unixepoch'), workflow_name, count(*), round(sum(cost_usd), 4)
FROM workflow_runs
GROUP BY 1, 2
ORDER BY 1, 2;

INSERT INTO email_analytics (date, sent, delivered, opened, clicked, bounced, complained)
SELECT substr(created_at, 1, 10),
  count(DISTINCT message_id) FILTER (WHERE event_type = 'sent'),
  count(DISTINCT message_id) FILTER (WHERE event_type = 'delivered'),
  count(DISTINCT message_id) FILTER (WHERE event_type = 'opened'),
  count(DISTINCT message_id) FILTER (WHERE event_type = 'clicked'),
  count(DISTINCT message_id) FILTER (WHERE event_type = 'bounced'),
  count(DISTINCT message_id) FILTER (WHERE event_type = 'complained')
FROM email_events
GROUP BY 1
ORDER BY 1;
