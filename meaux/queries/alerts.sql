-- name: open_spend_alerts
-- Alerts that the database recorded and nobody has closed, newest first.
-- returns: at instant, severity text, message text
-- optional: spend_alert.severity, spend_alert.status, spend_alert.resolved
SELECT
    spend_alert.at AS at,
    spend_alert.severity AS severity,
    spend_alert.message AS message
FROM spend_alert
WHERE
    spend_alert.resolved IS NULL
    AND coalesce(spend_alert.status, 'open')
    NOT IN ('resolved', 'closed', 'dismissed', 'acknowledged')
ORDER BY spend_alert.at_stored DESC
LIMIT :limit
