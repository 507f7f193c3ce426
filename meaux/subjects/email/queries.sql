-- name: reported_mail
-- Reported email totals per day.
-- returns: day date, sent integer, delivered integer, opened integer, clicked integer,
-- returns: bounced integer, complained integer
-- optional: email_day.sent, email_day.delivered, email_day.opened, email_day.clicked
-- optional: email_day.bounced, email_day.complained
SELECT
    email_day.at_day AS day,
    sum(email_day.sent) AS sent,
    sum(email_day.delivered) AS delivered,
    sum(email_day.opened) AS opened,
    sum(email_day.clicked) AS clicked,
    sum(email_day.bounced) AS bounced,
    sum(email_day.complained) AS complained
FROM email_day
WHERE in_period(email_day.at)
GROUP BY email_day.at_day
ORDER BY day

-- view: mail
-- The events of messages in the period.
SELECT
    email_event.at_day AS day,
    email_event.message AS message,
    meaning('mail', email_event.type) AS state
FROM email_event
WHERE in_period(email_event.at)

-- name: counted_mail
-- Messages per status and local day; a message counts once per day for each status.
-- returns: day date, state text, messages integer
SELECT
    mail.day AS day,
    mail.state AS state,
    count(DISTINCT mail.message) AS messages
FROM mail
GROUP BY mail.day, mail.state
ORDER BY mail.day, mail.state

-- view: outcome
-- The states of each message in the period, on its complete days, and at any time since.
-- A message that bounced and was then delivered is delivered.
SELECT
    told.message,
    max(told.state = 'Sent' AND told.within) AS sent,
    max(told.state = 'Sent' AND told.comparable) AS comparable_sent,
    max(told.state = 'Delivered' AND told.within) AS delivered,
    max(told.state = 'Delivered' AND told.comparable) AS comparable_delivered,
    max(told.state = 'Opened' AND told.within) AS opened,
    max(told.state = 'Opened' AND told.comparable) AS comparable_opened,
    max(told.state = 'Clicked' AND told.within) AS clicked,
    max(told.state = 'Clicked' AND told.comparable) AS comparable_clicked,
    max(told.state = 'Complained' AND told.within) AS complained,
    max(told.state = 'Complained' AND told.comparable) AS comparable_complained,
    max(told.state = 'Bounced' AND told.within)
    AND NOT max(told.state = 'Delivered') AS bounced,
    max(told.state = 'Bounced' AND told.comparable)
    AND NOT max(told.state = 'Delivered') AS comparable_bounced,
    max(told.state = 'Opened') AS opened_since,
    max(told.state = 'Clicked') AS clicked_since
FROM (
    SELECT
        email_event.message AS message,
        meaning('mail', email_event.type) AS state,
        in_period(email_event.at) AS within,
        in_period(email_event.at) AND email_event.at_day < :comparable_end AS comparable
    FROM email_event
    WHERE since_start(email_event.at) AND email_event.message IS NOT NULL
) AS told
GROUP BY told.message

-- view: outcomes
-- Distinct messages per state, as JSON: the state, the count in the period, the count on its
-- complete days, and how many of the messages delivered on these days had the state at any time
-- since.
SELECT
    json_array(
        json_array(
            'Sent',
            sum(outcome.sent),
            sum(outcome.comparable_sent),
            NULL,
            NULL
        ),
        json_array(
            'Delivered',
            sum(outcome.delivered),
            sum(outcome.comparable_delivered),
            NULL,
            NULL
        ),
        json_array(
            'Opened',
            sum(outcome.opened),
            sum(outcome.comparable_opened),
            sum(outcome.delivered AND outcome.opened_since),
            sum(outcome.comparable_delivered AND outcome.opened_since)
        ),
        json_array(
            'Clicked',
            sum(outcome.clicked),
            sum(outcome.comparable_clicked),
            sum(outcome.delivered AND outcome.clicked_since),
            sum(outcome.comparable_delivered AND outcome.clicked_since)
        ),
        json_array(
            'Bounced',
            sum(outcome.bounced),
            sum(outcome.comparable_bounced),
            NULL,
            NULL
        ),
        json_array(
            'Complained',
            sum(outcome.complained),
            sum(outcome.comparable_complained),
            NULL,
            NULL
        )
    ) AS counts
FROM outcome

-- name: distinct_mail
-- Distinct messages per state in the period and on its complete days. `of_delivered`: how many of
-- the messages delivered on these days reached this state at any time since.
-- returns: state text, messages integer, comparable_messages integer, of_delivered integer
-- returns: comparable_of_delivered integer
SELECT
    state.value ->> 0 AS state,
    state.value ->> 1 AS messages,
    state.value ->> 2 AS comparable_messages,
    state.value ->> 3 AS of_delivered,
    state.value ->> 4 AS comparable_of_delivered
FROM outcomes
CROSS JOIN json_each(outcomes.counts) AS state
WHERE coalesce(state.value ->> 1, 0) + coalesce(state.value ->> 3, 0) > 0
ORDER BY state.key

-- view: message
-- Every message passed to the mail service in the period that matches the filters.
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
-- Messages passed to the mail service, per template and state.
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
-- Latest messages that bounced, failed or led to a complaint.
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
-- Messages in the queue by status, and the time the oldest was queued. A message with a sent time
-- counts as sent; without one, a message of unknown status counts as waiting.
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
