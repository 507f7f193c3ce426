-- title: New AI conversations
-- about: Conversations with AI that began in the period.
-- chart: number
-- unit: count
-- good: up
-- page: Home
-- order: 5
SELECT count(*) AS conversations
FROM ai_conversation
WHERE in_period(ai_conversation.at)
    AND of_projects(ai_conversation.project)
    AND of_people(ai_conversation.person)
