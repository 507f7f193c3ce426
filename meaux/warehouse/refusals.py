"""Refusals: what the errors of the database to fill mean, and what to do."""

from __future__ import annotations

from meaux.data.warehouse.address import Address

TAKEN, REFUSED, NO_RIGHT = 57, (192, 193, 194, 516), (164, 497)
"""ClickHouse's numbers of errors."""


def sentence(address: Address, error: Exception) -> str:
    """Return what an error of the driver means and what to do, without a secret."""
    # Other commands don't wait for the driver.
    from meaux.data.database.clickhouse.failures import unanswered  # noqa: PLC0415

    code = getattr(error, "code", None)
    where = address.title
    if code in REFUSED:
        return f"{where} refused the user or the password. Check MEAUX_WAREHOUSE."
    if code in NO_RIGHT:
        return (
            f"The user of MEAUX_WAREHOUSE may not write to {where}. Give it all rights on the "
            "database."
        )
    if code == TAKEN:
        return f"{where} has other tables of the same names. Use a database for the copy alone."
    if code is None:
        return str(unanswered(error, where, "MEAUX_WAREHOUSE", "Run again to go on."))
    return f"{where} refused a statement: {str(error).splitlines()[0][:300]}"
