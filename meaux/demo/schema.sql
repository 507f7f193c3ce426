-- The demo database: the tables that the dashboard knows, with the conventions of live ones.
-- Encodings differ from table to table on purpose: epoch seconds, epoch milliseconds, ISO text with
-- T and Z, SQLite text (UTC) and bare dates all occur. No foreign keys are declared, because live
-- databases hold rows whose project or user is gone.


-- Project management

-- A project: work for a client, a product of our own, or housekeeping.
CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  org_id TEXT,
  team_id TEXT,
  name TEXT NOT NULL,
  slug TEXT NOT NULL,
  description TEXT,
  status TEXT,
  priority TEXT,
  color TEXT,
  category TEXT,
  url TEXT,
  billable INTEGER,
  monthly_budget_usd REAL,
  hourly_rate REAL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

-- What is deployed for one project, and since when.
CREATE TABLE project_stats (
  project_id TEXT PRIMARY KEY,
  project_name TEXT,
  url TEXT,
  status TEXT,
  type TEXT,
  category TEXT,
  deployment_count INTEGER,
  last_deployed_at INTEGER
);

-- The lifetime cost of one project, as a nightly job last added it up.
CREATE TABLE project_costs (
  project_id TEXT PRIMARY KEY,
  total_time_seconds INTEGER,
  total_time_cost REAL,
  total_ai_tokens INTEGER,
  total_ai_cost REAL,
  total_cost REAL,
  updated_at TEXT
);

-- The cost of one project in one month; the project is named by its slug.
CREATE TABLE project_cost_summary (
  id INTEGER PRIMARY KEY,
  project_slug TEXT NOT NULL,
  month TEXT NOT NULL,
  time_cost REAL,
  ai_cost REAL,
  infrastructure_cost REAL,
  total_cost REAL
);

-- Something that happened in a project.
CREATE TABLE project_activity (
  id INTEGER PRIMARY KEY,
  project_id TEXT,
  user_id TEXT,
  action TEXT NOT NULL,
  description TEXT,
  created_at TEXT NOT NULL
);

-- A person's place in a project.
CREATE TABLE project_members (
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  role TEXT,
  joined_at TEXT,
  PRIMARY KEY (project_id, user_id)
);

-- How far a project was, in percent, when somebody last said so.
CREATE TABLE project_progress (
  id INTEGER PRIMARY KEY,
  project_id TEXT NOT NULL,
  progress REAL,
  recorded_at TEXT NOT NULL
);

-- A deliverable of a project, which may be due in the future.
CREATE TABLE project_milestones (
  id INTEGER PRIMARY KEY,
  project_id TEXT NOT NULL,
  title TEXT NOT NULL,
  status TEXT,
  due_date TEXT,
  completed_at TEXT,
  created_at TEXT NOT NULL,
  owner_id TEXT
);


-- Workers and infrastructure

-- A deployed Worker.
CREATE TABLE cloudflare_workers (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  script_name TEXT,
  project_id TEXT,
  status TEXT,
  url TEXT,
  created_at TEXT,
  modified_at TEXT
);

-- The lifetime figures of one Worker.
CREATE TABLE worker_stats (
  worker_id TEXT PRIMARY KEY,
  worker_name TEXT,
  url TEXT,
  status TEXT,
  category TEXT,
  total_requests INTEGER,
  last_request_at INTEGER
);

-- One request that a Worker answered, or failed to (timestamp: epoch milliseconds).
CREATE TABLE worker_logs (
  id INTEGER PRIMARY KEY,
  worker_id TEXT NOT NULL,
  timestamp INTEGER NOT NULL,
  status INTEGER,
  outcome TEXT,
  duration_ms REAL,
  cpu_ms REAL,
  method TEXT,
  path TEXT
);

-- One hour of one Worker, as Cloudflare counts it; a sampled request stands for several.
CREATE TABLE worker_hourly (
  worker_id TEXT NOT NULL,
  hour TEXT NOT NULL,
  requests INTEGER,
  errors INTEGER,
  subrequests INTEGER,
  cpu_total_ms REAL,
  cpu_p50_ms REAL,
  cpu_p99_ms REAL,
  wall_p25_ms REAL,
  wall_p50_ms REAL,
  wall_p75_ms REAL,
  wall_p90_ms REAL,
  wall_p95_ms REAL,
  wall_p99_ms REAL,
  wall_p999_ms REAL,
  mean_sample_interval REAL,
  PRIMARY KEY (worker_id, hour)
);

