"""The one place that knows physical names: what the product asks for, and where it stands."""

from meaux.schema.binding import Binding, BoundTable, bind, naming, sampled
from meaux.schema.catalog import Catalog, PhysicalTable, introspection, read_catalog
from meaux.schema.model import LogicalColumn, LogicalTable, Model, read_model

__all__ = [
    "Binding",
    "BoundTable",
    "Catalog",
    "LogicalColumn",
    "LogicalTable",
    "Model",
    "PhysicalTable",
    "bind",
    "introspection",
    "naming",
    "read_catalog",
    "read_model",
    "sampled",
]
