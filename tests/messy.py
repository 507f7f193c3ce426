"""A database with all that a total must leave out, and with times in several encodings."""

MESSY = """
CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT, team_id TEXT, hourly_rate REAL);
INSERT INTO projects VALUES ('p1', 'Alpha', 't1', 50), ('p2', '=Beta', 't2', NULL);
CREATE TABLE teams (id TEXT PRIMARY KEY, name TEXT);
INSERT INTO teams VALUES ('t1', 'Lab'), ('t2', 'Studio');
CREATE TABLE team_members (team_id, user_id);
INSERT INTO team_members VALUES ('t1', 'u1'), ('t2', 'u2');
CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT, hourly_rate REAL, currency TEXT);
INSERT INTO users VALUES
 ('u1', 'Ann', 40, 'USD'), ('u2', 'Bo', NULL, NULL), ('u3', 'Cy', 30, 'EUR');
CREATE TABLE time_entries (
 id, project_id, user_id, started_at, ended_at, seconds, cost_usd, note, deleted_at
);
INSERT INTO time_entries VALUES
 (1, 'p1', 'u1', 1795255200, NULL, 3600, NULL, 'rated', NULL),
 (1, 'p1', 'u1', 1795255200, NULL, 3600, NULL, 'rated', NULL),
 (2, 'p2', 'u2', 1795258800, NULL, 1800, NULL, 'no rate at all', NULL),
 (3, 'p2', 'u1', 1795262400, NULL, 1800, 12.5, 'sk-live-abcdefghijklmnop0123456789', NULL),
 (4, 'p1', 'u2', 1795266000, NULL, 7200, NULL, 'rate of the project', NULL),
 (5, 'p1', 'u1', 1795269600, NULL, -3600, -40, 'a correction', NULL),
 (6, 'p1', 'u1', 1795273200, NULL, 3600, 99, 'deleted', 1795273300),
 (7, 'p2', 'u3', 1795276800, NULL, 3600, NULL, 'euros', NULL),
 (8, 'p1', 'u1', 1795280400, NULL, NULL, NULL, 'running', NULL),
 (9, 'p1', 'u1', 1795284000, NULL, 'soon', 'lots', 'unreadable', NULL),
 (10, NULL, 'u1', 1795287600, NULL, 900, NULL, 'no project', NULL);
CREATE TABLE ai_cost_tracking (id, project_id, user_id, model, cost_usd, created_at, currency);
INSERT INTO ai_cost_tracking VALUES
 (1, 'p1', 'u1', 'opus', 1.25, '2026-11-21T10:00:00Z', NULL),
 (2, 'p1', 'u1', 'haiku', 0.75, 1795255300, 'USD'),
 (3, 'p2', 'u2', NULL, 0.5, '2026-11-21 12:00:00', NULL),
 (4, 'p2', 'u2', 'haiku', 7, '2026-11-21 12:30:00', 'EUR'),
 (5, 'p2', NULL, 'haiku', NULL, '2026-11-21T13:00:00Z', NULL),
 (6, NULL, NULL, 'Total', 2.5, '2026-11-21T14:00:00Z', NULL),
 (2, 'p1', 'u1', 'haiku', 0.75, 1795255300, 'USD');
CREATE TABLE cloudflare_usage (usage_date, service, resource, project_id, cost_usd, status);
INSERT INTO cloudflare_usage VALUES
 ('2026-11-20', 'Workers', 'api', 'p1', 3, NULL),
 ('2026-11-21', 'R2', 'media', NULL, 2, NULL),
 ('2026-11-21', 'D1', 'main', 'p2', 4, 'draft'),
 ('2026-11-21', 'KV', 'cache', 'p1', -1, NULL);
"""

IN_OTHER_UNITS = """
CREATE TABLE worker_logs (
 worker_name, timestamp, status_code, outcome, wall_time_us, sample_interval, cpu_time_us
);
INSERT INTO worker_logs VALUES
 ('api', 1793511000000, 200, 'ok', 12500, 1, 900),
 ('api', 1793514600000, '500', 'exception', 9, 10, 8),
 ('api', 1795255200123, 404, NULL, '1,250', 2, NULL), ('=web', 1795255200, 200, 'ok', NULL, 0, 1),
 ('=web', '2026-11-21T10:00:00+05:30', 200, 'canceled', 1e6, NULL, 5),
 ('web', 'soon', 200, 'ok', 1, 1, 1);
CREATE TABLE workflow_runs (
 id, workflow_name, status, started_at, completed_at, cost_cents, retry_of, error_message, currency
);
INSERT INTO workflow_runs VALUES
 (1, 'sync', 'Failed', 1793511000000000, 1793511060000000, 150, NULL, 'no answer', NULL),
 (2, 'sync', 'success', 1793514600000000, 1793514601500000, '25', 1, NULL, NULL),
 (3, 'mail', 'RUNNING', '2026-11-21 10:00:00', NULL, NULL, NULL, NULL, NULL),
 (4, 'mail', 'done', '2026-11-20 23:30:00-05:00', '2026-11-20 22:00:00-05:00', 10, NULL, '', 'EUR');
CREATE TABLE workflow_steps (run_id, step_name, status, started_at, duration_seconds);
INSERT INTO workflow_steps VALUES
 (1, 'read', 'failed', 1793511000000000, '1:30'), (2, 'read', 'success', 1793514600000000, 0.25);
CREATE TABLE email_events (message_id, event_type, created_at, is_test);
INSERT INTO email_events VALUES
 ('m1', 'email.sent', 1793511000, 0), ('m1', 'Delivered', 1793514600, NULL),
 ('m1', 'opened', '2026-11-02T00:15:00Z', 'no'), ('m2', 'sent', '2026-11-01T23:59:59.999Z', 0),
 ('m2', 'bounced', '1793550000', 0), ('m3', 'sent', 1793511000, 1);
CREATE TABLE error_logs (id, level, source, message, timestamp, occurrences);
INSERT INTO error_logs VALUES
 (1, 'ERROR', 'api', 'no answer', 1793511000000000000, 3),
 (2, 'warn', NULL, '', 1793514600000000000, NULL),
 (3, 'fatal', 'api', 'no answer', '2026-11-21', 'many');
CREATE TABLE r2_usage (bucket, date, size_gb, object_count);
INSERT INTO r2_usage VALUES
 ('media', '2026-11-01', 1.5, 10), ('media', '2026-11-21', '2,0', 12),
 ('logs', 1795255200000, NULL, 3);
"""
"""More tables: times of four units and with offsets, costs in cents, durations of three kinds."""
