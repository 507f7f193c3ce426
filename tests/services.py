"""Cloudflare and OpenAI on loopback: they answer by the documented shapes, from data of the test.

Every request, and every answer that isn't broken on purpose, is checked against `contracts`, which
names its sources. What differs is kept in `mismatches`; `close` fails if there are any. No call to
the real services was recorded.
"""

import json
import re
import threading
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import contracts

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
TOKEN = "the-collecting-token"  # noqa: S105 - made up
OPENAI_KEY = "sk-admin-made-up"
SCRIPTS = ("api", "site", "cron's own")
GATEWAYS = ("side", "main")
BUCKETS = ("media", "eu-backups")
DATASET = re.compile(r"\b(\w+Adaptive(?:Groups)?)\(limit: (\d+)")


class World:
    """What the services would tell, up to `now`; `first` is the first day of each."""

    def __init__(self, now, days):
        self.now = now
        self.first = now.date() - timedelta(days=days)
        self.anchor = datetime(2025, 1, 17, tzinfo=UTC)
        self.page = 1_000
        self.logs = [self._log(number) for number in range(130)]

    def days(self, start, end):
        """The days of the world among these."""
        day = max(self.first, start)
        while day <= min(end, self.now.date()):
            yield day
            day += timedelta(days=1)

    def usage(self, start, end):
        """Billable usage; two zones have a service each day, and there is a credit."""
        for day in self.days(start, end):
            for service, zone, cost in (
                ("Workers Standard", "example.com", 0.1 * day.day),
                ("Workers Standard", "example.org", 0.25),
                ("R2 Storage", None, -0.5 if day.day == 3 else 0.015),
            ):
                yield self._record(day, service, zone, cost)

    def _record(self, day, service, zone, cost):
        unit = "Count" if zone else "GB-months"
        costs = ("BilledCost", "ContractedCost", "EffectiveCost", "ListCost")
        names = ("HostProviderName", "InvoiceIssuerName", "ServiceProviderName")
        return {
            "BillingAccountId": ACCOUNT,
            "BillingAccountName": None,
            "BillingCurrency": "USD",
            "BillingPeriodStart": f"{self.anchor:%Y-%m-%dT%H:%M:%SZ}",
            "ChargeCategory": "Usage",
            "ChargeClass": None,
            "ChargeDescription": None,
            "ChargePeriodStart": f"{day}T00:00:00Z",
            "ChargePeriodEnd": f"{day + timedelta(days=1)}T00:00:00Z",
            "ConsumedQuantity": 1_000 * day.day,
            "ConsumedUnit": unit,
            "CumulatedContractedCost": 10 * cost,
            "CumulatedPricingQuantity": 10_000 * day.day,
            "PricingQuantity": 1_000 * day.day,
            "PricingUnit": unit,
            "ServiceName": service,
            "ZoneName": zone,
            "SubscriptionId": "3F3CD4CQ6N7FXO7IK6NVFJBOYA",
            **dict.fromkeys(costs, cost),
            **dict.fromkeys(names, "Cloudflare"),
        }

    def hours(self, start, end):
        """Hours of Workers; not every Worker is called each hour."""
        at = max(datetime.combine(self.first, datetime.min.time(), UTC), start)
        at = at.replace(minute=0, second=0, microsecond=0)
        while at < min(end, self.now):
            for place, script in enumerate(SCRIPTS):
                if at >= start and (at.hour + place) % (place + 1) == 0:
                    requests = 10 * at.hour + 100 * place + at.day
                    yield {
                        "dimensions": {
                            "datetimeHour": f"{at:%Y-%m-%dT%H:00:00Z}",
                            "scriptName": script,
                        },
                        "sum": {
                            "requests": requests,
                            "errors": requests // 50,
                            "subrequests": 2 * requests,
                            "cpuTimeUs": 1_500 * requests,
                        },
                        "quantiles": {
                            "cpuTimeP50": 900 + at.hour,
                            "cpuTimeP99": 9_000.5,
                            "wallTimeP25": 10_000,
                            "wallTimeP50": 20_000,
                            "wallTimeP75": 40_000,
                            "wallTimeP90": 80_000,
                            "wallTimeP95": 120_000,
                            "wallTimeP99": 400_000 + at.day,
                            "wallTimeP999": 900_000,
                        },
                        "avg": {"sampleInterval": 1 + place},
                    }
            at += timedelta(hours=1)

    def stored(self, start, end):
        for day in self.days(start, end):
            for place, bucket in enumerate(BUCKETS):
                yield {
                    "dimensions": {"date": str(day), "bucketName": bucket},
                    "max": {
                        "payloadSize": 1_000_000 * (day.day + place),
                        "metadataSize": 500,
                        "objectCount": 10 + day.day,
                    },
                }

    def operations(self, start, end):
        for day in self.days(start, end):
            for action, times in (("PutObject", 3), ("ListObjects", 2), ("GetObject", 40)):
                yield {
                    "dimensions": {"date": str(day), "bucketName": "media", "actionType": action},
                    "sum": {"requests": times * day.day},
                    "avg": {"sampleInterval": 1},
                }
            free = {"date": str(day), "bucketName": "media", "actionType": "DeleteObject"}
            yield {"dimensions": free, "sum": {"requests": 7}, "avg": {"sampleInterval": 1}}

    def d1(self, start, end):
        for day in self.days(start, end):
            for place, name in enumerate(("one", "two")):
                size = {"databaseSizeBytes": 4_096 * day.day + place}
                yield {"dimensions": {"date": str(day), "databaseId": name}, "max": size}

    def d1_use(self, start, end):
        for day in self.days(start, end):
            sums = {"rowsRead": 90_000 * day.day, "rowsWritten": 700 * day.day}
            sums |= {"readQueries": 400 * day.day, "writeQueries": 30}
            yield {"dimensions": {"date": str(day)}, "sum": sums}

    def kv_use(self, start, end):
        for day in self.days(start, end):
            kinds = (("read", 50), ("write", 4), ("list", 2)) if day.day % 9 else (("delete", 1),)
            for action, times in kinds:
                dimensions = {"date": str(day), "actionType": action}
                yield {"dimensions": dimensions, "sum": {"requests": times * day.day}}

    def kv(self, start, end):
        for day in self.days(start, end):
            most = {"byteCount": 100 * day.day, "keyCount": day.day}
            yield {"dimensions": {"date": str(day), "namespaceId": "n"}, "max": most}

    def costs(self, start):
        """OpenAI's days: some are empty, most have several lines; amounts may be texts."""
        for day in self.days(start, self.now.date()):
            at = round(datetime.combine(day, datetime.min.time(), UTC).timestamp())
            lines = [
                (0.06 * day.day, "gpt-4o, input", "proj_a"),
                ("1.25", "gpt-4o, output", "proj_a"),
                (0.5, "gpt-4o, input", "proj_b"),
                (0.01, None, None),
            ]
            yield {
                "object": "bucket",
                "start_time": at,
                "end_time": at + 86_400,
                "results": [
                    {
                        "object": "organization.costs.result",
                        "amount": {"value": value, "currency": "usd"},
                        "line_item": line,
                        "project_id": project,
                    }
                    for value, line, project in (lines if day.day % 7 else [])
                ],
            }

    def _log(self, number):
        at = self.now - timedelta(minutes=37 * (130 - number))
        return {
            "id": f"01J{number:05}",
            "created_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "path": "v1/chat/completions",
            "duration": 400 + number,
            "success": True,
            "provider": "openai",
            "model": "gpt-4o" if number % 3 else "gpt-4o-mini",
            "tokens_in": 100 + number,
            "tokens_out": 10 if number % 11 else None,
            "cost": number / 1_000,
            "cached": number % 10 == 0,
        }


