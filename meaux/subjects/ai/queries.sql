-- view: token_line
-- Every entry of model usage in the period with its tokens: the stored total, otherwise the known
-- parts. A total of 0 beside parts was never recorded. Cached input is part of the input; Anthropic
-- reports it separately, so it is added, also to a total without it. Whether an entry is
-- Anthropic's is told by its provider, or by its model if it has no provider.
-- optional: model_usage.input_tokens, model_usage.output_tokens, model_usage.total_tokens
-- optional: model_usage.requests
SELECT
    used.day,
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
        in_period(model_usage.at)
        AND of_projects(model_usage.project)
        AND of_people(model_usage.person)
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

-- name: conversations_by_day
-- AI conversations started per local day.
-- returns: day date, conversations integer
SELECT
    ai_conversation.at_day AS day,
    count(*) AS conversations
FROM ai_conversation
WHERE
    in_period(ai_conversation.at)
    AND of_projects(ai_conversation.project)
    AND of_people(ai_conversation.person)
GROUP BY ai_conversation.at_day
ORDER BY ai_conversation.at_day
