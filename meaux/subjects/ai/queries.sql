-- view: token_line
-- Every entry of model usage in the period with its tokens: the stored total, otherwise the known
-- parts. A total of 0 beside parts was never recorded. Cached input is part of the input; Anthropic
-- reports it separately, so it is added, also to a total without it. Whether an entry is
-- Anthropic's is told by its provider, or by its model if it has no provider.
-- optional: model_usage.input_tokens, model_usage.output_tokens, model_usage.total_tokens
-- optional: model_usage.requests, model_usage.key, model_usage.project, model_usage.person
-- chosen: model_usage.project, model_usage.person
SELECT
    used.day,
    used.at,
    used.place,
    used.key,
    used.key_order,
    used.project,
    used.person,
    used.model,
    used.input_tokens + used.beside AS input_tokens,
    used.output_tokens,
    coalesce(
        iif(
            used.total_tokens = used.input_tokens + coalesce(used.output_tokens, 0),
            used.total_tokens + used.beside,
            nullif(used.total_tokens, 0)
        ),
        used.input_tokens + used.beside + used.output_tokens,
        used.input_tokens + used.beside,
        used.output_tokens,
        used.total_tokens
    ) AS tokens,
    used.requests
FROM (
    SELECT
        model_usage.at_day AS day,
        iif(model_usage.at_timed, model_usage.at, NULL) AS at,
        model_usage.at_order AS place,
        model_usage.key AS key,
        model_usage.key_order AS key_order,
        model_usage.project AS project,
        model_usage.person AS person,
        model_usage.model AS model,
        model_usage.input_tokens AS input_tokens,
        model_usage.output_tokens AS output_tokens,
        model_usage.total_tokens AS total_tokens,
        model_usage.requests AS requests,
        iif(
            instr(model_usage.provider, 'anthropic') > 0
            OR nullif(model_usage.provider, '') IS NULL
            AND instr(lower(model_usage.model), 'claude') > 0,
            coalesce(model_usage.cache_read, 0) + coalesce(model_usage.cache_written, 0),
            0
        ) AS beside
    FROM model_usage
    WHERE
        in_page(model_usage.at)
        AND of_projects(model_usage.project)
        AND of_people(model_usage.person)
        [[ AND coalesce(model_usage.model, '') IN (SELECT value FROM json_each(:services)) ]]
) AS used

-- name: tokens_by_day
-- Tokens, requests and entries per model and local day.
-- returns: day date, model text, input_tokens number, output_tokens number, tokens number
-- returns: ai_requests number, lines integer
-- needs: model_usage.total_tokens or model_usage.input_tokens or model_usage.output_tokens
SELECT
    token_line.day AS day,
    token_line.model AS model,
    sum(token_line.input_tokens) AS input_tokens,
    sum(token_line.output_tokens) AS output_tokens,
    sum(token_line.tokens) AS tokens,
    sum(token_line.requests) AS ai_requests,
    count(*) AS lines
FROM token_line
GROUP BY token_line.day, token_line.model
ORDER BY token_line.day, token_line.model

-- view: listed_usage
-- Every entry of model usage as it is listed: without a column of requests, it stands for one.
-- optional: model_usage.requests
SELECT
    token_line.day AS day,
    token_line.at AS at,
    token_line.model AS model,
    token_line.project AS project,
    token_line.person AS person,
    token_line.input_tokens AS input_tokens,
    token_line.output_tokens AS output_tokens,
    token_line.tokens AS tokens,
    iif(known(model_usage.requests), token_line.requests, 1) AS ai_requests,
    token_line.place AS place,
    token_line.key AS key,
    token_line.key_order AS key_order
FROM token_line

