"""On a cluster, every table is made on each server, and one over them all; no cluster runs here.

The engine in this process parses the statements, but doesn't run them.
"""

from collections import Counter
from types import SimpleNamespace

import clickhouse_connect
import pytest

from meaux.data.warehouse import OWN_TABLES, CopiedColumn, CopiedTable
from meaux.data.warehouse.address import Address
from meaux.errors import SettingError
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
        if sql.startswith("DESCRIBE"):
            [own] = [table for name, table in OWN_TABLES.items() if f"`{name}`" in sql]
            return SimpleNamespace(result_rows=[[name] for name in own.columns])
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


REPLICATED = Address("host", cluster="both", replicated=True)
OF_A_SHARD = "'/clickhouse/tables/{uuid}/{shard}', '{replica}'"
OF_ALL = "'/clickhouse/tables/{uuid}', '{shard}_{replica}'"


def test_the_replicas_of_a_shard_have_its_rows(recorded):
    Target(REPLICATED).places([TABLE])
    [table, over_all] = [sql for sql in recorded.told if sql.startswith("CREATE")]
    assert f"ENGINE = ReplicatedMergeTree({OF_A_SHARD}) PARTITION BY `loaded_month`" in table
    assert table.endswith(f"COMMENT 'Meaux Analytics {mark(TABLE)}'")
    assert over_all == "CREATE OR REPLACE TABLE `meaux`.`project__next` " + COPY.format(
        "project__next"
    )


def mark(table):
    layout = table.layout().replace("MergeTree", f"ReplicatedMergeTree({OF_A_SHARD})")
    return digest(layout)


def test_a_table_without_replicas_is_made_again_with_them(recorded):
    recorded.made = "Meaux Analytics " + digest(TABLE.layout())
    assert Target(Address("host", cluster="both")).places([TABLE]) == {"project": "project"}
    assert Target(REPLICATED).places([TABLE]) == {"project": "project__next"}


def test_what_the_loader_remembers_is_on_all_servers(recorded):
    Target(REPLICATED).prepare()
    made = [sql for sql in recorded.told if "`meaux_" in sql]
    assert len(made) == len(OWN_TABLES)
    assert all(f"MergeTree({OF_ALL}" in sql for sql in made)
    assert f"ENGINE = ReplicatedReplacingMergeTree({OF_ALL}, `at`)" in made[0]


def test_a_month_is_replaced_once_each_replica_has_its_rows(recorded):
    Target(REPLICATED).replace("project", ["loaded_month", "id"], {0: "x"}, [[[0], ["1"]]])
    steps = [sql.split(" FROM ")[0] for sql in recorded.told if "project" in sql]
    assert steps[-5:-2] == [
        "INSERT project__month {'insert_distributed_sync': 1, 'insert_deduplicate': 0}",
        "SYSTEM SYNC REPLICA ON CLUSTER 'both' `meaux`.`project__month__local`",
        "ALTER TABLE `meaux`.`project__local` ON CLUSTER 'both' REPLACE PARTITION 0",
    ]


@pytest.mark.parametrize("address", [Address("host", cluster="both"), REPLICATED])
def test_the_engine_understands_each_statement(recorded, address, chdb_folder):
    filled = Target(address)
    filled.prepare()
    filled.places([TABLE])
    filled.replace("project", ["loaded_month", "id"], {0: "x", 1: "y"}, [[[0], ["1"]]])
    recorded.made = "another layout"
    filled.swap({"project": "project__next"})
    engine = clickhouse_connect.get_client(interface="chdb", path=chdb_folder)
    told = [sql for sql in recorded.told if not sql.startswith("INSERT")]
    assert len(told) > 20
    for sql in told:
        assert engine.query(f"EXPLAIN AST {sql}").result_rows


@pytest.mark.parametrize("options", ["replicated=yes", "cluster=both&replicated=often"])
def test_replicas_need_a_cluster(options):
    with pytest.raises(SettingError, match="replicated is yes or no, and needs a cluster"):
        Address.read(f"clickhouse://u:p@host/meaux?{options}", "MEAUX_WAREHOUSE")


def test_replicas_are_an_option_of_the_address():
    text = "clickhouse://u:p@host/meaux?cluster=both&replicated=yes"
    assert Address.read(text, "MEAUX_WAREHOUSE").replicated
