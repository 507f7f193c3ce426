"""The ledger, the hours and the people of the demo, worked out again without the product."""

import sqlite3
from contextlib import closing

import pandas as pd
import pytest


class ByHand:
    """The demo's raw tables as frames, and the numbers that follow from them."""

    def __init__(self, rows):
        self.rows = rows

    def table(self, sql, *columns):
        return pd.DataFrame(self.rows(sql), columns=columns)

    def entries(self, zone="UTC"):
        """Time entries with their seconds and cost; NaN where nothing is known of them."""
        found = self.table(
            "SELECT e.started_at, e.project_id, e.user_id, e.seconds, e.ended_at, e.cost_usd,"
            " e.hourly_rate, u.hourly_rate, p.hourly_rate FROM time_entries AS e"
            " LEFT JOIN users AS u ON u.id = e.user_id"
            " LEFT JOIN projects AS p ON p.id = e.project_id",
            *("at", "project", "person", "seconds", "ended", "cost", "rate", "rate_2", "rate_3"),
        ).astype({"seconds": float, "ended": float, "cost": float, "rate": float, "rate_2": float})
        found["stored"] = found["seconds"]
        found["seconds"] = found["seconds"].fillna(found["ended"] - found["at"])
        rate = found["rate"].fillna(found["rate_2"]).fillna(found["rate_3"].astype(float))
        lasted = found["seconds"].where(found["seconds"] >= 0)
        found["cost"] = found["cost"].fillna(lasted / 3600 * rate)
        found["day"] = pd.to_datetime(found["at"], unit="s", utc=True).dt.tz_convert(zone).dt.date
        return found[["day", "project", "person", "seconds", "stored", "cost"]]

    def ledger(self, zone="UTC"):
        """Every line of the ledger: day, category, project, person, cost."""
        time = self.entries(zone).assign(category="Time")
        ai = self.table(
            "SELECT created_at, project_id, user_id, cost_usd FROM ai_cost_tracking",
            *("at", "project", "person", "cost"),
        ).assign(category="AI")
        ai["day"] = pd.to_datetime(ai["at"], utc=True).dt.tz_convert(zone).dt.date
        bill = self.table(
            "SELECT usage_date, project_id, NULL, cost_usd FROM cloudflare_usage"
            " WHERE currency = 'USD'",
            *("day", "project", "person", "cost"),
        ).assign(category="Infrastructure")
        bill["day"] = pd.to_datetime(bill["day"]).dt.date
        columns = ["day", "category", "project", "person", "cost"]
        return pd.concat([part[columns].astype(object) for part in (time, ai, bill)]).assign(
            cost=lambda lines: lines["cost"].astype(float)
        )


@pytest.fixture(scope="session")
def by_hand_of():
    """What a database file holds, worked out by hand."""

    def by_hand_of(path):
        def rows(sql):
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
                return connection.execute(sql).fetchall()

        return ByHand(rows)

    return by_hand_of


@pytest.fixture(scope="session")
def by_hand(by_hand_of, demo_file):
    return by_hand_of(demo_file)


def inside(frame, period):
    return frame[[day in period for day in frame["day"]]]


@pytest.fixture(scope="session")
def within():
    """The rows of a frame whose day lies in a period."""
    return inside
