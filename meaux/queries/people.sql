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
-- optional: team_member.departed
SELECT
    presence.day,
    presence.person
FROM presence
WHERE
    presence.person IS NOT NULL
    AND of_members(presence.person)

-- name: active_people
-- How many distinct people were active in the period, and on those of its days that are compared.
-- returns: active_users integer, comparable_active_users integer
SELECT
    count(DISTINCT chosen_presence.person) AS active_users,
    count(DISTINCT chosen_presence.person) FILTER (
        WHERE chosen_presence.day < :comparable_end
    ) AS comparable_active_users
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

-- name: members_by_team
-- How many people each team has now, of those that the filters leave.
-- returns: team text, name text, color text, members integer
-- optional: team, team.name, team.color, team_member.departed
SELECT
    counted.team AS team,
    coalesce(team.name, counted.team) AS name,
    team.color AS color,
    counted.members AS members
FROM (
    SELECT
        team_member.team AS team,
        count(DISTINCT team_member.person) AS members
    FROM team_member
    WHERE
        team_member.departed IS NULL
        AND team_member.team IS NOT NULL
        [[ AND team_member.team IN (SELECT value FROM json_each(:teams)) ]]
        [[ AND team_member.person IN (SELECT value FROM json_each(:people)) ]]
    GROUP BY team_member.team
) AS counted
LEFT JOIN team ON team.id = counted.team
ORDER BY counted.members DESC, name

-- name: signups_by_day
-- How many accounts were created on each local day.
-- returns: day date, signups integer
-- needs: person.created
SELECT
    person.created_day AS day,
    count(*) AS signups
FROM person
WHERE in_period(person.created) AND there(person.id)
GROUP BY person.created_day
ORDER BY person.created_day

-- name: signups
-- People whose account was created in the period, newest first.
-- returns: day date, at instant, name text, email text
-- optional: person.name, person.email
-- needs: person.created
SELECT
    person.created_day AS day,
    person.created AS at,
    coalesce(person.name, person.id) AS name,
    person.email AS email
FROM person
WHERE in_period(person.created) AND there(person.id)
ORDER BY person.created_order DESC
LIMIT :limit
