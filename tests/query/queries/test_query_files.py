"""Query files: what is wrong with a block is said with file and line."""

import pytest

from meaux.data.schema import read_model
from meaux.errors import QueryFileError
from meaux.query.queries.reader import COLUMN_TYPES, PARAMETERS, read_files

MODEL = read_model()

GOOD = """\
-- name: hours
-- Hours of each day.
-- returns: day date, hours number
-- optional: time_entry.cost
SELECT time_entry.started_day AS day, sum(time_entry.seconds) / 3600.0 AS hours
FROM time_entry
WHERE in_period(time_entry.started)
  [[ AND time_entry.project IN (SELECT value FROM json_each(:projects)) ]]
GROUP BY day
"""


@pytest.fixture
def read(tmp_path):
    def read(*texts):
        paths = []
        for number, text in enumerate(texts):
            paths.append(tmp_path / f"file_{number}.sql")
            paths[-1].write_text(text, encoding="utf-8")
        return read_files(paths, MODEL)

    return read


def test_a_block_has_a_name_a_sentence_columns_and_sql(read):
    query = read(GOOD)[0]["hours"]
    assert query.about == "Hours of each day."
    assert query.returns == {"day": "date", "hours": "number"}
    assert list(query.returns) == ["day", "hours"]
    assert query.optional == {"time_entry.cost"}
    assert query.parameters == {"projects"}
    assert query.sql.startswith("SELECT")
    assert (query.file.name, query.line) == ("file_0.sql", 1)


def test_a_file_may_hold_many_blocks_and_knows_the_line_of_each(read):
    queries, _ = read(GOOD + "\n" + GOOD.replace("name: hours", "name: more"))
    assert {name: query.line for name, query in queries.items()} == {"hours": 1, "more": 11}


def test_a_view_may_be_read_from_another_file(read):
    view = "-- view: entry\n-- All entries.\nSELECT time_entry.seconds FROM time_entry\n"
    query = "-- name: n\n-- How many.\n-- returns: n integer\nSELECT count(*) AS n FROM entry\n"
    queries, views = read(query, view)
    assert set(queries) == {"n"}
    assert set(views) == {"entry"}


def test_comments_inside_the_sql_belong_to_it(read):
    query = read(GOOD + "-- the end\n")[0]["hours"]
    assert query.sql.endswith("-- the end")


def test_a_file_may_hold_nothing(read):
    assert read("", "-- Later.\n") == ({}, {})


def test_needs_may_name_alternatives(read):
    text = GOOD.replace(
        "-- optional:", "-- needs: time_entry.cost or time_entry.rate\n-- optional:"
    )
    assert read(text)[0]["hours"].needs == (("time_entry.cost", "time_entry.rate"),)


def test_texts_in_the_sql_are_not_read_for_names(read):
    text = GOOD.replace("WHERE", "WHERE 'a.b :c FROM d [[' <> '' AND")
    assert read(text)[0]["hours"].parameters == {"projects"}


WRONG = {
    "a name twice": (GOOD + "\n" + GOOD, 11, "the name hours is taken"),
    "a logical table's name": (
        GOOD.replace("name: hours", "name: project"),
        1,
        "the name project is taken",
    ),
    "no sentence": (
        GOOD.replace("-- Hours of each day.\n", ""),
        1,
        "a block needs a sentence that says what it returns, and SQL",
    ),
    "no SQL": (GOOD.partition("SELECT")[0], 1, "a block needs a sentence"),
    "no columns": (
        GOOD.replace("-- returns: day date, hours number\n", ""),
        1,
        "hours: a query needs `-- returns:` with its columns",
    ),
    "SQL before the first name": (
        "-- hours\n" + GOOD[GOOD.index("SELECT") :],
        2,
        "must stand below",
    ),
    "an unknown type": (
        GOOD.replace("hours number", "hours float"),
        1,
        f"types are {', '.join(COLUMN_TYPES)}",
    ),
    "a column without a type": (
        GOOD.replace("hours number", "hours"),
        1,
        "returns needs `name type` pairs with commas",
    ),
    "an unknown parameter": (
        GOOD.replace(":projects", ":project_ids"),
        1,
        f"the parameter :project_ids is not known; use {', '.join(PARAMETERS)}",
    ),
    "an unknown column": (
        GOOD.replace("time_entry.seconds", "time_entry.secs"),
        1,
        "hours: time_entry.secs is no column of the model",
    ),
    "a day of what is no instant": (
        GOOD.replace("started_day", "startd_day"),
        1,
        "time_entry.startd_day is no column of the model",
    ),
    "an unknown table": (
        GOOD.replace("FROM time_entry", "FROM time_entries"),
        1,
        "time_entries is no logical table and no view",
    ),
    "an unknown optional column": (
        GOOD.replace("optional: time_entry.cost", "optional: time_entry.kost"),
        1,
        "hours: time_entry.kost is not in the model",
    ),
    "an unknown need": (
        GOOD.replace("-- optional", "-- needs: time_entries\n-- optional"),
        1,
        "hours: time_entries is not in the model",
    ),
    "a choice that no filter makes": (
        GOOD.replace("-- optional", "-- chosen: time_entry.cost\n-- optional"),
        1,
        "hours: the filters do not choose by time_entry.cost",
    ),
    "an unknown vocabulary": (
        GOOD.replace("WHERE", "WHERE meaning('colour', time_entry.note) = 'Red' AND"),
        1,
        "hours: there is no vocabulary 'colour'; use status, severity,",
    ),
    "a second block": (
        GOOD + "\n\n" + GOOD.replace("name: hours", "name: more").replace(".seconds", ".secs"),
        12,
        "more: time_entry.secs is no column of the model",
    ),
}


@pytest.mark.parametrize(("text", "line", "problem"), WRONG.values(), ids=WRONG)
def test_a_block_is_refused_with_file_and_line_for(read, text, line, problem):
    with pytest.raises(QueryFileError) as caught:
        read("", text)
    assert (caught.value.file.name, caught.value.line) == ("file_1.sql", line)
    assert problem in caught.value.problem
    assert f"file_1.sql, line {line}: " in str(caught.value)
