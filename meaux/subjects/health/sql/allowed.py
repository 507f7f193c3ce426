"""Allowed: the functions of ClickHouse that a statement may call, besides those of every SQL.

They compute from their arguments alone. A new version may have functions that do more, so the list
says what is allowed, and not what isn't.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FAMILIES = """
to[A-Z0-9]\\w* parseDateTime\\w* date\\w* add[A-Z]\\w* subtract[A-Z]\\w*
format(DateTime|Readable\\w+) array[A-Z]\\w* JSON\\w* simpleJSON\\w* is[A-Z]\\w* if\\w* multiIf
has has(All|Any|Substr|Token\\w*) count\\w* sum\\w* avg\\w* min\\w* max\\w* any\\w*
arg(Min|Max)\\w* uniq\\w* quantiles?\\w* median\\w* group(Array|Uniq|Bit|Concat)\\w* topK\\w*
stddev\\w* var(Pop|Samp)\\w* covar\\w* corr\\w* entropy skew\\w* round\\w* floor ceil\\w*
trunc\\w* abs sign sqrt exp\\d* ln log\\d* pow\\w* intDiv\\w* modulo\\w* least greatest plus minus
multiply divide negate and or not xor equals notEquals less\\w* greater\\w* length\\w* empty
notEmpty lower\\w* upper\\w* substring\\w* position\\w* replace\\w* split[A-Z]\\w* extract\\w*
match like ilike notLike concat\\w* trim\\w* startsWith endsWith left\\w* right\\w* coalesce
nullIf tuple tupleElement map\\w* range indexOf transform reverse(UTF8)? char ascii bit[A-Z]\\w*
lag\\w* lead\\w* row_number rank dense_rank percent_rank ntile first_value last_value nth_value
now now64 today yesterday timeSlot\\w* accurateCast\\w* domain\\w* path assumeNotNull
visitParam\\w* bar fromUnixTimestamp\\w* makeDate\\w*
"""
_STATES = "\\w*(State|Merge|Resample|Foreach|ForEach)"
"""The ends of the names of functions whose results can't be shown, or need much memory."""
_ALLOWED = re.compile("|".join(_FAMILIES.split()))
_NONE = re.compile(r"\w*(columnintable|dict|dictionary|joinget)\w*", re.IGNORECASE)

_SYNTAX = frozenset(
    """
    ALL AND ANY ARRAY AS BETWEEN BY CASE CAST CROSS CUBE DISTINCT ELSE EXCEPT EXISTS FILTER FROM
    GROUPING HAVING ILIKE IN INTERSECT INTERVAL IS JOIN LIKE LIMIT NOT OFFSET ON OR OVER PREWHERE
    QUALIFY REPLACE ROLLUP SELECT SETS STEP THEN TO UNION USING VALUES WHEN WHERE WITH WITHIN
    """.split()  # noqa: SIM905  a list of words is read more easily so
)
_TYPES = frozenset(
    """
    Array DateTime DateTime64 Decimal Enum16 Enum8 FixedString LowCardinality Map Nested Nullable
    Tuple
    """.split()  # noqa: SIM905
)
_STANDARD = frozenset(
    """
    ACOS ACOSH ARRAY_AGG ASIN ASINH ATAN ATAN2 ATANH BASE64 BOOL_AND BOOL_OR CBRT CHAR_LENGTH
    CITYHASH64 CONVERT COS COSH CUME_DIST CURRENT_DATE CURRENT_TIMESTAMP DAY DAYOFMONTH DAYOFWEEK
    DAYOFYEAR DEGREES EDITDISTANCE FORMAT FROMUNIXTIMESTAMP GREATEST HEX HOUR INITCAP LAST_DAY LCASE
    LPAD MD5 MINUTE MONTH MONTHNAME NVL PI QUARTER RADIANS REGEXP_EXTRACT REGEXP_REPLACE
    REGEXP_SUBSTR REPEAT RPAD SECOND SHA1 SHA256 SIGNUM SIN SINH SPLIT_PART SUBSTR TAN TANH
    TIMESTAMPDIFF TIMESTAMP_DIFF TRANSLATE UCASE UNHEX WEEK WIDTH_BUCKET YEAR
    """.split()  # noqa: SIM905
)
"""Functions that the parser names in its own way, besides the families."""
_ANY_CASE = re.compile(_ALLOWED.pattern, re.IGNORECASE)
_CALLED = re.compile(
    r"""
      '(?:[^'\\]|\\.|'')*+'
    | "(?:[^"\\]|\\.|"")*+"
    | `(?:[^`\\]|\\.|``)*+`
    | (?P<word>[A-Za-z_]\w*(?=\s*\() | (?:CURRENT|SESSION)_\w+)
    | \w+
    """,
    re.VERBOSE,
)


def is_allowed(name: str) -> bool:
    """Return whether a statement may call a function."""
    return bool(_ALLOWED.fullmatch(name)) and not _is_barred(name)


def not_allowed_in(sent: str) -> Iterator[str]:
    """Yield the functions in a statement as it is sent that it may not call.

    The parser writes some functions in capitals, and others instead of what it read. Every name in
    the statement is quoted, so a word before a bracket is a function, a type or a keyword.
    """
    for found in _CALLED.finditer(sent):
        word = found["word"]
        if word and not _is_known(word):
            yield word


def _is_known(word: str) -> bool:
    if word.upper() in _SYNTAX | _STANDARD or word in _TYPES:
        return True
    return bool(_ANY_CASE.fullmatch(word)) and not _is_barred(word)


def _is_barred(name: str) -> bool:
    return bool(_NONE.fullmatch(name) or re.fullmatch(_STATES, name))
