"""The copy of an odd database has the rows and amounts of its source."""

import clickhouse_connect
import pytest
from copies import loaded, sums_at_the_source, sums_of_the_copy
from odd_databases import MAPPING

from meaux.data.warehouse.address import Address


def test_with_other_names_and_times_the_rows_and_amounts_are_the_same(
    odd_file, chdb_folder, tmp_path
):
    file, mapping = odd_file("times_mixed_inside", "renamed"), tmp_path / "schema.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    address = Address(folder=chdb_folder, database="odd")
    loaded(file, address, mapping)
    client = clickhouse_connect.get_client(interface="chdb", path=chdb_folder)
    source = sums_at_the_source(file, mapping)
    copy = sums_of_the_copy(client, file, address.database, mapping)
    for table, sums in source.items():
        assert copy[table] == pytest.approx(sums), table