-- name: token_rows
-- One page of the entries of model usage, latest first.
-- returns: day date, at instant, model text, project text, person text, input_tokens number
-- returns: output_tokens number, tokens number, ai_requests number, place stored, key text
-- needs: model_usage.total_tokens or model_usage.input_tokens or model_usage.output_tokens
-- needs: model_usage.key
SELECT
    listed_usage.day AS day,
    listed_usage.at AS at,
    listed_usage.model AS model,
    listed_usage.project AS project,
    listed_usage.person AS person,
    listed_usage.input_tokens AS input_tokens,
    listed_usage.output_tokens AS output_tokens,
    listed_usage.tokens AS tokens,
    listed_usage.ai_requests AS ai_requests,
    listed_usage.place AS place,
    listed_usage.key AS key
FROM listed_usage
WHERE
    TRUE
    [[ AND coalesce(listed_usage.model, '') IN (SELECT value FROM json_each(:of_service)) ]]
    [[ AND coalesce(listed_usage.project, '') IN (SELECT value FROM json_each(:of_project)) ]]
    [[ AND coalesce(listed_usage.person, '') IN (SELECT value FROM json_each(:of_person)) ]]
ORDER BY listed_usage.place DESC, listed_usage.key_order DESC
LIMIT :limit

-- name: token_row_sums
-- Tokens, requests and entries of model usage per model, project and person.
-- returns: day date, model text, project text, person text, input_tokens number
-- returns: output_tokens number, tokens number, ai_requests number, lines integer
-- needs: model_usage.total_tokens or model_usage.input_tokens or model_usage.output_tokens
SELECT
    per_day(listed_usage.day) AS day,
    listed_usage.model AS model,
    listed_usage.project AS project,
    listed_usage.person AS person,
    sum(listed_usage.input_tokens) AS input_tokens,
    sum(listed_usage.output_tokens) AS output_tokens,
    sum(listed_usage.tokens) AS tokens,
    sum(listed_usage.ai_requests) AS ai_requests,
    count(*) AS lines
FROM listed_usage
GROUP BY
    per_day(listed_usage.day),
    listed_usage.model,
    listed_usage.project,
    listed_usage.person

-- view: conversation
-- AI conversations that started in the period, after filters.
-- optional: ai_conversation.key, ai_conversation.project, ai_conversation.person
-- chosen: ai_conversation.project, ai_conversation.person
SELECT
    ai_conversation.at_day AS day,
    iif(ai_conversation.at_timed, ai_conversation.at, NULL) AS at,
    ai_conversation.project AS project,
    ai_conversation.person AS person,
    ai_conversation.at_order AS place,
    ai_conversation.key AS key,
    ai_conversation.key_order AS key_order
FROM ai_conversation
WHERE
    in_page(ai_conversation.at)
    AND of_projects(ai_conversation.project)
    AND of_people(ai_conversation.person)

-- name: conversation_rows
-- One page of the AI conversations, latest first.
-- returns: day date, at instant, project text, person text, place stored, key text
-- needs: ai_conversation.key
SELECT
    conversation.day AS day,
    conversation.at AS at,
    conversation.project AS project,
    conversation.person AS person,
    conversation.place AS place,
    conversation.key AS key
FROM conversation
WHERE
    TRUE
    [[ AND coalesce(conversation.project, '') IN (SELECT value FROM json_each(:of_project)) ]]
    [[ AND coalesce(conversation.person, '') IN (SELECT value FROM json_each(:of_person)) ]]
ORDER BY conversation.place DESC, conversation.key_order DESC
LIMIT :limit

-- name: conversation_row_sums
-- The number of AI conversations per project and person.
-- returns: day date, project text, person text, lines integer
SELECT
    per_day(conversation.day) AS day,
    conversation.project AS project,
    conversation.person AS person,
    count(*) AS lines
FROM conversation
GROUP BY
    per_day(conversation.day),
    conversation.project,
    conversation.person

-- name: conversations_by_day
-- AI conversations started per local day.
-- returns: day date, conversations integer
SELECT
    conversation.day AS day,
    count(*) AS conversations
FROM conversation
GROUP BY conversation.day
ORDER BY conversation.day
