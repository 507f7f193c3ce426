"""Schema: logical tables and columns, and their mapping to physical names."""

from meaux.data.schema.binding import Binding, bind, counting
from meaux.data.schema.bound import BoundTable
from meaux.data.schema.catalog import (
    Catalog,
    Index,
    PhysicalTable,
    introspection,
    makers,
    read_catalog,
    unreadable,
)
from meaux.data.schema.model import LogicalColumn, LogicalTable, Model, mapped, quoted, read_model
from meaux.data.schema.names import naming
from meaux.data.schema.sampling import sampled
from meaux.data.schema.sizes import Size

__all__ = [
    "Binding",
    "BoundTable",
    "Catalog",
    "Index",
    "LogicalColumn",
    "LogicalTable",
    "Model",
    "PhysicalTable",
    "Size",
    "bind",
    "counting",
    "introspection",
    "makers",
    "mapped",
    "naming",
    "quoted",
    "read_catalog",
    "read_model",
    "sampled",
    "unreadable",
]
