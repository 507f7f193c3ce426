"""Settings, and all that `meaux.toml` may declare."""

from collections.abc import Iterable, Iterator, Sequence

from meaux.cli.reference import markdown
from meaux.collect import tokens
from meaux.data import access
from meaux.data.declared import Key
from meaux.data.plan import ENTRIES, LISTS, TABLES
from meaux.data.settings import IN_SECRETS, NO_SECRET, SETTINGS
from meaux.subjects.allowances.resources import AS_OF, RESOURCES, Listed
from meaux.wording import day_of


def page() -> Iterator[str]:
    """Yield the lines of the page of the settings."""
    yield "# Settings\n"
    yield "A setting is an environment variable. Those with a key below can also be set under"
    yield "`[connections.meauxos]` (the name of the connection) in `.streamlit/secrets.toml`; if"
    yield "both are set, the variable is used. Those without a key can only be set as a variable."
    yield "If neither `MEAUX_DATABASE` nor a database ID is set, the demo opens. A secret is never"
    yield "printed, logged or shown.\n"
    yield from markdown.table(
        ("variable", "key in the secrets file", "what it is", "default"),
        (_setting(one, IN_SECRETS) for one in SETTINGS.values()),
    )

    yield "## Tokens of collect\n"
    yield "Only `python -m meaux collect` reads these ([collecting](collect.md)). Those with a key"
    yield "can also be set under `[collect]` in `.streamlit/secrets.toml`.\n"
    yield from markdown.table(
        ("variable", "key in the secrets file", "what it is", "default"),
        (_setting(one, tokens.IN_SECRETS) for one in tokens.TOKENS.values()),
    )

    yield "## Budgets, thresholds, capacity, allowances\n"
    yield "Set these in `.streamlit/meaux.toml`: copy `.streamlit/meaux.example.toml` and keep what"
    yield "you need. An invalid entry doesn't affect other entries: its default is used, or the"
    yield "budget is ignored. Every page says so; the Data page, `doctor` and `alerts` name the"
    yield "entry. Required: watch ≤ at_risk ≤ over.\n"
    yield from markdown.table(("table", "key", "what it is", "default"), _declared())
    yield from _list_notify()
    yield from _list_access()
    yield from _list_prices()


def _list_notify() -> Iterator[str]:
    yield "## Alert rules of your own, who is told, and what runs when\n"
    yield "Set these in `.streamlit/meaux.toml`; [alerts](alerts.md) shows how. An address is a"
    yield "secret: it is under `[notify]` in `.streamlit/secrets.toml`, or a variable. An invalid"
    yield "entry is named by `alerts` and on the Data page; the others still work.\n"
    yield from markdown.table(
        ("table", "key", "what it is", "default"),
        (
            (f"`[[{table}]]`", f"`{key.name}`", key.description, _default(key))
            for table, known in LISTS.items()
            for key in known.values()
        ),
    )


def _list_access() -> Iterator[str]:
    yield "## Access\n"
    yield "These keys, also in `.streamlit/meaux.toml`, say who may enter once"
    yield "[sign-in](hosting.md) is on. Each entry has exactly one of `addresses`, `domains`,"
    yield "`groups` and `everyone`; the first entry about a person decides. Without `[access]`,"
    yield "nobody may enter. An invalid entry and those after it let nobody in.\n"
    yield from markdown.table(("table", "key", "what it is", "default"), _of_access())


def _list_prices() -> Iterator[str]:
    listed = [resource for resource in RESOURCES if resource.paid is not None]
    yield "## What Cloudflare includes\n"
    yield "Without `[allowances]`, the pages Resource usage and Analytics assume the Workers"
    yield f"Paid plan and say so. Prices as of {day_of(AS_OF)}:\n"
    columns = (
        "resource",
        "free plan",
        "paid plan (per month)",
        "overage price",
        "setting",
        "source",
    )
    yield from markdown.table(columns, map(_listed, listed))


def _listed(resource: Listed) -> Sequence[str]:
    per = "per" if resource.per == 1 else f"per {resource.per:,.0f}"
    cents = round(resource.price or 0, 2) == resource.price
    price = f"${resource.price:,.2f}" if cents else f"${resource.price:g}"
    return (
        resource.name,
        resource.free,
        f"{resource.paid:,.0f} {resource.unit}",
        f"{price} {per} {resource.unit}",
        f"`{resource.setting}`" if resource.setting else "",
        f"[prices]({resource.url})",
    )


def _declared() -> Iterator[Sequence[str]]:
    """Yield a row for each key of `meaux.toml`."""
    for table, known in TABLES.items():
        head = f"[[{table}]]" if table in ENTRIES else f"[{table}]"
        for key in known.values():
            yield f"`{head}`", f"`{key.name}`", key.description, _default(key)


def _of_access() -> Iterator[Sequence[str]]:
    """Yield a row for each key of `[access]`."""
    parts = (
        (f"[{access.TABLE}]", access.KEYS),
        (f"[[{access.TABLE}.{access.ENTRIES}]]", access.ENTRY_KEYS),
    )
    for head, known in parts:
        for key in known.values():
            yield f"`{head}`", f"`{key.name}`", key.description, _default(key)


def _default(key: Key) -> str:
    """Return the default of a key; empty for none."""
    match key.default:
        case tuple() as words:
            return f"`{', '.join(words)}`" if words else ""
        case float() as number:
            return f"`{number:g}`"
        case other:
            word = "" if other == NO_SECRET else str(other or "").strip("'")
            return f"`{word}`" if word else ""


def _setting(setting: Key, in_secrets: Iterable[str]) -> Sequence[str]:
    kept = f"`{setting.name}`" if setting.name in in_secrets else ""
    return f"`{setting.variable}`", kept, setting.description, _default(setting)
