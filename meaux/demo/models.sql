-- The use of AI models, as the gateway and the bill see it.

INSERT INTO ai_model_usage (model, usage_date, requests, input_tokens, output_tokens, cost_usd)
SELECT model, substr(created_at, 1, 10), count(*), sum(input_tokens), sum(output_tokens),
  round(sum(cost_usd), 4)
FROM ai_cost_tracking
GROUP BY 2, 1
ORDER BY 2, 1;

INSERT INTO token_usage
  (project_id, user_id, model, prompt_tokens, completion_tokens, total_tokens, cost, created_at)
SELECT project_id, user_id, model, input_tokens, output_tokens, input_tokens + output_tokens,
  cost_usd, CAST(strftime('%s', created_at) AS INTEGER)
FROM ai_cost_tracking
ORDER BY id;

INSERT INTO openai_spending (date, line_item, amount_cents, currency, requests)
SELECT substr(created_at, 1, 10), model, CAST(round(sum(cost_usd) * 100) AS INTEGER), 'usd', count(*)
FROM ai_cost_tracking
WHERE provider = 'openai'
GROUP BY 1, 2
ORDER BY 1, 2;

INSERT INTO openai_model_usage (model, date, requests, prompt_tokens, completion_tokens, cost_cents)
SELECT model, substr(created_at, 1, 10), count(*), sum(input_tokens), sum(output_tokens),
  round(sum(cost_usd) * 100, 2)
FROM ai_cost_tracking
WHERE provider = 'openai'
GROUP BY 2, 1
ORDER BY 2, 1;
