"""A plugin for pytest: the registry of categories and the model with entries more.

It takes copies of both files, adds to them what somebody would who adds categories, and has the
product read these. Nothing else is told of them.
"""

import importlib.util
import os
import sys
from pathlib import Path

import meaux.data

GROUND = Path(meaux.data.__file__).parent
COPIES = Path(os.environ["COPIES"])

ENTRIES = """
    Category(
        "Contractors",
        "contractors",
        "contractor_invoice",
        "#8a7a1e",
        unnamed_leaf="No vendor named",
    ),
    Category("Office", "office", "office_bill", "#9a6248", personal=False, branch="service"),
    Category("Travel", "travel", "trip", "#3a93b8", leaf="person", serviced=False),
    Category("Legal", "legal", "legal_bill", "#c2417c", personal=False),
)
\"\"\"All categories"""

TABLES = """
[contractor_invoice]
about = "What somebody outside the company billed."
tables = ["contractor_invoices"]
[contractor_invoice.columns]
at = { type = "instant", from = ["invoiced_on"], required = true }
project = { type = "key" }
person = { type = "key", from = ["booked_by"] }
service = { type = "text", from = ["vendor"] }
cost = { type = "number", from = ["amount_usd"], required = true }
currency = { type = "word", from = ["currency"] }

[office_bill]
about = "What the office cost."
tables = ["office_bills"]
[office_bill.columns]
at = { type = "instant", from = ["billed_on"], required = true }
service = { type = "text", from = ["what"] }
cost = { type = "number", from = ["amount_usd"], required = true }

[trip]
about = "What a journey cost."
tables = ["trips"]
[trip.columns]
at = { type = "instant", from = ["left_on"], required = true }
project = { type = "key" }
person = { type = "key", from = ["traveller"] }
cost = { type = "number", from = ["amount_usd"], required = true }

[legal_bill]
about = "What lawyers billed."
tables = ["legal_bills"]
[legal_bill.columns]
at = { type = "instant", from = ["billed_on"], required = true }
cost = { type = "number", from = ["amount_usd"], required = true }
"""


def _use_copies():
    text = (GROUND / "categories.py").read_text(encoding="utf-8")
    copy = COPIES / "categories.py"
    more = text.replace(')\n"""All categories', ENTRIES.lstrip("\n"), 1)
    assert more != text, "the registry of categories does not end where it did"
    copy.write_text(more, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("meaux.data.categories", copy)
    module = importlib.util.module_from_spec(spec)
    sys.modules["meaux.data.categories"] = meaux.data.categories = module
    spec.loader.exec_module(module)
    from meaux.data.schema import model

    longer = COPIES / "model.toml"
    longer.write_text(model.MODEL_FILE.read_text(encoding="utf-8") + TABLES, encoding="utf-8")
    model.MODEL_FILE = longer


_use_copies()
