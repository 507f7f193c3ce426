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
