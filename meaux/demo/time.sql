-- Other views of the tracked hours of the last ninety days, each with conventions of its own.

INSERT INTO time_logs (project_slug, user_email, log_date, hours, billable, description)
SELECT p.slug, u.email, date(t.started_at, 'unixepoch'), round(sum(t.seconds) / 3600.0, 2),
  CASE t.billable WHEN 1 THEN 'true' WHEN 0 THEN 'false' END, min(t.note)
FROM time_entries AS t
JOIN projects AS p ON p.id = t.project_id
JOIN users AS u ON u.id = t.user_id
WHERE t.started_at >= :lately AND t.seconds > 0
GROUP BY 3, 1, 2, 5
ORDER BY 3, 1, 2, 5;

INSERT INTO time_sessions (id, project_id, user_id, start_time, end_time)
SELECT 'ts' || substr(id, 3), project_id, user_id, started_at * 1000, ended_at * 1000
FROM time_entries
WHERE started_at >= :lately AND (ended_at IS NULL OR ended_at > started_at)
ORDER BY started_at, id;

INSERT INTO work_sessions (person, project_id, started_at, duration_minutes, session_type)
SELECT 'user_' || user_id, project_id, strftime('%Y-%m-%dT%H:%M:%SZ', started_at, 'unixepoch'),
  round(seconds / 60.0, 1), CASE WHEN note LIKE 'Call%' THEN 'meeting' ELSE 'focus' END
FROM time_entries
WHERE started_at >= :lately AND seconds > 0
ORDER BY started_at, id;

INSERT INTO work_time_sessions
  (id, user_id, project_id, started_at, ended_at, duration_seconds, rate_cents, amount_cents)
SELECT 'wts' || substr(id, 3), user_id, project_id, datetime(started_at, 'unixepoch'),
  datetime(ended_at, 'unixepoch'), seconds, CAST(round(hourly_rate * 100) AS INTEGER),
  CAST(round(cost_usd * 100) AS INTEGER)
FROM time_entries
WHERE started_at >= :lately AND seconds > 0
ORDER BY started_at, id;

INSERT INTO user_time_tracking (user_id, project_name, started_at, duration_seconds, is_billable)
SELECT t.user_id, p.name, datetime(t.started_at, 'unixepoch'), t.seconds, t.billable
FROM time_entries AS t
JOIN projects AS p ON p.id = t.project_id
WHERE t.started_at >= :lately AND t.seconds > 0 AND t.user_id IS NOT NULL
ORDER BY t.started_at, t.id;
