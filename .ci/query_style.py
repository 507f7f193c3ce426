# ruff: noqa: INP001  a script, no package
"""Lint the blocks of the subjects' queries.sql with sqlfluff, each as the SQL that it becomes.

A file of named blocks is no SQL script: its statements have no semicolons, and optional clauses
stand in `[[ … ]]`. So each block is linted by itself, its marks taken away in place, and what is
found is told by file and line. The rules stand in pyproject.toml.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlfluff.core import FluffConfig, Linter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from meaux.query.queries import QUERIES, VIEWS
from meaux.query.queries.reader import Block

MARKS = re.compile(r"\[\[ (?:with [a-z_]+:\s|unless :[a-z_]+ )?|\s?\]\]")
AND_ON_A_COPY = re.compile(r"\s*\[\[ (?!unless)(?:(?!\]\]).)*:copied.*?\]\]", re.DOTALL)
UNLESS_ON_A_COPY = re.compile(r"\s*\[\[ unless :copied.*?\]\]", re.DOTALL)
"""A block has one of these clauses or the other, so it is linted twice."""
ELSEWHERE = re.compile(r"(?:(?<=\boldest\()|(?<=\bknown\())[a-z_.]+")
"""What `oldest(…)` reads, or `known(…)` asks for, need not stand in a FROM clause."""
RESERVED = re.compile(r"(?<=\.)(?:left|right)\b")
"""Names of columns that SQLite takes and sqlfluff's dialect of it doesn't."""


def findings(linter: Linter, block: Block) -> Iterator[str]:
    """What is wrong with a block, a line each."""
    for absent in (AND_ON_A_COPY, UNLESS_ON_A_COPY):
        yield from findings_in(linter, block, absent.sub("", block.written).strip())
        if ":copied" not in block.written:
            return


def findings_in(linter: Linter, block: Block, written: str) -> Iterator[str]:
    """What is wrong with a block as it is written; lines behind a clause that is absent are off."""
    sql = ELSEWHERE.sub("1", RESERVED.sub("side", MARKS.sub("", written))) + "\n"
    before = first_line(block) - 1
    for found in linter.lint_string(sql).get_violations():
        yield (
            f"{block.file.relative_to(Path.cwd())}:{before + found.line_no}:{found.line_pos} "
            f"{found.rule_code()} {found.desc()} ({block.name})"
        )


def first_line(block: Block) -> int:
    """The line of its file on which a block's SQL begins."""
    lines = block.file.read_text(encoding="utf-8").splitlines()
    number = block.line
    while lines[number - 1].startswith("--") or not lines[number - 1].strip():
        number += 1
    return number


def main() -> int:
    """Lint every block; 1 if anything is wrong."""
    linter = Linter(config=FluffConfig.from_root())
    blocks = [*QUERIES.values(), *VIEWS.values()]
    found = [line for block in blocks for line in findings(linter, block)]
    print("\n".join(found) or f"{len(blocks)} blocks of SQL in good style.")  # noqa: T201
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
