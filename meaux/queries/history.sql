-- name: oldest_records
-- The local day of the oldest record of each thing that is compared with earlier periods.
-- Where a column mixes encodings, its first row need not be the oldest: then its records are
-- taken to reach back to the first day that is asked for.
-- returns: time_entry date, ai_usage date, infrastructure_usage date
-- returns: user_session date, ai_conversation date, person date
-- optional: time_entry, ai_usage, infrastructure_usage
-- optional: user_session, ai_conversation, person, person.created
-- needs: time_entry or ai_usage or infrastructure_usage or user_session or ai_conversation or person
SELECT
    (
        SELECT iif(in_order(time_entry.started), time_entry.started_day, :start_day)
        FROM time_entry
        WHERE in_period(time_entry.started)
        ORDER BY time_entry.started_stored
        LIMIT 1
    ) AS time_entry,
    (
        SELECT iif(in_order(ai_usage.at), ai_usage.at_day, :start_day)
        FROM ai_usage
        WHERE in_period(ai_usage.at)
        ORDER BY ai_usage.at_stored
        LIMIT 1
    ) AS ai_usage,
    (
        SELECT iif(in_order(infrastructure_usage.at), infrastructure_usage.at_day, :start_day)
        FROM infrastructure_usage
        WHERE in_period(infrastructure_usage.at)
        ORDER BY infrastructure_usage.at_stored
        LIMIT 1
    ) AS infrastructure_usage,
    (
        SELECT iif(in_order(user_session.at), user_session.at_day, :start_day)
        FROM user_session
        WHERE in_period(user_session.at)
        ORDER BY user_session.at_stored
        LIMIT 1
    ) AS user_session,
    (
        SELECT iif(in_order(ai_conversation.at), ai_conversation.at_day, :start_day)
        FROM ai_conversation
        WHERE in_period(ai_conversation.at)
        ORDER BY ai_conversation.at_stored
        LIMIT 1
    ) AS ai_conversation,
    (
        SELECT iif(in_order(person.created), person.created_day, :start_day)
        FROM person
        WHERE in_period(person.created)
        ORDER BY person.created_stored
        LIMIT 1
    ) AS person