class Services:
    """The server. `refuse` maps a part of a path or dataset to the answer that it gets instead.

    An answer is a status, a body, and headers; a list of them is used up one by one.
    """

    def __init__(self, world):
        self.world = world
        self.refuse = {}
        self.asked = []
        self.mismatches = []
        self.bearers = set()
        self.limit = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.services = self
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        assert self.mismatches == []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        parts = urlsplit(self.path)
        asked = {
            name: values if name == "group_by" else values[-1]
            for name, values in parse_qs(parts.query).items()
        }
        self._reply(parts.path, asked)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._reply(self.path, body, body)

    def log_message(self, *_):
        """Say nothing."""

    def _reply(self, path, asked, sent=None):
        services = self.server.services
        address = self.path.removeprefix("/client/v4")
        services.mismatches += contracts.of_request(self.command, address, self.headers, sent)
        self.world = services.world
        services.bearers.add(self.headers["authorization"])
        services.asked.append((path, asked))
        for part, answers in services.refuse.items():
            if part in path or part in str(asked.get("query", "")):
                answer = answers.pop(0) if isinstance(answers, list) and answers else answers
                if answer:
                    return self._send(*answer)
        status, body = self._right(path.removeprefix("/client/v4"), asked)
        if status == HTTPStatus.OK:
            services.mismatches += contracts.of_answer(self.command, address, asked, body)
        return self._send(status, body)

    def _right(self, path, asked):  # noqa: PLR0911 - a line an address
        account = f"/accounts/{ACCOUNT}"
        if path == "/graphql":
            return 200, self._graphql(asked)
        if path == "/organization/costs":
            return 200, self._costs(asked)
        match path.removeprefix(account):
            case "/billable-usage/info":
                anchor = f"{self.world.anchor:%Y-%m-%dT%H:%M:%SZ}"
                one = {
                    "id": "s",
                    "start_timestamp": anchor,
                    "billing_cycle_anchor_timestamp": anchor,
                }
                return 200, enveloped({"covered": True, "subscriptions": [one]})
            case "/billable-usage":
                start, end = date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])
                days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
                anchored = any(day.day == self.world.anchor.day for day in days)
                return 200, enveloped([*self.world.usage(start, end)] if anchored else [])
            case "/workers/scripts":
                made = {
                    "created_on": "2025-05-05T01:02:03.5Z",
                    "modified_on": "2026-10-01T00:00:00Z",
                }
                return 200, enveloped([{"id": script, **made} for script in SCRIPTS])
            case "/r2/buckets":
                return 200, self._buckets(asked)
            case "/ai-gateway/gateways":
                times = dict.fromkeys(("created_at", "modified_at"), "2026-01-01T00:00:00Z")
                limits = ("cache_ttl", "rate_limiting_interval", "rate_limiting_limit")
                same = times | dict.fromkeys(limits) | {"cache_invalidate_on_update": False}
                gateways = [{"id": name, "collect_logs": True} | same for name in GATEWAYS]
                return 200, enveloped(gateways) | {"result_info": {"page": 1, "total_count": 2}}
        if found := re.fullmatch(r".*/gateways/(\w+)/logs", path):
            logs = self.world.logs[GATEWAYS.index(found[1]) :: len(GATEWAYS)]
            logs = [one for one in logs if one["created_at"] >= asked["start_date"]]
            page, size = int(asked["page"]), min(int(asked["per_page"]), 50)
            info = {"page": page, "per_page": size, "total_count": len(logs)}
            return 200, enveloped(logs[(page - 1) * size : page * size]) | {"result_info": info}
        return 404, {"success": False, "errors": [{"code": 7003, "message": "No route"}]}

    def _buckets(self, asked):
        place = int(asked.get("cursor", 0))
        made = {"creation_date": "2025-01-01T00:00:00.000Z", "location": "weur"}
        answer = enveloped({"buckets": [{"name": BUCKETS[place], **made}]})
        rest = place + 1 < len(BUCKETS)
        return answer | {"result_info": {"cursor": str(place + 1)} if rest else {}}

    def _graphql(self, asked):
        name, limit = DATASET.search(asked["query"]).groups()
        given = asked["variables"]
        ends = datetime.fromisoformat(given["start"]), datetime.fromisoformat(given["end"])
        days = ends[0].date(), ends[1].date()
        assert ends[1] - ends[0] <= timedelta(days=31)
        rows = {
            "workersInvocationsAdaptive": lambda: self._hours(asked["query"], ends),
            "r2StorageAdaptiveGroups": lambda: self.world.stored(*days),
            "r2OperationsAdaptiveGroups": lambda: self.world.operations(*days),
            "d1StorageAdaptiveGroups": lambda: self.world.d1(*days),
            "d1AnalyticsAdaptiveGroups": lambda: self.world.d1_use(*days),
            "kvStorageAdaptiveGroups": lambda: self.world.kv(*days),
            "kvOperationsAdaptiveGroups": lambda: self.world.kv_use(*days),
        }[name]()
        most = self.server.services.limit or int(limit)
        return {"data": {"viewer": {"accounts": [{name: [*rows][:most]}]}}, "errors": None}

    def _hours(self, query, ends):
        """The hours, with the quantiles that were asked for."""
        for one in self.world.hours(*ends):
            told = {name: ms for name, ms in one["quantiles"].items() if f"{name} " in query}
            yield one | {"quantiles": told}

    def _costs(self, asked):
        start = datetime.fromtimestamp(int(asked["start_time"]), UTC).date()
        buckets, size = [*self.world.costs(start)], min(self.world.page, int(asked["limit"]))
        place = int(asked.get("page", "0"))
        rest = place + size < len(buckets)
        return {
            "object": "page",
            "data": buckets[place : place + size],
            "has_more": rest,
            "next_page": str(place + size) if rest else None,
        }

    def _send(self, status, body, headers=()):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def enveloped(result):
    return {"success": True, "errors": [], "messages": [], "result": result}
