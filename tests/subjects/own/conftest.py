"""Cards of one's own, written into a folder and made on the demo or another database."""

import pytest

from meaux.data.plan import Plan
from meaux.data.schema.secrets import Secrecy
from meaux.query.filters import Selection
from meaux.query.needs import Request, meet
from meaux.subjects.own.folder import files
from meaux.subjects.own.parts import parts


@pytest.fixture
def folder(tmp_path):
    """A folder of cards, in which to write files by name: text or bytes."""
    path = tmp_path / "cards"
    path.mkdir()

    def write(**texts):
        for name, text in texts.items():
            given = text if isinstance(text, bytes) else text.encode()
            (path / f"{name}.sql").write_bytes(given)
        return path

    return write


@pytest.fixture
def part_of(folder, demo_source):
    """The part of a card with this text."""

    def part_of(text, source=demo_source, *, may_sql=True, secrecy=None):
        [file] = files(folder(card=text))
        given = (source.binding, source.catalog, secrecy or Secrecy())
        [part] = parts([file], *given, may_sql)
        return part

    return part_of


@pytest.fixture
def own(part_of, select, reading, demo_source):
    """The card with this text, as a page gets it."""

    def own(text, selection="30d", source=demo_source, **how):
        chosen = selection if isinstance(selection, Selection) else select(selection)
        part = part_of(text, source, **how)
        request = Request(chosen, Plan(), source.binding)
        return meet([part], request, *reading(source)).of(part)

    return own


@pytest.fixture
def rows_of(own):
    """The rows of a card's table as plain values."""

    def rows_of(*given, **how):
        shown = own(*given, **how).shown
        assert shown.answer.state == "ready", shown.answer.reason
        frame = shown.answer.frame if shown.file is None else shown.file
        return [tuple(row) for row in frame.itertuples(index=False)]

    return rows_of


@pytest.fixture
def fault_of(part_of):
    """The mistake in a card, in words; empty if there is none."""

    def fault_of(*given, **how):
        fault = part_of(*given, **how).fault
        return (
            fault.sentence.removesuffix(" This card is not shown until that is corrected.")
            if (fault)
            else ""
        )

    return fault_of
