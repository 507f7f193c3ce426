-- title: Hours by weekday
-- about: Logged hours of the period by weekday, in the selected time zone.
-- chart: bars
-- unit: hours
-- order: 2
SELECT
    CASE strftime('%w', time_entry.started_day)
        WHEN '0' THEN 'Sunday'
        WHEN '1' THEN 'Monday'
        WHEN '2' THEN 'Tuesday'
        WHEN '3' THEN 'Wednesday'
        WHEN '4' THEN 'Thursday'
        WHEN '5' THEN 'Friday'
        ELSE 'Saturday'
    END AS weekday,
    sum(time_entry.seconds) / 3600.0 AS hours
FROM time_entry
WHERE in_period(time_entry.started)
    AND of_projects(time_entry.project)
    AND of_people(time_entry.person)
GROUP BY weekday
ORDER BY (strftime('%w', min(time_entry.started_day)) + 6) % 7
