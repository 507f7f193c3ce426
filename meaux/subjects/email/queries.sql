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
    max(iif(told.state = 'Sent' AND told.within, told.at, NULL)) AS sent_at,
    max(iif(told.state = 'Sent' AND told.within, told.day, NULL)) AS sent_day,
    max(told.state = 'Delivered' AND told.within) AS delivered,
    max(told.state = 'Delivered' AND told.comparable) AS comparable_delivered,
    max(iif(told.state = 'Delivered' AND told.within, told.at, NULL)) AS delivered_at,
    max(iif(told.state = 'Delivered' AND told.within, told.day, NULL)) AS delivered_day,
    max(told.state = 'Opened' AND told.within) AS opened,
    max(told.state = 'Opened' AND told.comparable) AS comparable_opened,
    max(iif(told.state = 'Opened' AND told.within, told.at, NULL)) AS opened_at,
    max(iif(told.state = 'Opened' AND told.within, told.day, NULL)) AS opened_day,
    max(told.state = 'Clicked' AND told.within) AS clicked,
    max(told.state = 'Clicked' AND told.comparable) AS comparable_clicked,
    max(iif(told.state = 'Clicked' AND told.within, told.at, NULL)) AS clicked_at,
    max(iif(told.state = 'Clicked' AND told.within, told.day, NULL)) AS clicked_day,
    max(told.state = 'Complained' AND told.within) AS complained,
    max(told.state = 'Complained' AND told.comparable) AS comparable_complained,
    max(iif(told.state = 'Complained' AND told.within, told.at, NULL)) AS complained_at,
    max(iif(told.state = 'Complained' AND told.within, told.day, NULL)) AS complained_day,
    max(told.state = 'Bounced' AND told.within)
    AND NOT max(told.state = 'Delivered') AS bounced,
    max(told.state = 'Bounced' AND told.comparable)
    AND NOT max(told.state = 'Delivered') AS comparable_bounced,
    max(iif(told.state = 'Bounced' AND told.within, told.at, NULL)) AS bounced_at,
    max(iif(told.state = 'Bounced' AND told.within, told.day, NULL)) AS bounced_day,
    max(told.state = 'Opened') AS opened_since,
    max(told.state = 'Clicked') AS clicked_since
