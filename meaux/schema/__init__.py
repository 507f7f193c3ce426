"""The one place that knows physical names: what the product asks for, and where it stands."""

from meaux.schema.binding import Binding, bind, counting
from meaux.schema.bound import BoundTable
from meaux.schema.catalog import (
    Catalog,
    Index,
    PhysicalTable,
    introspection,
    makers,
    read_catalog,
    unreadable,
)
from meaux.schema.model import LogicalColumn, LogicalTable, Model, mapped, quoted, read_model
from meaux.schema.names import naming
from meaux.schema.sampling import sampled
from meaux.schema.sizes import Size

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
