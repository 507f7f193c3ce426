-- view: presence
-- Who was active on which local day: a session, a time entry or an AI conversation.
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
-- The presence after filters; a team filter narrows it to its members.
-- optional: team_member.departed
SELECT
    presence.day,
    presence.person
FROM presence
WHERE
    presence.person IS NOT NULL
    AND of_members(presence.person)

-- name: active_people
-- Distinct active people in the period.
-- returns: active_users integer
SELECT count(DISTINCT chosen_presence.person) AS active_users
FROM chosen_presence

-- name: active_person_sums
-- Each person who was active in the period, once, with the first day on which they were.
-- returns: day date, person text, lines integer
SELECT
    seen.day AS day,
    seen.person AS person,
    1 AS lines
FROM (
    SELECT
        min(chosen_presence.day) AS day,
        chosen_presence.person AS person
    FROM chosen_presence
    GROUP BY chosen_presence.person
) AS seen

-- name: active_people_by_day
-- Distinct active people per local day. `first_seen` counts the people who weren't active earlier
-- in the period; its sum is the period's number of distinct people.
-- returns: day date, active_users integer, first_seen integer
SELECT
    seen.day AS day,
    sum(seen.active) AS active_users,
    sum(seen.arrived) AS first_seen
FROM (
    WITH pair AS MATERIALIZED (
        SELECT DISTINCT
            chosen_presence.day,
            chosen_presence.person
        FROM chosen_presence
    )

    SELECT
        pair.day,
        1 AS active,
        0 AS arrived
    FROM pair
    UNION ALL
    SELECT
        min(pair.day) AS day,
        0 AS active,
        1 AS arrived
    FROM pair
    GROUP BY pair.person
) AS seen
GROUP BY seen.day

-- name: members_by_team
-- Current members that match the filters, per team.
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
-- Accounts created per local day.
-- returns: day date, signups integer
-- needs: person.created
SELECT
    person.created_day AS day,
    count(*) AS signups
FROM person
WHERE in_period(person.created) AND there(person.id)
GROUP BY person.created_day
ORDER BY person.created_day

-- view: signup
-- People whose account was created in the period.
-- optional: person.name, person.email, person.key
-- needs: person.created
SELECT
    person.created_day AS day,
    iif(person.created_timed, person.created, NULL) AS at,
    coalesce(person.name, person.id) AS name,
    person.email AS email,
    person.created_order AS place,
    person.key AS key,
    person.key_order AS key_order
FROM person
WHERE in_page(person.created) AND there(person.id)

-- name: signup_rows
-- One page of the people whose account was created in the period, latest first.
-- returns: day date, at instant, name text, email text, place stored, key text
-- needs: person.key
SELECT
    signup.day AS day,
    signup.at AS at,
    signup.name AS name,
    signup.email AS email,
    signup.place AS place,
    signup.key AS key
FROM signup
ORDER BY signup.place DESC, signup.key_order DESC
LIMIT :limit

-- name: signup_row_sums
-- The number of people whose account was created in the period.
-- returns: day date, lines integer
SELECT
    per_day(signup.day) AS day,
    count(*) AS lines
FROM signup
GROUP BY per_day(signup.day)

-- name: signups
-- People whose account was created in the period, latest first.
-- returns: day date, at instant, name text, email text
-- optional: person.name, person.email
-- needs: person.created
SELECT
    person.created_day AS day,
    iif(person.created_timed, person.created, NULL) AS at,
    coalesce(person.name, person.id) AS name,
    person.email AS email
FROM person
WHERE in_period(person.created) AND there(person.id)
ORDER BY person.created_order DESC, person.key_order DESC
LIMIT :limit


-- name: team_list
-- Teams that match the filters, including those that appear only in memberships.
-- returns: team text, name text, color text, created date
-- optional: team, team.name, team.color, team.created, team_member, team_member.departed
-- needs: team or team_member
SELECT
    known.team AS team,
    coalesce(max(known.name), known.team) AS name,
    max(known.color) AS color,
    max(known.created) AS created
