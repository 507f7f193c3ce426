"""Every query and view of the product, read once from the `.sql` files beside this one."""

from pathlib import Path

from meaux.queries.reader import read_files
from meaux.schema import read_model

QUERIES, VIEWS = read_files(sorted(Path(__file__).parent.glob("*.sql")), read_model())