-- One hour of one tracked Worker with one status, counted exactly (hour: epoch seconds).
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

-- One day of one resource on the infrastructure bill; credits are negative.
CREATE TABLE cloudflare_usage (
  id INTEGER PRIMARY KEY,
  usage_date TEXT NOT NULL,
  service TEXT NOT NULL,
  resource TEXT,
  project_id TEXT,
  quantity REAL,
  unit TEXT,
  cost_usd REAL,
  currency TEXT
);


-- Time tracking

-- A stretch of tracked work; without an end it is still running (epoch seconds).
CREATE TABLE time_entries (
  id TEXT PRIMARY KEY,
  project_id TEXT,
  user_id TEXT,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  seconds INTEGER,
  cost_usd REAL,
  billable INTEGER,
  hourly_rate REAL,
  note TEXT
);

-- One person's hours in one project on one day, by slug and e-mail.
CREATE TABLE time_logs (
  id INTEGER PRIMARY KEY,
  project_slug TEXT,
  user_email TEXT,
  log_date TEXT NOT NULL,
  hours REAL,
  billable TEXT,
  description TEXT
);

-- A timer's start and end, with no duration (epoch milliseconds).
CREATE TABLE time_sessions (
  id TEXT PRIMARY KEY,
  project_id TEXT,
  user_id TEXT,
  start_time INTEGER NOT NULL,
  end_time INTEGER
);

-- A stretch of work in minutes; the person is "user_" and the id.
CREATE TABLE work_sessions (
  id INTEGER PRIMARY KEY,
  person TEXT,
  project_id TEXT,
  started_at TEXT NOT NULL,
  duration_minutes REAL,
  session_type TEXT
);

-- A stretch of work with its price in cents.
CREATE TABLE work_time_sessions (
  id TEXT PRIMARY KEY,
  user_id TEXT,
  project_id TEXT,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  duration_seconds INTEGER,
  rate_cents INTEGER,
  amount_cents INTEGER
);

-- A stretch of one person's work; the project is given by name.
CREATE TABLE user_time_tracking (
  id INTEGER PRIMARY KEY,
  user_id TEXT NOT NULL,
  project_name TEXT,
  started_at TEXT NOT NULL,
  duration_seconds INTEGER,
  is_billable INTEGER
);


-- AI and tokens

-- A conversation with a model.
CREATE TABLE ai_conversations (
  id TEXT PRIMARY KEY,
  project_id TEXT,
  user_id TEXT,
  title TEXT,
  model TEXT,
  message_count INTEGER,
  started_at TEXT NOT NULL,
  updated_at TEXT
);

-- One billed piece of model use.
CREATE TABLE ai_cost_tracking (
  id INTEGER PRIMARY KEY,
  project_id TEXT,
  user_id TEXT,
  provider TEXT,
  model TEXT,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cost_usd REAL,
  created_at TEXT NOT NULL,
  request_id TEXT,
  cached INTEGER
);

-- One model on one day.
CREATE TABLE ai_model_usage (
  model TEXT NOT NULL,
  usage_date TEXT NOT NULL,
  requests INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cost_usd REAL,
  PRIMARY KEY (usage_date, model)
);

-- The tokens of one piece of model use, seen by the gateway (epoch seconds).
CREATE TABLE token_usage (
  id INTEGER PRIMARY KEY,
  project_id TEXT,
  user_id TEXT,
  model TEXT,
  prompt_tokens INTEGER,
  completion_tokens INTEGER,
  total_tokens INTEGER,
  cost REAL,
  created_at INTEGER NOT NULL
);

-- A line item of an OpenAI project on one day of the bill, in cents.
CREATE TABLE openai_spending (
  date TEXT NOT NULL,
  line_item TEXT NOT NULL DEFAULT '',
  openai_project TEXT NOT NULL DEFAULT '',
  amount_cents INTEGER,
  currency TEXT,
  requests INTEGER,
  PRIMARY KEY (date, line_item, openai_project)
);

