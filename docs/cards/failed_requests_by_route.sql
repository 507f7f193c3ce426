-- title: Failed requests by route
-- about: Requests of the period that the server answered with an error (status 500 or above).
-- chart: bars
-- unit: count
-- order: 3
-- page: Resource usage
SELECT
    method || ' ' || path AS route,
    count(*) AS failed
FROM worker_logs
WHERE status >= 500
    AND timestamp >= :start_seconds * 1000
    AND timestamp < :end_seconds * 1000
GROUP BY route
ORDER BY failed DESC, route
LIMIT 15
