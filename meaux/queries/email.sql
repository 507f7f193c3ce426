-- name: reported_mail
-- What was reported of each day's messages.
-- returns: day date, sent integer, delivered integer, opened integer, clicked integer,
-- returns: bounced integer, complained integer
-- optional: email_day.sent, email_day.delivered, email_day.opened, email_day.clicked
-- optional: email_day.bounced, email_day.complained
SELECT
    email_day.at_day AS day,
    email_day.sent AS sent,
    email_day.delivered AS delivered,
    email_day.opened AS opened,
    email_day.clicked AS clicked,
    email_day.bounced AS bounced,
    email_day.complained AS complained
FROM email_day
WHERE in_period(email_day.at)
ORDER BY email_day.at_order

-- view: mail
-- What happened to messages in the period.
SELECT
    email_event.at_day AS day,
    email_event.message AS message,
    meaning('mail', email_event.type) AS state
FROM email_event
WHERE in_period(email_event.at)

-- name: counted_mail
-- To how many messages something happened on each local day; twice on a day counts once.
-- returns: day date, state text, messages integer
SELECT
    mail.day AS day,
    mail.state AS state,
    count(DISTINCT mail.message) AS messages
FROM mail
GROUP BY mail.day, mail.state
ORDER BY mail.day, mail.state

-- view: outcome
-- What happened to each message in the period or since: whether in the period, whether on its days
-- that are compared, whether it holds, and whether the message was delivered in these days.
-- A message that bounced and was delivered then is delivered: its bounce doesn't hold.
SELECT
    told.message,
    told.state,
    told.within,
    told.comparable,
    told.state <> 'Bounced' OR NOT max(told.state = 'Delivered') OVER whole AS holds,
    max(told.state = 'Delivered' AND told.within) OVER whole AS delivered,
    max(told.state = 'Delivered' AND told.comparable) OVER whole AS comparable_delivered
FROM (
    SELECT
        email_event.message AS message,
        meaning('mail', email_event.type) AS state,
        max(in_period(email_event.at)) AS within,
        max(in_period(email_event.at) AND email_event.at_day < :comparable_end) AS comparable
    FROM email_event
    WHERE since_start(email_event.at) AND email_event.message IS NOT NULL
    GROUP BY email_event.message, state
) AS told
WINDOW whole AS (PARTITION BY told.message)

-- name: distinct_mail
-- To how many messages something happened in the period, and on those of its days that are
-- compared; twice counts once. How many of these were delivered in the same days.
-- returns: state text, messages integer, comparable_messages integer, of_delivered integer
-- returns: comparable_of_delivered integer
SELECT
    outcome.state AS state,
    sum(outcome.within AND outcome.holds) AS messages,
    sum(outcome.comparable AND outcome.holds) AS comparable_messages,
    sum(outcome.delivered) AS of_delivered,
    sum(outcome.comparable_delivered) AS comparable_of_delivered
FROM outcome
GROUP BY outcome.state
HAVING sum(outcome.within AND outcome.holds) + sum(outcome.delivered) > 0
ORDER BY outcome.state

-- view: message
-- Every message handed to the mail service in the period that the filters leave.
-- optional: email_log.project, email_log.recipient, email_log.template, email_log.status
-- optional: email_log.error
-- chosen: email_log.project
SELECT
    email_log.at,
    email_log.at_order AS place,
    email_log.recipient,
    email_log.template,
    email_log.error,
    meaning('mail', email_log.status) AS state
FROM email_log
WHERE
    in_period(email_log.at)
    AND of_projects(email_log.project)

-- name: mail_by_template
-- How many messages of each template were handed over, and what became of them.
-- returns: template text, state text, messages integer
-- needs: email_log.status
SELECT
    message.template AS template,
    message.state AS state,
    count(*) AS messages
FROM message
GROUP BY message.template, message.state
ORDER BY messages DESC, message.template, message.state

-- name: failed_mail
-- The newest messages that bounced, failed or were complained about.
-- returns: at instant, template text, recipient text, state text, error text
-- needs: email_log.status or email_log.error
SELECT
    message.at AS at,
    message.template AS template,
    message.recipient AS recipient,
    message.state AS state,
    message.error AS error
FROM message
WHERE
    message.state IN ('Bounced', 'Failed', 'Complained')
    OR (message.state = 'Other' AND message.error <> '')
ORDER BY message.place DESC
LIMIT :limit

-- name: mail_queue
-- How the messages of the queue stand now, and since when the oldest has been in it.
-- What has a time of sending is sent, whatever its status; what nothing is known of waits.
-- returns: state text, messages integer, oldest instant
-- optional: email_queue.status, email_queue.sent
-- needs: email_queue.status or email_queue.sent
SELECT
    queued.state AS state,
    count(*) AS messages,
    min(queued.at) AS oldest
FROM (
    SELECT
        email_queue.queued AS at,
        CASE
            WHEN email_queue.sent IS NOT NULL THEN 'Sent'
            ELSE
                CASE meaning('mail', email_queue.status)
                    WHEN 'Sent' THEN 'Sent'
                    WHEN 'Delivered' THEN 'Sent'
                    WHEN 'Opened' THEN 'Sent'
                    WHEN 'Clicked' THEN 'Sent'
                    WHEN 'Failed' THEN 'Failed'
                    WHEN 'Bounced' THEN 'Failed'
                    WHEN 'Complained' THEN 'Failed'
                    WHEN 'Cancelled' THEN 'Cancelled'
                    ELSE 'Waiting'
                END
        END AS state
    FROM email_queue
) AS queued
GROUP BY queued.state
ORDER BY queued.state
