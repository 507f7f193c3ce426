-- name: team_choices
-- Teams that the filter offers.
-- returns: id text, name text
-- optional: team.name
SELECT
    team.id AS id,
    coalesce(team.name_plain, team.id) AS name
FROM team
WHERE there(team.id)
ORDER BY name

-- name: project_choices
-- Projects that the filter offers.
-- returns: id text, name text
-- optional: project.name
SELECT
    project.id AS id,
    coalesce(project.name_plain, project.id) AS name
FROM project
WHERE there(project.id)
ORDER BY name

-- name: person_choices
-- People that the filter offers.
-- returns: id text, name text
-- optional: person.name
SELECT
    person.id AS id,
    coalesce(person.name_plain, person.id) AS name
FROM person
WHERE there(person.id)
ORDER BY name
