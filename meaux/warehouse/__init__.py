"""Warehouse: copies a database to ClickHouse, as the logical model.

A source is read by the same statements as the pages: `units` has one for each logical table. A
table is copied by months. A month is loaded if anything that its rows depend on has changed, and
takes the place of the old one at once. So a run can be stopped at any time, and the next one loads
what is left.
"""

from meaux.warehouse.lag import Lag, lagging, newest_rows
from meaux.warehouse.mirror import Allowance, Mirror, behind
from meaux.warehouse.reading import Reader
from meaux.warehouse.run import Outcome, load
from meaux.warehouse.target import Copied, Target

__all__ = [
    "Allowance",
    "Copied",
    "Lag",
    "Mirror",
    "Outcome",
    "Reader",
    "Target",
    "behind",
    "lagging",
    "load",
    "newest_rows",
]
