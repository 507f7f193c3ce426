"""What a subject is about."""

from importlib import import_module


def about(package: str) -> str:
    """Return the subject of a package, as the package itself calls it."""
    return str(import_module(package).__doc__).partition(":")[0]
