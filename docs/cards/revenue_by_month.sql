-- title: Billed work by month
-- about: Amounts of all billed work sessions by month, whatever the page's period.
-- chart: bars
-- unit: money
-- order: 1
SELECT
    substr(started_at, 1, 7) AS month,
    sum(amount_cents) / 100.0 AS billed
FROM work_time_sessions
GROUP BY month
ORDER BY month