-- One OpenAI model on one day.
CREATE TABLE openai_model_usage (
  id INTEGER PRIMARY KEY,
  model TEXT NOT NULL,
  date TEXT NOT NULL,
  requests INTEGER,
  prompt_tokens INTEGER,
  completion_tokens INTEGER,
  cost_cents REAL
);

-- A limit on AI spend: of one team's projects, or of all where no team is named.
CREATE TABLE openai_budgets (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  team_id TEXT,
  monthly_limit_usd REAL,
  period TEXT,
  created_at TEXT
);

-- A warning that AI spend came near a limit, or passed it.
CREATE TABLE openai_spending_alerts (
  id INTEGER PRIMARY KEY,
  budget_id TEXT,
  severity TEXT,
  message TEXT,
  threshold_percent REAL,
  amount_usd REAL,
  status TEXT,
  created_at TEXT NOT NULL,
  resolved_at TEXT
);


-- Workflows

-- The lifetime figures of one workflow.
CREATE TABLE workflow_analytics (
  workflow_name TEXT PRIMARY KEY,
  total_runs INTEGER,
  succeeded_runs INTEGER,
  failed_runs INTEGER,
  average_duration_ms REAL,
  total_cost_usd REAL,
  last_run_at INTEGER
);

-- One run of a workflow (epoch milliseconds).
CREATE TABLE workflow_runs (
  id TEXT PRIMARY KEY,
  workflow_name TEXT NOT NULL,
  project_id TEXT,
  trigger TEXT,
  status TEXT,
  started_at INTEGER NOT NULL,
  completed_at INTEGER,
  duration_ms INTEGER,
  cost_usd REAL,
  error_message TEXT
);

-- One step of a run.
CREATE TABLE workflow_steps (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  step_index INTEGER,
  step_name TEXT,
  status TEXT,
  started_at INTEGER NOT NULL,
  completed_at INTEGER,
  duration_ms INTEGER
);

-- Something that a run reported.
CREATE TABLE workflow_events (
  id INTEGER PRIMARY KEY,
  run_id TEXT,
  event_type TEXT NOT NULL,
  message TEXT,
  created_at TEXT NOT NULL
);

-- What one workflow cost on one day.
CREATE TABLE workflow_cost_daily (
  usage_date TEXT NOT NULL,
  workflow_name TEXT NOT NULL,
  runs INTEGER,
  cost_usd REAL,
  PRIMARY KEY (usage_date, workflow_name)
);

-- How one workflow did on one day.
CREATE TABLE workflow_daily (
  date TEXT NOT NULL,
  workflow_name TEXT NOT NULL,
  runs INTEGER,
  succeeded INTEGER,
  failed INTEGER,
  average_duration_ms REAL,
  PRIMARY KEY (date, workflow_name)
);

-- A change that would make a workflow faster or cheaper.
CREATE TABLE workflow_optimizations (
  id INTEGER PRIMARY KEY,
  workflow_name TEXT,
  title TEXT NOT NULL,
  estimated_savings_usd REAL,
  estimated_seconds_saved INTEGER,
  status TEXT,
  created_at TEXT
);

-- Advice on a workflow, written by a model.
CREATE TABLE workflow_recommendations (
  id INTEGER PRIMARY KEY,
  workflow_name TEXT,
  recommendation TEXT NOT NULL,
  confidence REAL,
  priority TEXT,
  status TEXT,
  created_at INTEGER
);


-- Teams and users

-- A team.
CREATE TABLE teams (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  slug TEXT,
  color TEXT,
  created_at TEXT
);

-- A person's place in a team, until they left it.
CREATE TABLE team_members (
  team_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  role TEXT,
  joined_at TEXT,
  left_at TEXT,
  PRIMARY KEY (team_id, user_id)
);

-- A person with an account.
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  name TEXT,
  role TEXT,
  status TEXT,
  hourly_rate REAL,
  created_at TEXT NOT NULL,
  last_seen_at TEXT
);

-- One sign-in (epoch milliseconds).
CREATE TABLE user_sessions (
  id INTEGER PRIMARY KEY,
  user_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  ip_country TEXT
);

