-- view: presence
-- Who was there on which local day: a session, a time entry or an AI conversation.
-- optional: user_session, time_entry, ai_conversation
-- optional: time_entry.person, ai_conversation.person
-- needs: user_session or time_entry.person or ai_conversation.person
SELECT
    user_session.at_day AS day,
    user_session.person AS person
FROM user_session
WHERE in_period(user_session.at)
UNION ALL
SELECT
    time_entry.started_day AS day,
    time_entry.person AS person
FROM time_entry
WHERE in_period(time_entry.started)
UNION ALL
SELECT
    ai_conversation.at_day AS day,
    ai_conversation.person AS person
FROM ai_conversation
WHERE in_period(ai_conversation.at)

-- view: chosen_presence
-- The presence that the filters leave; a team narrows it to its members.
-- optional: team_member.left
SELECT
    presence.day,
    presence.person
FROM presence
WHERE
    presence.person IS NOT NULL
    [[ AND presence.person IN (SELECT value FROM json_each(:people)) ]]
    [[ AND presence.person IN (
        SELECT team_member.person FROM team_member
        WHERE
            team_member.left IS NULL
            AND team_member.team IN (SELECT value FROM json_each(:teams))
    ) ]]

-- name: active_people
-- How many distinct people were active in the period.
-- returns: active_users integer
SELECT count(DISTINCT chosen_presence.person) AS active_users
FROM chosen_presence

-- name: active_people_by_day
-- How many distinct people were active on each local day.
-- returns: day date, active_users integer
SELECT
    chosen_presence.day AS day,
    count(DISTINCT chosen_presence.person) AS active_users
FROM chosen_presence
GROUP BY chosen_presence.day
ORDER BY chosen_presence.day
