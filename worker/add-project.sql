-- For a tracked_hourly that was created before it had projects: adds them, and keeps all rows.
-- Run again, it stops at its first statement and changes nothing.
ALTER TABLE tracked_hourly ADD COLUMN project TEXT NOT NULL DEFAULT '';
ALTER TABLE tracked_hourly RENAME TO tracked_hourly_before;
CREATE TABLE tracked_hourly (
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
INSERT INTO tracked_hourly SELECT * FROM tracked_hourly_before;
DROP TABLE tracked_hourly_before;
