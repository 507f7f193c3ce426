"""The command line: the help of each command."""

from collections.abc import Iterator
from typing import Any

WIDTH = 88
"""Characters in a line of a command's help."""


def page(root: Any) -> Iterator[str]:
    """Yield the lines of the page of the command line."""
    yield "# Command line\n"
    yield "Run in the repository with its virtual environment active. Results go to stdout, all"
    yield "other messages to stderr.\n"
    yield from _help(root, ())
    for name, command in root.commands.items():
        yield f"## {name}\n"
        yield from _help(command, (name,))
        for part, inner in getattr(command, "commands", {}).items():
            yield f"### {name} {part}\n"
            yield from _help(inner, (name, part))


def _help(command: Any, names: tuple[str, ...]) -> Iterator[str]:
    program = " ".join(("python -m meaux", *names))
    context = command.context_class(command, info_name=program, terminal_width=WIDTH)
    yield f"```\n{command.get_help(context)}\n```\n"