-- What a person says about themselves.
CREATE TABLE user_profiles (
  user_id TEXT PRIMARY KEY,
  title TEXT,
  bio TEXT,
  country TEXT,
  time_zone TEXT,
  updated_at INTEGER
);

-- One setting of one person.
CREATE TABLE user_preferences (
  user_id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT,
  PRIMARY KEY (user_id, key)
);


-- Cost and finance

-- One service on one monthly bill, in cents (epoch seconds).
CREATE TABLE billing_usage (
  id INTEGER PRIMARY KEY,
  service TEXT NOT NULL,
  period_start INTEGER NOT NULL,
  period_end INTEGER,
  quantity REAL,
  amount_cents INTEGER,
  currency TEXT
);

-- One cost category in one month.
CREATE TABLE cost_analytics (
  id INTEGER PRIMARY KEY,
  month TEXT NOT NULL,
  category TEXT NOT NULL,
  cost_usd REAL,
  share REAL,
  computed_at INTEGER
);

-- One cost category of one project in one month.
CREATE TABLE cost_breakdown (
  id INTEGER PRIMARY KEY,
  project_id TEXT,
  category TEXT NOT NULL,
  period_start TEXT NOT NULL,
  amount REAL,
  currency TEXT
);

-- A way to spend less.
CREATE TABLE cost_optimization (
  id INTEGER PRIMARY KEY,
  project_id TEXT,
  category TEXT,
  title TEXT NOT NULL,
  description TEXT,
  estimated_savings_usd REAL,
  effort TEXT,
  status TEXT,
  created_at TEXT
);

-- What a complete week cost, Monday to Sunday.
CREATE TABLE weekly_spend_reports (
  id INTEGER PRIMARY KEY,
  week_start TEXT NOT NULL,
  week_end TEXT NOT NULL,
  time_cost REAL,
  ai_cost REAL,
  infrastructure_cost REAL,
  total_cost REAL,
  change_percent REAL
);

-- What one day cost.
CREATE TABLE daily_spend (
  date TEXT PRIMARY KEY,
  time_cost REAL,
  ai_cost REAL,
  infrastructure_cost REAL,
  total_cost REAL
);


-- Storage and assets

-- A bucket.
CREATE TABLE r2_buckets (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  project_id TEXT,
  location TEXT,
  storage_class TEXT,
  created_at TEXT
);

-- An object in a bucket.
CREATE TABLE r2_objects (
  id INTEGER PRIMARY KEY,
  bucket TEXT NOT NULL,
  key TEXT NOT NULL,
  size INTEGER,
  content_type TEXT,
  uploaded_at TEXT NOT NULL
);

-- How full one bucket was on one day, and how often it was used.
CREATE TABLE r2_usage (
  id INTEGER PRIMARY KEY,
  bucket TEXT NOT NULL,
  usage_date TEXT NOT NULL,
  bytes INTEGER,
  objects INTEGER,
  class_a INTEGER,
  class_b INTEGER,
  sample_interval REAL
);

-- How full one kind of storage was on one day.
CREATE TABLE storage_usage (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  bytes INTEGER,
  items INTEGER,
  rows_read INTEGER,
  rows_written INTEGER,
  reads INTEGER,
  writes INTEGER,
  deletes INTEGER,
  lists INTEGER
);

-- A stored image.
CREATE TABLE cloudflare_images (
  id TEXT PRIMARY KEY,
  project_id TEXT,
  filename TEXT,
  bytes INTEGER,
  variants INTEGER,
  requests INTEGER,
  uploaded_at TEXT NOT NULL
);


-- E-mail

-- One day of e-mail; opened and clicked count messages, not events.
CREATE TABLE email_analytics (
  date TEXT PRIMARY KEY,
  sent INTEGER,
  delivered INTEGER,
  opened INTEGER,
  clicked INTEGER,
  bounced INTEGER,
  complained INTEGER
);

-- Something that happened to one message.
CREATE TABLE email_events (
  id INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  recipient TEXT,
  created_at TEXT NOT NULL
);

-- One message handed to the mail service (epoch seconds).
CREATE TABLE resend_log (
  id INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL,
  project_id TEXT,
  recipient TEXT,
  template TEXT,
  subject TEXT,
  status TEXT,
  error TEXT,
  created_at INTEGER NOT NULL
);

