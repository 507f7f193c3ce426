"""The limits of D1 in one place: measured on its engine, and applied to local files too."""

import sqlite3
from collections.abc import Mapping

SQL_BYTES = 100_000
PARAMETERS = 100
COLUMNS = 100
SECONDS = 30.0

# Not a limit of D1: a larger answer is a mistake, and would fill this machine's memory.
ANSWER_BYTES = 32_000_000
# The same for users' SQL: many may run at once, and each answer is kept for a while.
ASKED_BYTES = 8_000_000

# Not a limit of D1 either: SQLite's maximum memory in this process, for all statements together.
HEAP_BYTES = 200_000_000

CONNECTION_LIMITS: Mapping[int, int] = {
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: SQL_BYTES,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: PARAMETERS,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 5,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COLUMN: COLUMNS,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 50,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 127,
    sqlite3.SQLITE_LIMIT_LENGTH: 2_200_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}

# Functions of D1. A list of forbidden ones would allow whatever the next SQLite adds.
_FUNCTIONS = """
    -> ->> abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil changes char coalesce concat
    concat_ws cos cosh count cume_dist current_date current_time current_timestamp date datetime
    degrees dense_rank exp first_value floor format glob group_concat hex highlight ifnull iif
    instr json json_array json_array_length json_extract json_group_array json_group_object
    json_insert json_object json_patch json_quote json_remove json_replace json_set json_type
    json_valid jsonb jsonb_array jsonb_extract jsonb_group_array jsonb_group_object jsonb_insert
    jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set julianday lag
    last_insert_rowid last_value lead length like likelihood likely ln log log2 lower ltrim
    match max min mod nth_value ntile nullif octet_length percent_rank pi pow printf quote
    radians random randomblob rank replace round row_number rtrim sign sin sinh snippet sqrt
    strftime string_agg substr substring sum tan tanh time timediff total total_changes trim
    trunc typeof unhex unicode unixepoch unlikely upper zeroblob
"""
FUNCTIONS = frozenset(_FUNCTIONS.split())

# The pragmas that only read; full-text tables themselves use `data_version`.
PRAGMAS = frozenset(
    {
        "data_version",
        "foreign_key_list",
        "index_info",
        "index_list",
        "index_xinfo",
        "table_info",
        "table_list",
        "table_xinfo",
    }
)

# D1's own tables, which nobody may read.
SYSTEM_PREFIX = "_cf_"
