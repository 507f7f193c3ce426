-- view: token_line
-- Every piece of model use in the period and its tokens: the stored sum, else the parts that
-- are known. A sum of 0 beside parts was never written.
-- optional: model_usage.input_tokens, model_usage.output_tokens, model_usage.total_tokens
-- optional: model_usage.requests
SELECT
    model_usage.at_day AS day,
    model_usage.model AS model,
    model_usage.input_tokens AS input_tokens,
    model_usage.output_tokens AS output_tokens,
    coalesce(
        nullif(model_usage.total_tokens, 0),
        model_usage.input_tokens + model_usage.output_tokens,
        model_usage.input_tokens,
        model_usage.output_tokens,
        model_usage.total_tokens
    ) AS tokens,
    model_usage.requests AS requests
FROM model_usage
WHERE
    in_period(model_usage.at)
    AND of_projects(model_usage.project)
    AND of_people(model_usage.person)

-- name: tokens_by_day
-- Tokens of each model on each local day, the requests that it counted, and the lines they took.
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
-- How many conversations with a model began on each local day.
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
