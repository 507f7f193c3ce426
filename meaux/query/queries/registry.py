"""Every query and view of the product, read once from the `.sql` files of the subjects."""

from pathlib import Path

from meaux.data.schema import read_model
from meaux.query.queries.reader import read_files

_HERE = Path(__file__).parent
_SUBJECTS = _HERE.parents[1] / "subjects"

FILES = [*sorted(_HERE.glob("*.sql")), *sorted(_SUBJECTS.glob("*/queries.sql"))]
"""Where queries stand: those of no subject beside this file."""

QUERIES, VIEWS = read_files(FILES, read_model())
