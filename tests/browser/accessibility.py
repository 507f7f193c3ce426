"""What axe-core finds on a page that is open in a browser."""

from axe_playwright_python.sync_playwright import Axe

NOT_OURS = {
    '[data-testid="stSidebarNav"]': "Streamlit's menu groups its list items in other elements.",
    'g[role="graphics-symbol"]:empty': "Vega names a group of marks in which nothing is drawn.",
    '[data-selected="true"]': (
        "Streamlit writes a chosen option in the primary colour, on which it writes in white, too: "
        "on a dark page, no colour is legible in both places."
    ),
}
"""Parts of a page that axe-core isn't asked about, and why."""


COLOURS = ("color-contrast",)
"""The rules that another theme of the same page may break."""


def complaints(page, rules=()):
    """Return what axe-core finds, by all rules or some: its rule, where, and what is wrong."""
    asked = {"resultTypes": ["violations"], "preload": False} | (
        {"runOnly": [*rules]} if rules else {}
    )
    excluded = {"exclude": [[place] for place in NOT_OURS]}
    found = Axe().run(page, excluded, asked).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
