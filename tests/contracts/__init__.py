"""Contracts: what the services document of their addresses, and what a call says against it."""

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import jsonschema_rs
from graphql import build_schema, graphql_sync, parse, validate

FOLDER = Path(__file__).parent
SERVICES = ("cloudflare", "openai")
GRAPHQL = "/graphql"


@cache
def _paths():
    found = {}
    for service in SERVICES:
        document = json.loads((FOLDER / f"{service}.json").read_text(encoding="utf-8"))
        for path, methods in document["paths"].items():
            pattern = re.compile(re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(path)))
            found[pattern] = (re.findall(r"\{(\w+)\}", path), methods)
    return found


@cache
def _schema():
    return build_schema((FOLDER / "analytics.graphql").read_text(encoding="utf-8"))


def _operation(method, path):
    """The documented operation of a call, with the values in its path."""
    for pattern, (names, methods) in _paths().items():
        if found := pattern.fullmatch(path):
            values = dict(zip(names, map(unquote, found.groups()), strict=True))
            return methods.get(method.lower()), values
    return None, {}


@cache
def _validator(schema):
    return jsonschema_rs.validator_for(schema, validate_formats=True)


def _against(schema, value, what):
    errors = _validator(json.dumps(schema)).iter_errors(value)
    return [f"{what}: {'/'.join(map(str, one.instance_path))} {one.message}" for one in errors]


def _read(schema, values):
    """A value of a query as its schema types it; one that can't be read stays a text."""
    if schema.get("type") == "array":
        return values
    if len(values) > 1:
        return values
    if schema.get("type") in ("integer", "number") and re.fullmatch(r"-?\d+", values[0]):
        return int(values[0])
    return values[0]


def of_request(method, address, headers, body):
    """Return in what a request differs from what is documented."""
    parts = urlsplit(address)
    operation, values = _operation(method, parts.path)
    if not operation:
        return [f"{method} {parts.path} is not documented"]
    said = [] if re.fullmatch(r"Bearer \S+", headers.get("authorization") or "") else ["no token"]
    known = {one["name"]: one for one in operation["parameters"]}
    given = parse_qs(parts.query, keep_blank_values=True)
    unknown = given.keys() - known.keys()
    said += [f"{parts.path}: the parameter {name} is not documented" for name in unknown]
    for name, one in known.items():
        value = values.get(name) if one["in"] == "path" else given.get(name)
        if value is None:
            said += [f"{parts.path} lacks {name}"] if one.get("required") else []
            continue
        read = value if one["in"] == "path" else _read(one["schema"], value)
        said += _against(one["schema"], read, f"{parts.path}?{name}")
    if "body" in operation:
        if not (headers.get("content-type") or "").startswith("application/json"):
            said.append("the body is not JSON")
        said += _against(operation["body"], body, parts.path)
    elif body is not None:
        said.append(f"{parts.path} takes no body")
    return said + (of_query(body) if parts.path == GRAPHQL and body else [])


@cache
def _asked(query):
    return [str(one) for one in validate(_schema(), parse(query))]


def of_query(body):
    """Return in what a GraphQL query differs from the fields and filters that are documented."""
    said = list(_asked(body["query"]))
    wanted = dict(re.findall(r"\$(\w+): (\w+)!", body["query"]))
    given = body.get("variables", {})
    if wanted.keys() != given.keys():
        return [*said, f"the variables are {sorted(given)}"]
    for name, kind in wanted.items():
        try:
            at = datetime.fromisoformat(given[name]) if kind in ("Time", "Date") else None
        except ValueError:
            said.append(f"{name} is no {kind}")
        else:
            said += [f"{name} has no zone"] if kind == "Time" and not at.tzinfo else []
    return said


def of_answer(method, address, asked, answer):
    """Return in what an answer of the loopback server differs from what is documented."""
    path = urlsplit(address).path
    operation, _ = _operation(method, path)
    said = _against(operation["answer"], answer, path)
    return said + (_of_rows(asked, answer) if path == GRAPHQL else [])


def _of_rows(asked, answer):
    """A first and a last row stand for all: running the query on each would take seconds."""
    account = answer["data"]["viewer"]["accounts"][0]
    ends = {name: [*rows[:1], *rows[-1:]] for name, rows in account.items()}
    root = {"viewer": {"accounts": [ends]}}
    ran = graphql_sync(_schema(), asked["query"], root, variable_values=asked["variables"])
    if ran.errors:
        return [str(one) for one in ran.errors]
    return [] if ran.data == root else ["the answer has other fields than were asked for"]
