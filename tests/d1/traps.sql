-- One trap of live databases a table or column, for a D1 and a file to read alike.
CREATE TABLE raw (id TEXT PRIMARY KEY, name TEXT, team_id TEXT);
INSERT INTO raw VALUES ('P1', 'Website', 't1'), ('p2', 'Website', 'T1'), ('p3', 'Beta', NULL);
CREATE TABLE deploys (project_id TEXT, url TEXT);
INSERT INTO deploys VALUES ('P1', 'https://a.example'), ('P1', 'https://b.example');
CREATE VIEW projects AS
SELECT raw.*, deploys.url FROM raw LEFT JOIN deploys ON deploys.project_id = raw.id;
CREATE TABLE teams (id TEXT, name TEXT);
INSERT INTO teams VALUES ('t1', 'Red'), ('t1', 'Red');
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO users VALUES (1, 'Ann'), (2, 'Ben');

CREATE TABLE time_entries (
  id INTEGER PRIMARY KEY, project_id TEXT, user_id REAL, started_at, ended_at TEXT, hours TEXT,
  minutes INTEGER, cost_usd REAL, price INTEGER, currency TEXT, deleted_at INTEGER, billable REAL,
  cost_cents INTEGER GENERATED ALWAYS AS (price * 100) VIRTUAL
);
CREATE INDEX by_start ON time_entries (started_at);
INSERT INTO time_entries
(project_id, user_id, started_at, ended_at, hours, minutes, cost_usd, price, currency, deleted_at,
 billable)
VALUES
('p1', 1.0, 1793610000, NULL, '1,5', NULL, '1,200.50', NULL, 'USD', NULL, 1.0),
('p2 ', 2.0, 1793610000000000000, NULL, '1:30', NULL, '$12.00', NULL, NULL, 0, 0.0),
('P2', 1, '2026-11-03 09:00:00 +0000 UTC', NULL, '', 30, NULL, 7, 'usd', NULL, NULL),
('p3', 1, '2026-11-04T09:00:00Z', '0001-01-01T00:00:00Z', NULL, 0, NULL, NULL, NULL, NULL, 1.0),
('p3', 2, '2026-11-04 09:00:00', NULL, 'an hour', NULL, 'a lot', NULL, NULL, NULL, 1.0),
('p3', 2, 1793782800000, NULL, '2', NULL, 100, NULL, 'EUR', NULL, 1.0),
('p1', 1, 1793782800, NULL, '2', NULL, 100, NULL, 'USD', 1793782900, 1.0),
('gone', 1, 1793782800, NULL, '0,25', NULL, 9e999, NULL, 'USD', NULL, 1.0);

CREATE TABLE openai_spending (
  date TEXT, model TEXT, amount_cents INTEGER, created_at TEXT, user_email TEXT
);
CREATE INDEX by_date ON openai_spending (date);
INSERT INTO openai_spending VALUES
('2026-10-05', 'm', 31000, '2026-11-02 08:00:00', NULL),
('2026-11-05', 'm', '2,400', '2026-12-06 02:00:00', NULL),
(NULL, 'm', 100, '2026-11-06 02:00:00', NULL),
('2026-11-05', 'Total', 2400, '2026-11-06 02:00:00', NULL);

CREATE TABLE email_events (email_id TEXT, event_type TEXT, created_at TEXT);
INSERT INTO email_events VALUES
('a', 'email.delivered', '2026-11-02T09:00:00Z'), ('b', 'email.delivered', '2026-10-30T09:00:00Z'),
('b', 'email.opened', '2026-11-03T09:00:00Z'), ('c', 'bounced', '2026-11-03T09:00:00Z'),
('c', 'Delivered', '2026-11-03T10:00:00Z');

CREATE TABLE worker_logs (
  worker_id TEXT, timestamp INTEGER, status INTEGER, _sample_interval INTEGER
);
INSERT INTO worker_logs VALUES ('w', 1793610000000, 200, 10), ('w', 1793613600000, 'canceled', 0),
('w', 1793617200000, 'exception', NULL);
CREATE TABLE worker_stats (worker_id TEXT, total_requests INTEGER, last_request_at INTEGER);
INSERT INTO worker_stats VALUES ('w', 100, 1793610000), ('w', 250, 1793696400);

CREATE TABLE cloudflare_usage (usage_date TEXT, project_id TEXT, service TEXT, cost_usd REAL);
CREATE INDEX by_usage_date ON cloudflare_usage (usage_date);
INSERT INTO cloudflare_usage VALUES
('2026-11-05', 'p3', 'Workers', 3), ('2026-11-05', 'p3', 'R2', 4.004),
('2026-11-05', 'P3', NULL, 7), ('2026-11-05', NULL, '', 7.004), ('2026-11-06', 'p3', NULL, 2);

CREATE TABLE talks (id TEXT, user_id INTEGER, started_at TEXT, cost REAL);
INSERT INTO talks VALUES ('t1', 1, '2026-11-05 09:00:00', 1), ('t2', 2, '2026-11-05 09:00:00', 1);
CREATE TABLE tags (talk_id TEXT, tag TEXT);
INSERT INTO tags VALUES ('t1', 'x'), ('t1', 'y');
CREATE VIEW ai_conversations AS
SELECT talks.*, tags.tag FROM talks LEFT JOIN tags ON tags.talk_id = talks.id;

CREATE TABLE token_usage (
  created_at TEXT, provider TEXT, model TEXT, input_tokens INTEGER, output_tokens INTEGER,
  total_tokens INTEGER, cache_read_input_tokens INTEGER
);
INSERT INTO token_usage VALUES
('2026-11-05 09:00:00', 'Anthropic', 'm', 10, 5, 15, 100),
('2026-11-05 09:00:00', 'openai', 'm', 110, 5, NULL, 100),
('2026-11-05 09:00:00', NULL, 'claude', 10, 5, 0, 100),
('2026-11-05 09:00:00', NULL, NULL, 140, 15, 155, NULL);
