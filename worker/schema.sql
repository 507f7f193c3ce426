-- What the Worker writes. Each statement may be run again.

-- Requests of one Worker in one hour with one status, for one project (empty: none). `hour` is in
-- epoch seconds. `durations` counts them in buckets: {"n": requests}, from 1.04 ** n up to
-- 1.04 ** (n + 1) milliseconds; -178 is 0 ms.
-- `errors` and the durations of the status 'unknown' are not known: such requests were only counted.
CREATE TABLE IF NOT EXISTS tracked_hourly (
  worker TEXT NOT NULL,
  hour INTEGER NOT NULL,
  status TEXT NOT NULL,
  requests INTEGER NOT NULL,
  errors INTEGER,
  duration_ms_sum REAL,
  durations TEXT,
  source TEXT NOT NULL,
  sampled INTEGER NOT NULL DEFAULT 0,
  project TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (worker, hour, status, source, project)
);

-- The lifetime figures of one Worker.
CREATE TABLE IF NOT EXISTS worker_stats (
  worker_id TEXT PRIMARY KEY,
  worker_name TEXT,
  url TEXT,
  status TEXT,
  category TEXT,
  total_requests INTEGER,
  last_request_at INTEGER
);

-- Requests of one Worker on one day (epoch seconds) as {"route": requests}: the 100 most frequent
-- routes, and the rest as (other). Written only if the variable ROUTES is "yes".
CREATE TABLE IF NOT EXISTS meaux_routes (
  worker TEXT NOT NULL,
  day INTEGER NOT NULL,
  routes TEXT NOT NULL,
  PRIMARY KEY (worker, day)
) WITHOUT ROWID;
CREATE VIEW IF NOT EXISTS tracked_routes AS
SELECT worker, day, key AS route, value AS requests FROM meaux_routes, json_each(routes);

-- Something that happened to one message.
CREATE TABLE IF NOT EXISTS email_events (
  id INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  recipient TEXT,
  created_at TEXT NOT NULL
);

-- The batches of the last hour, with the ids of their messages: none is counted twice.
CREATE TABLE IF NOT EXISTS meaux_batches (
  id TEXT PRIMARY KEY,
  messages TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;

-- The webhooks of the last days: a repeated one is not written twice.
CREATE TABLE IF NOT EXISTS meaux_webhooks (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS meaux_webhooks_time ON meaux_webhooks (at);

-- How often the gateway wrote to KV on each day.
CREATE TABLE IF NOT EXISTS meaux_kept (
  day TEXT PRIMARY KEY,
  writes INTEGER NOT NULL
) WITHOUT ROWID;
