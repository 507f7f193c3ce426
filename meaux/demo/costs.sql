-- Cost totals, as jobs of the studio added them up from the ledger's sources.

CREATE TEMP TABLE ledger AS
SELECT date(started_at, 'unixepoch') AS day, project_id, 'time' AS category,
  coalesce(cost_usd, seconds * hourly_rate / 3600.0, 0) AS amount
FROM time_entries
WHERE seconds > 0
UNION ALL
SELECT substr(created_at, 1, 10), project_id, 'ai', cost_usd
FROM ai_cost_tracking
UNION ALL
SELECT usage_date, project_id, 'infrastructure', cost_usd
FROM cloudflare_usage
WHERE currency = 'USD';

INSERT INTO daily_spend (date, time_cost, ai_cost, infrastructure_cost, total_cost)
SELECT day,
  round(sum(amount) FILTER (WHERE category = 'time'), 2),
  round(sum(amount) FILTER (WHERE category = 'ai'), 2),
  round(sum(amount) FILTER (WHERE category = 'infrastructure'), 2),
  round(sum(amount), 2)
FROM ledger
WHERE day >= :first AND day < :today
GROUP BY day
ORDER BY day;

INSERT INTO weekly_spend_reports
  (week_start, week_end, time_cost, ai_cost, infrastructure_cost, total_cost, change_percent)
SELECT monday, date(monday, '+6 days'), time_cost, ai_cost, infrastructure_cost, total_cost,
  round(100 * (total_cost / lag(total_cost) OVER (ORDER BY monday) - 1), 1)
FROM (
  SELECT date(date, 'weekday 0', '-6 days') AS monday, round(sum(time_cost), 2) AS time_cost,
    round(sum(ai_cost), 2) AS ai_cost, round(sum(infrastructure_cost), 2) AS infrastructure_cost,
    round(sum(total_cost), 2) AS total_cost
  FROM daily_spend
  GROUP BY 1
)
WHERE monday >= :first AND date(monday, '+6 days') < :today
ORDER BY monday;

INSERT INTO project_cost_summary
  (project_slug, month, time_cost, ai_cost, infrastructure_cost, total_cost)
SELECT p.slug, substr(l.day, 1, 7),
  round(coalesce(sum(l.amount) FILTER (WHERE l.category = 'time'), 0), 2),
  round(coalesce(sum(l.amount) FILTER (WHERE l.category = 'ai'), 0), 2),
  round(coalesce(sum(l.amount) FILTER (WHERE l.category = 'infrastructure'), 0), 2),
  round(sum(l.amount), 2)
FROM ledger AS l
JOIN projects AS p ON p.id = l.project_id
GROUP BY 2, 1
ORDER BY 2, 1;

INSERT INTO cost_breakdown (project_id, category, period_start, amount, currency)
SELECT project_id, category, substr(day, 1, 7) || '-01', round(sum(amount), 2), 'USD'
FROM ledger
GROUP BY 3, 1, 2
ORDER BY 3, 1, 2;

INSERT INTO cost_analytics (month, category, cost_usd, share, computed_at)
SELECT substr(day, 1, 7), category, round(sum(amount), 2),
  round(sum(amount) / sum(sum(amount)) OVER (PARTITION BY substr(day, 1, 7)), 4), :present
FROM ledger
GROUP BY 1, 2
ORDER BY 1, 2;

INSERT INTO billing_usage (service, period_start, period_end, quantity, amount_cents, currency)
SELECT service, CAST(strftime('%s', substr(usage_date, 1, 7) || '-01') AS INTEGER),
  min(:present, CAST(strftime('%s', substr(usage_date, 1, 7) || '-01', '+1 month') AS INTEGER)),
  sum(quantity), CAST(round(sum(cost_usd) * 100) AS INTEGER), currency
FROM cloudflare_usage
GROUP BY substr(usage_date, 1, 7), service, currency
ORDER BY 2, 1;

-- Every third project's totals were last computed three days ago, the others' this morning.
INSERT INTO project_costs
  (project_id, total_time_seconds, total_time_cost, total_ai_tokens, total_ai_cost, total_cost,
   updated_at)
SELECT p.id, coalesce(t.seconds, 0), round(coalesce(t.cost, 0), 2), coalesce(a.tokens, 0),
  round(coalesce(a.cost, 0), 2), round(coalesce(t.cost, 0) + coalesce(a.cost, 0), 2),
  datetime(p.computed_at, 'unixepoch')
FROM (
  SELECT id, CASE WHEN rowid % 3 = 0 THEN :present - 259200 ELSE :present END AS computed_at
  FROM projects
) AS p
LEFT JOIN (
  SELECT e.project_id, sum(e.seconds) AS seconds,
    sum(coalesce(e.cost_usd, e.seconds * e.hourly_rate / 3600.0)) AS cost
  FROM time_entries AS e
  JOIN projects AS q ON q.id = e.project_id
  WHERE e.seconds > 0 AND (q.rowid % 3 <> 0 OR e.started_at < :present - 259200)
  GROUP BY 1
) AS t ON t.project_id = p.id
LEFT JOIN (
  SELECT c.project_id, sum(c.input_tokens + c.output_tokens) AS tokens, sum(c.cost_usd) AS cost
  FROM ai_cost_tracking AS c
  JOIN projects AS q ON q.id = c.project_id
  WHERE q.rowid % 3 <> 0 OR c.created_at < strftime('%Y-%m-%dT%H:%M:%SZ', :present - 259200, 'unixepoch')
  GROUP BY 1
) AS a ON a.project_id = p.id
ORDER BY p.id;

DROP TABLE ledger;
