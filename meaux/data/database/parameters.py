"""Parameters of a statement: text, as D1 accepts nothing else."""

import math

from meaux.data.database.limits import PARAMETERS, SQL_BYTES
from meaux.data.database.protocol import Statement, Value
from meaux.errors import QueryError


def texts(statement: Statement) -> list[str]:
    """Return the parameters as text for D1.

    Raises:
        QueryError: The SQL or the number of parameters exceeds D1's limits, or a parameter can't
            be a text: D1 takes neither null nor a number that isn't finite.
    """
    size = len(statement.sql.encode("utf-8", "surrogatepass"))
    if size > SQL_BYTES:
        raise _not_sent(f"the SQL has {size:,} bytes; D1 allows {SQL_BYTES:,}")
    count = len(statement.params)
    if count > PARAMETERS:
        raise _not_sent(
            f"it has {count:,} parameters; D1 allows {PARAMETERS}: pass a list as one JSON text"
        )
    return [text(place, value) for place, value in enumerate(statement.params, start=1)]


def text(place: int, value: Value) -> str:
    """Return a parameter as text.

    Raises:
        QueryError: It can't be one.
    """
    if value is None:
        raise _not_sent(f"parameter ?{place} is null: leave its clause out, or write NULL in SQL")
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and not math.isfinite(value):
        raise _not_sent(f"parameter ?{place} is {value}, which D1 can't read")
    return str(value)


def _not_sent(reason: str) -> QueryError:
    return QueryError(reason, f"The query was not sent: {reason}.")
