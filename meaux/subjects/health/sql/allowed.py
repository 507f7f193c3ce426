"""Allowed: the functions of ClickHouse that a statement may call, besides those of every SQL.

They compute from their arguments alone. A new version may have functions that do more, so the list
says what is allowed, and not what isn't.
"""

from __future__ import annotations

import re

_FAMILIES = """
to[A-Z0-9]\\w* parseDateTime\\w* date\\w* add[A-Z]\\w* subtract[A-Z]\\w*
format(DateTime|Readable\\w+) array[A-Z]\\w* JSON\\w* simpleJSON\\w* is[A-Z]\\w* if\\w* multiIf
has has(All|Any|Substr|Token\\w*) count\\w* sum\\w* avg\\w* min\\w* max\\w* any\\w*
arg(Min|Max)\\w* uniq\\w* quantiles?\\w* median\\w* group(Array|Uniq|Bit)\\w* topK\\w* stddev\\w*
var(Pop|Samp)\\w* covar\\w* corr\\w* entropy skew\\w* round\\w* floor ceil\\w* trunc\\w* abs sign
sqrt exp\\d* ln log\\d* pow\\w* intDiv\\w* modulo\\w* least greatest plus minus multiply divide
negate and or not xor equals notEquals less\\w* greater\\w* length\\w* empty notEmpty lower\\w*
upper\\w* substring\\w* position\\w* replace\\w* split[A-Z]\\w* extract\\w* match like ilike
notLike concat\\w* trim\\w* startsWith endsWith left\\w* right\\w* coalesce nullIf tuple
tupleElement map\\w* range indexOf transform reverse(UTF8)? char ascii bit[A-Z]\\w* lag\\w*
lead\\w* row_number rank dense_rank percent_rank ntile first_value last_value nth_value now now64
today yesterday timeSlot\\w* accurateCast\\w* domain\\w* path
"""
_ALLOWED = re.compile("|".join(_FAMILIES.split()))
_NONE = re.compile(r"\w*(columnintable|dict|dictionary|joinget)\w*", re.IGNORECASE)


def is_allowed(name: str) -> bool:
    """Return whether a statement may call a function."""
    return bool(_ALLOWED.fullmatch(name)) and not _NONE.fullmatch(name)