-- A message that waits to be sent, or was sent lately.
CREATE TABLE resend_queue (
  id INTEGER PRIMARY KEY,
  recipient TEXT,
  template TEXT,
  status TEXT,
  attempts INTEGER,
  queued_at TEXT NOT NULL,
  sent_at TEXT
);


-- Events and logs

-- Something that a system reported.
CREATE TABLE system_events (
  id INTEGER PRIMARY KEY,
  event_type TEXT,
  severity TEXT,
  source TEXT,
  message TEXT,
  created_at TEXT NOT NULL
);

-- Something that happened on the platform (epoch milliseconds).
CREATE TABLE platform_events (
  id INTEGER PRIMARY KEY,
  event_type TEXT,
  severity TEXT,
  project_id TEXT,
  message TEXT,
  metadata TEXT,
  created_at INTEGER NOT NULL
);

-- Who changed what.
CREATE TABLE audit_log (
  id INTEGER PRIMARY KEY,
  user_id TEXT,
  action TEXT,
  entity_type TEXT,
  entity_id TEXT,
  created_at TEXT NOT NULL
);

-- An entry of the general log (epoch seconds).
CREATE TABLE event_log (
  id INTEGER PRIMARY KEY,
  level TEXT,
  category TEXT,
  message TEXT,
  user_id TEXT,
  created_at INTEGER NOT NULL
);

-- A failure in the code.
CREATE TABLE error_logs (
  id INTEGER PRIMARY KEY,
  level TEXT,
  message TEXT,
  source TEXT,
  stack TEXT,
  created_at TEXT NOT NULL
);


-- Indexes: the time of every fact table, and the project or person with it where they are asked for

CREATE INDEX projects_team ON projects (team_id);
CREATE INDEX projects_updated ON projects (updated_at);
CREATE INDEX projects_slug ON projects (slug);
CREATE INDEX project_stats_deployed ON project_stats (last_deployed_at);
CREATE INDEX project_cost_summary_month ON project_cost_summary (month);
CREATE INDEX project_cost_summary_project ON project_cost_summary (project_slug, month);
CREATE INDEX project_activity_time ON project_activity (created_at);
CREATE INDEX project_activity_project ON project_activity (project_id, created_at);
CREATE INDEX project_activity_user ON project_activity (user_id, created_at);
CREATE INDEX project_members_user ON project_members (user_id);
CREATE INDEX project_progress_time ON project_progress (recorded_at);
CREATE INDEX project_progress_project ON project_progress (project_id, recorded_at);
CREATE INDEX project_milestones_project ON project_milestones (project_id);
CREATE INDEX project_milestones_completed ON project_milestones (completed_at);
CREATE INDEX project_milestones_due ON project_milestones (due_date);
CREATE INDEX project_milestones_owner ON project_milestones (owner_id);

CREATE INDEX cloudflare_workers_project ON cloudflare_workers (project_id);
CREATE INDEX worker_logs_time ON worker_logs (timestamp);
CREATE INDEX worker_logs_worker ON worker_logs (worker_id, timestamp);
CREATE INDEX worker_hourly_time ON worker_hourly (hour);
CREATE INDEX cloudflare_usage_date ON cloudflare_usage (usage_date);
CREATE INDEX cloudflare_usage_project ON cloudflare_usage (project_id, usage_date);

CREATE INDEX time_entries_time ON time_entries (started_at);
CREATE INDEX time_entries_project ON time_entries (project_id, started_at);
CREATE INDEX time_entries_user ON time_entries (user_id, started_at);
CREATE INDEX time_entries_running ON time_entries (started_at) WHERE ended_at IS NULL AND seconds IS NULL;
CREATE INDEX time_logs_date ON time_logs (log_date);
CREATE INDEX time_logs_project ON time_logs (project_slug, log_date);
CREATE INDEX time_logs_user ON time_logs (user_email, log_date);
CREATE INDEX time_sessions_time ON time_sessions (start_time);
CREATE INDEX time_sessions_project ON time_sessions (project_id, start_time);
CREATE INDEX work_sessions_time ON work_sessions (started_at);
CREATE INDEX work_time_sessions_time ON work_time_sessions (started_at);
CREATE INDEX work_time_sessions_project ON work_time_sessions (project_id, started_at);
CREATE INDEX user_time_tracking_time ON user_time_tracking (started_at);
CREATE INDEX user_time_tracking_user ON user_time_tracking (user_id, started_at);

