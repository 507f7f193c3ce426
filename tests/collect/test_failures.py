"""What is said when a service fails, and that the other sources are still collected."""

import pytest
from services import ACCOUNT, OPENAI_KEY, TOKEN, enveloped

from meaux.collect import SOURCES
from meaux.collect.target import D1Target
from meaux.data.database import D1

REFUSED = {"success": False, "errors": [{"code": 10000, "message": "Authentication error"}]}
GRAPHQL_REFUSED = {
    "data": None,
    "errors": [{"message": "not authorized for that account", "extensions": {"code": "authz"}}],
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_that_is_refused_names_its_permission(collected, services, name):
    """GraphQL refuses with 200; the other services with 403."""
    source = SOURCES[name]
    services.refuse = {"graphql": (200, GRAPHQL_REFUSED), "organization": (403, REFUSED)}
    services.refuse["accounts/"] = (403, REFUSED)
    outcome = collected(name)[name]
    service = {"cloudflare": "Cloudflare", "openai": "OpenAI"}[source.service]
    assert outcome.problem == (
        f"{service} refused the token. It needs the permission {source.permission}."
    )
    assert (outcome.read, outcome.written) == (0, 0)


def test_the_other_sources_are_collected(collected, services):
    services.refuse = {"billable-usage": (403, REFUSED)}
    outcomes = collected("billing", "buckets")
    assert outcomes["billing"].problem
    assert outcomes["buckets"].written == 2


def test_a_full_rate_limit_is_waited_for_as_long_as_the_service_says(collected, services):
    limited = (429, {"success": False, "errors": []}, {"Retry-After": "7"})
    services.refuse = {"workers/scripts": [limited, limited, None]}
    assert collected("workers")["workers"].written == 3
    assert services.pauses == [7, 7]


def test_a_rate_limit_that_is_too_long_ends_the_source(collected, services):
    services.refuse = {"workers/scripts": (429, {}, {"Retry-After": "86400"})}
    problem = collected("workers")["workers"].problem
    assert problem == "Cloudflare refused more calls: its rate limit is reached."
    assert services.pauses == []


def test_a_failing_server_is_asked_again_a_few_times(collected, services):
    services.refuse = {"workers/scripts": [(503, b""), (502, b"<html>"), None]}
    assert collected("workers")["workers"].written == 3
    services.refuse = {"workers/scripts": (500, b"")}
    assert collected("workers")["workers"].problem == "Cloudflare failed (HTTP 500)."


def test_a_percentile_that_cloudflare_refuses_by_name_is_left_out_and_said(
    collected, services, rows
):
    message = 'Cannot query field "wallTimeP95" on type "Quantiles"'
    services.refuse = {"wallTimeP95": (200, {"data": None, "errors": [{"message": message}]})}
    outcome = collected("requests")["requests"]
    assert outcome.problem == ""
    assert outcome.notes == ["Cloudflare doesn't count wall_p95_ms."]
    assert sum("wallTimeP95" in sent["query"] for _, sent in services.asked) == 1
    [(hours, p95, p90)] = rows(
        "SELECT count(*), count(wall_p95_ms), count(wall_p90_ms) FROM worker_hourly"
    )
    assert (p95, p90) == (0, hours)


@pytest.mark.parametrize(
    ("source", "part", "answer"),
    [
        ("workers", "workers/scripts", (200, b"<html>")),
        ("workers", "workers/scripts", (200, b'{"success": true, "result": [1e999')),
        ("workers", "workers/scripts", (200, {"success": True, "result": None})),
        ("workers", "workers/scripts", (302, b"", {"Location": "http://127.0.0.1:9/"})),
        ("workers", "workers/scripts", (200, enveloped([{"id": "a", "created_on": "yesterday"}]))),
        ("buckets", "r2/buckets", (200, enveloped([]))),
        ("billing", "billable-usage?", (200, enveloped([{"ServiceName": "R2"}]))),
        ("billing", "info", (200, enveloped({"covered": False, "subscriptions": []}))),
        ("requests", "graphql", (200, {"data": {"viewer": {"accounts": [{}]}}})),
        ("requests", "graphql", (200, {"data": None, "errors": [{"message": "unknown field"}]})),
        ("openai", "costs", (200, {"data": [{"start_time": "NaN", "results": []}]})),
        ("ai_gateway", "logs", (200, enveloped([{"model": "no id"}]))),
    ],
)
def test_a_broken_answer_is_named_and_nothing_of_it_is_written(
    collected, services, source, part, answer
):
    services.refuse = {part: answer}
    if part.endswith("?"):
        services.refuse = {"billable-usage/info": [None], "billable-usage": [None, answer]}
    outcome = collected(source)[source]
    assert outcome.problem.endswith(".")
    assert outcome.written == 0


@pytest.fixture
def d1(services):
    """A D1 that refuses as the services do."""
    database = D1(ACCOUNT, "a-database", TOKEN, f"{services.url}/client/v4")
    yield D1Target(database)
    database.close()


def test_a_token_that_may_not_write_is_told_what_it_needs_and_no_source_is_read(
    collected, services, d1
):
    services.refuse = {"d1/database": (403, REFUSED)}
    outcomes = collected("buckets", "workers", target=d1)
    said = (
        "Cloudflare refused the token for D1. The token of `collect` needs the permission D1 Edit."
    )
    assert [one.problem for one in outcomes.values()] == [said, said]
    assert [path for path, _ in services.asked if "d1" not in path] == []


def test_a_full_rate_limit_of_d1_is_waited_for_once(collected, services, d1):
    services.refuse = {"d1/database": (429, {"success": False}, {"Retry-After": "7"})}
    pauses = []
    assert "rate limit" in collected("buckets", target=d1, sleep=pauses.append)["buckets"].problem
    assert pauses == [7]


def test_a_key_without_admin_rights_is_told_from_other_failures(collected, services):
    refused = {"error": {"message": "You have insufficient permissions", "type": "invalid"}}
    services.refuse = {"costs": (403, refused)}
    assert collected("openai")["openai"].problem == (
        "OpenAI refused the token. It needs the permission api.usage.read, or an admin key."
    )


def test_a_token_goes_only_to_its_own_service_and_into_no_sentence(collected, services):
    services.refuse = {
        "workers/scripts": (400, REFUSED | {"errors": [{"message": f"bad {TOKEN}"}]})
    }
    problems = [one.problem for one in collected().values()]
    assert services.bearers == {f"Bearer {TOKEN}", f"Bearer {OPENAI_KEY}"}
    assert any("bad …" in problem for problem in problems)
    assert not any(TOKEN in problem or OPENAI_KEY in problem for problem in problems)
