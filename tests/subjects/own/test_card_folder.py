"""The folder of cards: what is read of it, whatever lies in it."""

import os

from meaux.subjects.own import folder as folder_of_cards
from meaux.subjects.own.folder import MOST_BYTES, MOST_FILES, faults_of, files


def reasons(path):
    return {file.name: file.fault.reason for file in files(path) if file.fault}


def test_there_is_no_card_where_there_is_no_folder(tmp_path):
    assert files(tmp_path / "none") == ()
    assert faults_of(tmp_path / "none", "cards") == []
    [fault] = faults_of(tmp_path / "none", "elsewhere")
    assert fault.sentence == "MEAUX_CARDS: there is no folder none. No card of it is shown."


def test_cards_stand_in_the_order_that_they_say_then_by_name(folder):
    path = folder(
        b="SELECT 1", A="SELECT 1", last="-- order: 9\nSELECT 1", x="-- order: -1\nSELECT 1"
    )
    (path / "notes.txt").write_text("not a card")
    (path / ".hidden.sql").write_text("not a card")
    (path / "more").mkdir()
    assert [file.stem for file in files(path)] == ["x", "A", "b", "last"]


def test_a_file_without_a_title_is_titled_by_its_name(folder):
    [file] = files(folder(revenue_by_month="SELECT 1"))
    assert file.title == "Revenue by month"
    assert file.about == "A card of your own: cards/revenue_by_month.sql."


def test_a_file_is_read_again_when_it_changes_and_only_then(folder):
    path = folder(one="-- title: Old\nSELECT 1", other="SELECT 2")
    first, other = files(path)
    assert files(path) == (first, other)
    folder(one="-- title: Newer\nSELECT 1")
    changed, same = files(path)
    assert (changed.title, same) == ("Newer", other)
    (path / "one.sql").unlink()
    assert files(path) == (other,)


def test_a_byte_order_mark_and_the_line_ends_of_windows_change_nothing(folder):
    path = folder(card=b"\xef\xbb\xbf-- title: Mine\r\n-- chart: bars\r\nSELECT\r\n1")
    [file] = files(path)
    assert (file.title, file.heading.chart, file.fault) == ("Mine", "bars", None)
    assert file.sql == "\n\nSELECT\n1"


def test_what_is_no_text_is_said(folder):
    path = folder(
        latin="-- title: caf\xe9\nSELECT 1".encode("latin-1"),
        binary=b"SELECT 1\0",
        picture=b"\x89PNG\r\n\x1a\n\0\xff",
        huge=b"-" * (MOST_BYTES + 1),
        empty=b"",
    )
    assert reasons(path) == {
        "cards/latin.sql": "it is not written in UTF-8; save it as UTF-8",
        "cards/binary.sql": "it isn't a text: it has a zero byte",
        "cards/picture.sql": "it is not written in UTF-8; save it as UTF-8",
        "cards/huge.sql": "it is larger than 64 kB",
        "cards/empty.sql": "there is no SELECT below the heading",
    }


def test_a_link_may_not_lead_out_of_the_folder(folder, tmp_path):
    (tmp_path / "secrets.sql").write_text("SELECT 'secret'")
    path = folder(real="SELECT 1")
    (path / "out.sql").symlink_to(tmp_path / "secrets.sql")
    (path / "inside.sql").symlink_to(path / "real.sql")
    (path / "gone.sql").symlink_to(path / "none.sql")
    (path / "round.sql").symlink_to(path / "round.sql")
    said = reasons(path)
    assert said.pop("cards/out.sql").startswith("it links to a file outside of the folder")
    assert said.pop("cards/gone.sql") == "it can't be read: No such file or directory"
    assert said.pop("cards/round.sql").startswith("it can't be read")
    assert said == {}
    assert "secret" not in "".join(file.sql for file in files(path))


def test_a_folder_that_is_a_link_itself_is_read(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder(card="SELECT 1"))
    assert [file.fault for file in files(tmp_path / "link")] == [None]


def test_a_pipe_or_a_folder_named_like_a_card_is_not_opened(folder):
    path = folder()
    os.mkfifo(path / "pipe.sql")
    (path / "folder.sql").mkdir()
    said = "it isn't a file"
    assert reasons(path) == {"cards/folder.sql": said, "cards/pipe.sql": said}


def test_a_file_that_may_not_be_read_is_said(folder, monkeypatch):
    path = folder(card="SELECT 1")

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(folder_of_cards.Path, "open", refused)
    assert folder_of_cards._opened(path, path / "card.sql").fault.reason == (
        "it can't be read: Permission denied"
    )


def test_more_files_than_can_be_read_are_left_out_and_counted(folder):
    path = folder(**{f"card{n:03}": "SELECT 1" for n in range(MOST_FILES + 2)})
    assert len(files(path)) == MOST_FILES
    [fault] = faults_of(path, "cards")
    assert fault.sentence == (
        "cards: 102 files; at most 100 are read. The last ones by name are left out."
    )


def test_a_strange_name_is_shown_without_its_invisible_characters(folder):
    path = folder(**{"a\N{RIGHT-TO-LEFT OVERRIDE}\n<b>": "SELECT 1"})
    [file] = files(path)
    assert file.name == "cards/a??<b>.sql"