CREATE INDEX ai_conversations_time ON ai_conversations (started_at);
CREATE INDEX ai_conversations_project ON ai_conversations (project_id, started_at);
CREATE INDEX ai_conversations_user ON ai_conversations (user_id, started_at);
CREATE INDEX ai_cost_tracking_time ON ai_cost_tracking (created_at);
CREATE INDEX ai_cost_tracking_project ON ai_cost_tracking (project_id, created_at);
CREATE INDEX ai_cost_tracking_user ON ai_cost_tracking (user_id, created_at);
CREATE INDEX ai_cost_tracking_model ON ai_cost_tracking (model, created_at);
CREATE INDEX ai_model_usage_model ON ai_model_usage (model, usage_date);
CREATE INDEX token_usage_time ON token_usage (created_at);
CREATE INDEX token_usage_project ON token_usage (project_id, created_at);
CREATE INDEX openai_model_usage_date ON openai_model_usage (date);
CREATE INDEX openai_spending_alerts_time ON openai_spending_alerts (created_at);
CREATE INDEX openai_spending_alerts_status ON openai_spending_alerts (status, created_at);

CREATE INDEX workflow_runs_time ON workflow_runs (started_at);
CREATE INDEX workflow_runs_workflow ON workflow_runs (workflow_name, started_at);
CREATE INDEX workflow_runs_project ON workflow_runs (project_id, started_at);
CREATE INDEX workflow_steps_time ON workflow_steps (started_at);
CREATE INDEX workflow_steps_run ON workflow_steps (run_id);
CREATE INDEX workflow_events_time ON workflow_events (created_at);
CREATE INDEX workflow_events_run ON workflow_events (run_id);

CREATE INDEX team_members_user ON team_members (user_id);
CREATE INDEX users_email ON users (email);
CREATE INDEX users_created ON users (created_at);
CREATE INDEX user_sessions_time ON user_sessions (started_at);
CREATE INDEX user_sessions_user ON user_sessions (user_id, started_at);

CREATE INDEX billing_usage_period ON billing_usage (period_start);
CREATE INDEX cost_analytics_month ON cost_analytics (month);
CREATE INDEX cost_breakdown_period ON cost_breakdown (period_start);
CREATE INDEX cost_breakdown_project ON cost_breakdown (project_id, period_start);
CREATE INDEX cost_optimization_status ON cost_optimization (status);
CREATE INDEX weekly_spend_reports_week ON weekly_spend_reports (week_start);

CREATE INDEX r2_objects_bucket ON r2_objects (bucket, uploaded_at);
CREATE INDEX r2_objects_time ON r2_objects (uploaded_at);
CREATE INDEX r2_usage_date ON r2_usage (usage_date);
CREATE INDEX r2_usage_bucket ON r2_usage (bucket, usage_date);
CREATE INDEX storage_usage_time ON storage_usage (recorded_at);
CREATE INDEX cloudflare_images_time ON cloudflare_images (uploaded_at);
CREATE INDEX cloudflare_images_project ON cloudflare_images (project_id);

CREATE INDEX email_events_time ON email_events (created_at);
CREATE INDEX email_events_message ON email_events (message_id);
CREATE INDEX resend_log_time ON resend_log (created_at);
CREATE INDEX resend_log_status ON resend_log (status, created_at);
CREATE INDEX resend_queue_status ON resend_queue (status, queued_at);
CREATE INDEX resend_queue_time ON resend_queue (queued_at);

CREATE INDEX system_events_time ON system_events (created_at);
CREATE INDEX platform_events_time ON platform_events (created_at);
CREATE INDEX platform_events_project ON platform_events (project_id, created_at);
CREATE INDEX audit_log_time ON audit_log (created_at);
CREATE INDEX audit_log_user ON audit_log (user_id, created_at);
CREATE INDEX event_log_time ON event_log (created_at);
CREATE INDEX error_logs_time ON error_logs (created_at);
