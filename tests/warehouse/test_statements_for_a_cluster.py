"""On a cluster, every table is made on each server, and one over them all; no cluster runs here."""

from collections import Counter
from types import SimpleNamespace

import pytest

from meaux.data.warehouse import CopiedColumn, CopiedTable
from meaux.data.warehouse.address import Address
from meaux.warehouse import target
from meaux.warehouse.statements import digest
from meaux.warehouse.target import Target

TABLE = CopiedTable("project", (CopiedColumn("id", "String", "project.id"),), "")
COPY = (
    "ON CLUSTER 'both' AS `meaux`.`{0}__local` "
    "ENGINE = Distributed('both', 'meaux', '{0}__local', rand())"
)


class Recorded:
    """Notes what a server would be told."""

    def __init__(self):
        self.told = []
        self.made = ""
        self.rows = Counter()

    def command(self, sql):
        self.told.append(" ".join(sql.split()))

    def insert(self, table, columns, settings=None, **_options):
        self.rows.update(columns[0])
        self.told.append(f"INSERT {table} {settings}")

    def query(self, sql, _parameters=None):
        if "count()" in sql:
            return SimpleNamespace(result_rows=[*self.rows.items()])
        rows = [["project__local", self.made]] if self.made and "system.tables" in sql else []
        return SimpleNamespace(result_rows=rows)


@pytest.fixture
def recorded(monkeypatch):
    client = Recorded()
    monkeypatch.setattr(target, "_client", lambda _address: client)
    return client


def test_a_table_is_made_on_each_server_and_over_all(recorded):
    places = Target(Address("host", cluster="both")).places([TABLE])
    assert places == {"project": "project__next"}
    assert [sql for sql in recorded.told if sql.startswith("CREATE")] == [
        (
            "CREATE TABLE `meaux`.`project__next__local` ON CLUSTER 'both' "
            "( `loaded_month` UInt32, `id` String ) ENGINE = MergeTree PARTITION BY `loaded_month` "
            "ORDER BY (`id`) SETTINGS allow_nullable_key = 1 "
            f"COMMENT 'Meaux Analytics {digest(TABLE.layout())}'"
        ),
        "CREATE OR REPLACE TABLE `meaux`.`project__next` " + COPY.format("project__next"),
    ]


def test_a_month_is_replaced_on_each_server_by_rows_that_went_to_all(recorded):
    filled = Target(Address("host", cluster="both"))
    filled.replace("project", ["loaded_month", "id"], {0: "x"}, [[[0], ["1"]]])
    told = recorded.told
    assert "INSERT project__month {'insert_distributed_sync': 1}" in told
    assert (
        "ALTER TABLE `meaux`.`project__local` ON CLUSTER 'both' "
        "REPLACE PARTITION 0 FROM `meaux`.`project__month__local`" in told
    )
    assert all("ON CLUSTER 'both'" in sql for sql in told if not sql.startswith("INSERT"))


def test_the_new_table_takes_the_place_of_the_old_one_on_each_server(recorded):
    recorded.made = "another layout"
    Target(Address("host", cluster="both")).swap({"project": "project__next"})
    renamed = [sql for sql in recorded.told if sql.startswith("RENAME")]
    assert renamed == [
        (
            "RENAME TABLE `meaux`.`project__local` TO `meaux`.`project__old__local`, "
            "`meaux`.`project__next__local` TO `meaux`.`project__local` ON CLUSTER 'both'"
        ),
        (
            "RENAME TABLE `meaux`.`project` TO `meaux`.`project__old`, "
            "`meaux`.`project__next` TO `meaux`.`project` ON CLUSTER 'both'"
        ),
    ]
    assert "CREATE OR REPLACE TABLE `meaux`.`project` " + COPY.format("project") in recorded.told
