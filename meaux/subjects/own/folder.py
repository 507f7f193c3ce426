"""The folder of cards: its `.sql` files, each read again when it changes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from meaux.data.faults import Fault
from meaux.data.settings import PROJECT, SETTINGS
from meaux.subjects.own.heading import MY_CARDS, Heading, Mistake, read
from meaux.subjects.page import titles
from meaux.wording import whole

MOST_FILES = 100
MOST_BYTES = 64_000
"""Of one file: less than D1's limit for a statement."""
LONGEST_NAME = 100

EFFECT = "This card is not shown until that is corrected."
NO_FOLDER = "No card of it is shown."

WHOLE_DATABASE = ("Alerts", "Data")
"""The pages without cards of one's own: period and filters don't apply there."""

_Seen = tuple[str, int, int, int]


@dataclass(frozen=True, eq=False)
class CardFile:
    """A file as read once: the same object as long as the file stays the same.

    - `name`: how it is named to people, `cards/revenue.sql`; `stem` is the name without its end.
    - `sql`: below as many empty lines as the heading has, so that its lines are the file's.
    - `fault`: the mistake in its heading, or why it can't be read; otherwise None.
    """

    name: str
    stem: str
    heading: Heading
    sql: str
    fault: Fault | None = None

    @property
    def title(self) -> str:
        """The title of the card; without one, the file's name in words."""
        words = " ".join(self.stem.replace("_", " ").replace("-", " ").split())
        return self.heading.title or f"{words[:1].upper()}{words[1:]}" or "Card"

    @property
    def about(self) -> str:
        """The help text of the card."""
        return self.heading.about or f"A card of your own: {self.name}."

    def wrong(self, mistake: Mistake) -> Fault:
        """Return a mistake in it as a fault."""
        entry = f"line {mistake.line}" if mistake.line else ""
        return Fault(self.name, entry, mistake.reason, EFFECT)


_lock = Lock()
_read: dict[Path, tuple[_Seen, CardFile]] = {}


def folder_of(setting: str) -> Path:
    """Return the folder that the setting names; a relative one is beside `app.py`."""
    return PROJECT / Path(setting).expanduser()


def pages() -> tuple[str, ...]:
    """Return the titles of the pages that a heading may name, besides that of own cards."""
    return tuple(title for title in titles() if title not in (MY_CARDS, *WHOLE_DATABASE))


def files(folder: Path) -> tuple[CardFile, ...]:
    """Return the cards of a folder in their order; none if there is no such folder.

    A file that can't be used has a fault. At most `MOST_FILES` are read.
    """
    found = list(_listed(folder))
    cards = [_card(folder, entry) for entry in found[:MOST_FILES]]
    with _lock:
        here = {folder / entry.name for entry in found}
        for path in [path for path in _read if path.parent == folder and path not in here]:
            del _read[path]
    return tuple(sorted(cards, key=lambda card: (card.heading.order, card.stem.lower())))


def faults_of(folder: Path, setting: str) -> list[Fault]:
    """Return what is wrong with the folder itself: it isn't there, or has too many files.

    The folder of the default need not be there.
    """
    if not folder.is_dir():
        missing = Fault("MEAUX_CARDS", "", f"there is no folder {folder.name}", NO_FOLDER)
        return [missing] if setting != SETTINGS["cards_folder"].default else []
    over = len(list(_listed(folder))) - MOST_FILES
    if over <= 0:
        return []
    reason = f"{MOST_FILES + over} files; at most {MOST_FILES} are read"
    return [Fault(folder.name, "", reason, "The last ones by name are left out.")]


def _listed(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            named = [e for e in entries if e.name.lower().endswith(".sql") and e.name[0] != "."]
    except OSError:
        return
    yield from sorted(named, key=lambda entry: entry.name)


def _card(folder: Path, entry: os.DirEntry[str]) -> CardFile:
    """Return a card as read before, if its file hasn't changed since."""
    path = folder / entry.name
    try:
        now = entry.stat()
        seen: _Seen = (entry.name, now.st_mtime_ns, now.st_size, now.st_ino)
    except OSError:
        seen = (entry.name, 0, 0, 0)
    with _lock:
        known = _read.get(path)
        if known is None or known[0] != seen:
            _read[path] = known = (seen, _opened(folder, path))
        return known[1]


def _opened(folder: Path, path: Path) -> CardFile:
    shown = "".join(c if c.isprintable() else "?" for c in whole(path.name))[:LONGEST_NAME]
    name, stem = f"{folder.name}/{shown}", shown[: -len(".sql")]
    try:
        text = _text(folder, path)
    except Mistake as mistake:
        broken = CardFile(name, stem, Heading(), "")
        return CardFile(name, stem, Heading(), "", broken.wrong(mistake))
    heading, sql, first = read(text, pages())
    card = CardFile(name, stem, heading, sql)
    return CardFile(name, stem, heading, sql, card.wrong(first)) if first else card


def _text(folder: Path, path: Path) -> str:
    """Return the text of a file; raise a Mistake if it has none that may be read."""
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise Mistake(0, "it links to a file outside of the folder; copy the file itself")
        # Only a file is opened: to open a pipe would wait for its writer.
        if not stat.S_ISREG(path.stat().st_mode):
            raise Mistake(0, "it isn't a file")
        with path.open("rb") as opened:
            given = opened.read(MOST_BYTES + 1)
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "its links go in a circle"
        raise Mistake(0, f"it can't be read: {why}") from None
    if len(given) > MOST_BYTES:
        raise Mistake(0, f"it is larger than {MOST_BYTES // 1_000} kB")
    try:
        text = given.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Mistake(0, "it is not written in UTF-8; save it as UTF-8") from None
    if "\0" in text:
        raise Mistake(0, "it isn't a text: it has a zero byte")
    return text.replace("\r\n", "\n").replace("\r", "\n")
