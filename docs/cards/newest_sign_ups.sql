-- title: Newest sign-ups
-- about: The ten users who joined last, with the country in their profile.
-- unit: signed_up instant
-- order: 4
SELECT
    users.name,
    users.role,
    user_profiles.country,
    users.created_at AS signed_up
FROM users
LEFT JOIN user_profiles ON users.id = user_profiles.user_id
ORDER BY users.created_at DESC
LIMIT 10