FROM (
    SELECT
        team.id AS team,
        team.name AS name,
        team.color AS color,
        team.created_day AS created
    FROM team
    WHERE there(team.id)
    UNION ALL
    SELECT
        team_member.team AS team,
        NULL AS name,
        NULL AS color,
        NULL AS created
    FROM team_member
    WHERE team_member.departed IS NULL
) AS known
WHERE
    known.team IS NOT NULL
    [[ AND known.team IN (SELECT value FROM json_each(:teams)) ]]
GROUP BY known.team
ORDER BY name

-- name: memberships
-- Current members per team, and whether each was active in the period and on its complete days (1
-- or 0).
-- returns: team text, person text, name text, active integer, comparable_active integer
-- optional: team_member.departed, person, person.name
SELECT
    member.team AS team,
    member.person AS person,
    coalesce(person.name, member.person) AS name,
    member.active AS active,
    member.comparable_active AS comparable_active
FROM (
    WITH present AS MATERIALIZED (
        SELECT DISTINCT
            chosen_presence.person,
            chosen_presence.day < :comparable_end AS comparable
        FROM chosen_presence
    )

    SELECT DISTINCT
        team_member.team,
        team_member.person,
        team_member.person IN (SELECT present.person FROM present) AS active,
        team_member.person IN (
            SELECT present.person FROM present
            WHERE present.comparable
        ) AS comparable_active
    FROM team_member
    WHERE
        team_member.departed IS NULL
        AND team_member.team IS NOT NULL
        AND team_member.person IS NOT NULL
        [[ AND team_member.team IN (SELECT value FROM json_each(:teams)) ]]
        [[ AND team_member.person IN (SELECT value FROM json_each(:people)) ]]
) AS member
LEFT JOIN person ON person.id = member.person
ORDER BY name, member.team

-- name: weekly_work
-- Hours per person, project and week (`day` is its Monday): all, billable and non-billable.
-- The team is the project's team.
-- returns: day date, person text, name text, project text, project_name text, color text
-- returns: team text, hours number, billable number, non_billable number
-- optional: person, person.name, project, project.name, project.color, project.team
-- needs: time_entry, time_entry.seconds or time_entry.ended
SELECT
    logged.week AS day,
    logged.person AS person,
    coalesce(person.name, logged.person) AS name,
    logged.project AS project,
    coalesce(project.name, logged.project) AS project_name,
    project.color AS color,
    project.team AS team,
    logged.hours AS hours,
    logged.billable AS billable,
    logged.non_billable AS non_billable
FROM (
    SELECT
        date(chosen_stint.day, 'weekday 0', '-6 days') AS week,
        chosen_stint.person AS person,
        chosen_stint.project AS project,
        sum(chosen_stint.seconds) / 3600.0 AS hours,
        coalesce(
            sum(chosen_stint.seconds) FILTER (WHERE chosen_stint.billable = 1), 0
        ) / 3600.0 AS billable,
        coalesce(
            sum(chosen_stint.seconds) FILTER (WHERE chosen_stint.billable = 0), 0
        ) / 3600.0 AS non_billable
    FROM chosen_stint
    WHERE chosen_stint.seconds >= 0
    GROUP BY week, chosen_stint.person, chosen_stint.project
) AS logged
LEFT JOIN person ON person.id = logged.person
LEFT JOIN project ON project.id = logged.project

-- name: deliverables
-- Milestones completed in the period, and all open ones, with their owner.
-- returns: project text, project_name text, project_status text, team text, title text
-- returns: status text, person text, name text, due date, completed date
-- optional: milestone.title, milestone.status, milestone.due, milestone.completed
-- optional: milestone.person, person, person.name
-- optional: project, project.name, project.status, project.team
-- chosen: milestone.person, project.team
-- needs: milestone.completed or milestone.status
SELECT
    deliverable.project AS project,
    coalesce(project.name, deliverable.project) AS project_name,
    project.status AS project_status,
    project.team AS team,
    deliverable.title AS title,
    deliverable.status AS status,
    deliverable.person AS person,
    coalesce(person.name, deliverable.person) AS name,
    deliverable.due AS due,
    deliverable.completed AS completed