FROM (
    SELECT
        email_event.message AS message,
        email_event.at AS at,
        email_event.at_day AS day,
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
    cast(state.value ->> 1 AS INTEGER) AS messages,
    cast(state.value ->> 2 AS INTEGER) AS comparable_messages,
    cast(state.value ->> 3 AS INTEGER) AS of_delivered,
    cast(state.value ->> 4 AS INTEGER) AS comparable_of_delivered
FROM outcomes
CROSS JOIN json_each(outcomes.counts) AS state
WHERE
    coalesce(cast(state.value ->> 1 AS INTEGER), 0)
    + coalesce(cast(state.value ->> 3 AS INTEGER), 0) > 0
ORDER BY state.key

-- view: message_state
-- Each message of `outcome`, once for each state that it counts for, with the time and the day of
-- its latest event of this state in the period.
SELECT
    outcome.message AS message,
    state.key AS state,
    state.value ->> 0 AS day,
    cast(state.value ->> 1 AS INTEGER) AS at
FROM outcome
CROSS JOIN
    json_each(json_object(
        'Sent',
        iif(outcome.sent, json_array(outcome.sent_day, outcome.sent_at), NULL),
        'Delivered',
        iif(outcome.delivered, json_array(outcome.delivered_day, outcome.delivered_at), NULL),
        'Opened',
        iif(outcome.opened, json_array(outcome.opened_day, outcome.opened_at), NULL),
        'Clicked',
        iif(outcome.clicked, json_array(outcome.clicked_day, outcome.clicked_at), NULL),
        'Bounced',
        iif(outcome.bounced, json_array(outcome.bounced_day, outcome.bounced_at), NULL),
        'Complained',
        iif(outcome.complained, json_array(outcome.complained_day, outcome.complained_at), NULL),
        'Delivered, then opened',
        iif(
            outcome.delivered AND outcome.opened_since,
            json_array(outcome.delivered_day, outcome.delivered_at),
            NULL
        ),
        'Delivered, then clicked',
        iif(
            outcome.delivered AND outcome.clicked_since,
            json_array(outcome.delivered_day, outcome.delivered_at),
            NULL
        )
    )) AS state
WHERE state.value IS NOT NULL

-- name: message_rows
-- One page of the messages per state, latest first.
-- returns: day date, at instant, state text, message text, place stored, key text
SELECT
    message_state.day AS day,
    message_state.at AS at,
    message_state.state AS state,
    message_state.message AS message,
    message_state.at AS place,
    message_state.message AS key
FROM message_state
WHERE
    TRUE
    [[ AND message_state.state IN (SELECT value FROM json_each(:of_kind)) ]]
    [[ AND (message_state.at, message_state.message) < (:before, :before_key) ]]
ORDER BY message_state.at DESC, message_state.message DESC, message_state.state
LIMIT :limit

-- name: message_row_sums
-- The number of messages per state.
-- returns: day date, state text, lines integer
SELECT
    per_day(message_state.day) AS day,
    message_state.state AS state,
    count(*) AS lines
FROM message_state
GROUP BY per_day(message_state.day), message_state.state

-- view: mail_day
-- Reported totals of email, and which of them are known on their day, which may have several rows.
-- optional: email_day.sent, email_day.delivered, email_day.opened, email_day.clicked
-- optional: email_day.bounced, email_day.complained, email_day.key
SELECT
    email_day.at_day AS day,
    email_day.sent AS sent,
    email_day.delivered AS delivered,
    email_day.opened AS opened,
    email_day.clicked AS clicked,
    email_day.bounced AS bounced,
    email_day.complained AS complained,
    max(email_day.sent IS NOT NULL) OVER (PARTITION BY email_day.at_day) AS has_sent,
    max(email_day.delivered IS NOT NULL) OVER (PARTITION BY email_day.at_day) AS has_delivered,
    max(email_day.opened IS NOT NULL) OVER (PARTITION BY email_day.at_day) AS has_opened,
    max(email_day.clicked IS NOT NULL) OVER (PARTITION BY email_day.at_day) AS has_clicked,
    max(email_day.bounced IS NOT NULL) OVER (PARTITION BY email_day.at_day) AS has_bounced,
    email_day.at_order AS place,
    email_day.key AS key,
    email_day.key_order AS key_order
FROM email_day
WHERE in_period(email_day.at)

-- view: reported_row
-- Reported totals of email, once for each rate for which both numbers of the day are known, and
-- once for all other numbers.
SELECT
    mail_day.day AS day,
    mail_day.sent AS sent,
    mail_day.delivered AS delivered,
    mail_day.opened AS opened,
    mail_day.clicked AS clicked,
    mail_day.bounced AS bounced,
    mail_day.complained AS complained,
    mail_day.place AS place,
    mail_day.key AS key,
    mail_day.key_order AS key_order,
    rate.value AS state
FROM mail_day
CROSS JOIN
    json_each(json_array(
        'All',
        iif(mail_day.has_delivered AND mail_day.has_sent, 'Delivered of sent', NULL),
        iif(mail_day.has_bounced AND mail_day.has_sent, 'Bounced of sent', NULL),
        iif(mail_day.has_opened AND mail_day.has_delivered, 'Opened of delivered', NULL),
        iif(mail_day.has_clicked AND mail_day.has_delivered, 'Clicked of delivered', NULL)
    )) AS rate
WHERE rate.value IS NOT NULL

-- name: reported_mail_rows
-- One page of the reported totals of email, latest first.
-- returns: day date, at instant, sent integer, delivered integer, opened integer, clicked integer
-- returns: bounced integer, complained integer, place stored, key text
-- needs: email_day.key
SELECT
    reported_row.day AS day,
    NULL AS at,
    reported_row.sent AS sent,
    reported_row.delivered AS delivered,
    reported_row.opened AS opened,
    reported_row.clicked AS clicked,
    reported_row.bounced AS bounced,
    reported_row.complained AS complained,
    reported_row.place AS place,
    reported_row.key AS key
FROM reported_row
WHERE
    TRUE
    [[ AND reported_row.state IN (SELECT value FROM json_each(:of_kind)) ]]
    [[ AND (reported_row.place, reported_row.key_order) < (:before, :before_key) ]]
ORDER BY reported_row.place DESC, reported_row.key_order DESC
LIMIT :limit

-- name: reported_mail_sums
-- Reported totals of email, and the number of their rows: on all days, and for each rate on the
-- days on which both of its numbers are known.
-- returns: day date, state text, sent integer, delivered integer, opened integer
-- returns: clicked integer, bounced integer, complained integer, lines integer
SELECT
    per_day(reported_row.day) AS day,
    reported_row.state AS state,
    sum(reported_row.sent) AS sent,
    sum(reported_row.delivered) AS delivered,
    sum(reported_row.opened) AS opened,
    sum(reported_row.clicked) AS clicked,
    sum(reported_row.bounced) AS bounced,
    sum(reported_row.complained) AS complained,
    count(*) AS lines
FROM reported_row
GROUP BY per_day(reported_row.day), reported_row.state

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
ORDER BY
    message.place DESC,
    message.recipient,
    message.template,
    message.state,
    message.error
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
