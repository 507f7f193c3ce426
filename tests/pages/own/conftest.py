"""A folder of cards that the pages read."""

import pytest


@pytest.fixture
def cards(world, tmp_path):
    """Write cards by name into the folder; without any, the folder is empty."""
    folder = tmp_path / "cards"
    folder.mkdir()
    world.setenv("MEAUX_CARDS", str(folder))

    def write(**texts):
        for name, text in texts.items():
            (folder / f"{name}.sql").write_text(text, encoding="utf-8")
        return folder

    return write