FROM (
    SELECT
        milestone.project,
        milestone.title,
        milestone.status,
        milestone.person,
        milestone.due_day AS due,
        milestone.completed_day AS completed
    FROM milestone
    WHERE
        (in_period(milestone.completed) OR milestone.completed IS NULL)
        AND of_projects(milestone.project)
        AND of_people(milestone.person)
) AS deliverable
LEFT JOIN project ON project.id = deliverable.project
LEFT JOIN person ON person.id = deliverable.person
ORDER BY
    deliverable.due,
    project_name,
    deliverable.title,
    deliverable.status,
    deliverable.person,
    deliverable.completed

-- view: completed_milestone
-- Milestones completed in the period, after filters.
-- optional: milestone.title, milestone.person, milestone.key
-- chosen: milestone.person, project.team
SELECT
    milestone.completed_day AS day,
    iif(milestone.completed_timed, milestone.completed, NULL) AS at,
    milestone.title AS title,
    milestone.project AS project,
    milestone.person AS person,
    milestone.completed_order AS place,
    milestone.key AS key,
    milestone.key_order AS key_order
FROM milestone
WHERE
    in_page(milestone.completed)
    AND of_projects(milestone.project)
    AND of_people(milestone.person)

-- name: milestone_rows
-- One page of the completed milestones, latest first.
-- returns: day date, at instant, title text, project text, person text, place stored, key text
-- optional: project, project.team
-- needs: milestone.key, milestone.completed
SELECT
    completed_milestone.day AS day,
    completed_milestone.at AS at,
    completed_milestone.title AS title,
    completed_milestone.project AS project,
    completed_milestone.person AS person,
    completed_milestone.place AS place,
    completed_milestone.key AS key
FROM completed_milestone
WHERE
    TRUE
    [[ AND coalesce(completed_milestone.project, '') IN (
        SELECT value FROM json_each(:of_project)
    ) ]]
    [[ AND coalesce(completed_milestone.person, '') IN (SELECT value FROM json_each(:of_person)) ]]
    [[ AND coalesce(
        (SELECT project.team FROM project WHERE project.id = completed_milestone.project), ''
    ) IN (SELECT value FROM json_each(:of_team)) ]]
ORDER BY completed_milestone.place DESC, completed_milestone.key_order DESC
LIMIT :limit

-- name: milestone_row_sums
-- The number of completed milestones per project and person.
-- returns: day date, project text, person text, lines integer
-- needs: milestone.completed
SELECT
    per_day(completed_milestone.day) AS day,
    completed_milestone.project AS project,
    completed_milestone.person AS person,
    count(*) AS lines
FROM completed_milestone
GROUP BY
    per_day(completed_milestone.day),
    completed_milestone.project,
    completed_milestone.person

-- name: assignments
-- Members of each project, and their role.
-- returns: project text, project_name text, project_status text, person text, name text, role text
-- optional: project_member.role, person, person.name
-- optional: project, project.name, project.status
SELECT
    assigned.project AS project,
    coalesce(project.name, assigned.project) AS project_name,
    project.status AS project_status,
    assigned.person AS person,
    coalesce(person.name, assigned.person) AS name,
    assigned.role AS role
FROM (
    SELECT
        project_member.project,
        project_member.person,
        project_member.role
    FROM project_member
    WHERE
        project_member.project IS NOT NULL
        AND project_member.person IS NOT NULL
        AND of_projects(project_member.project)
        AND of_people(project_member.person)
) AS assigned
LEFT JOIN project ON project.id = assigned.project
LEFT JOIN person ON person.id = assigned.person
ORDER BY name, project_name, assigned.role
