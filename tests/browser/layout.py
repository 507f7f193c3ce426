"""What holds once a page is laid out: whether it fits, and what no locator can expect."""

from time import monotonic

from playwright.sync_api import expect

PATIENCE = 60
"""How many seconds a test waits for what it expects."""
BESIDE_FIRST_ROW = {"x": 18, "y": 55}
"""Where a table, which is drawn as one picture, has the box that chooses its first row."""

WIDER = """async box => {
    const late = performance.now() + 30_000;
    let wider, fitting = 0;
    while (fitting < 3 && performance.now() < late) {
        await new Promise(done => requestAnimationFrame(done));
        wider = box.scrollWidth - box.clientWidth;
        fitting = wider > 1 ? 0 : fitting + 1;
    }
    return wider;
}"""
"""How many pixels its content is wider than a box: until it fits in three frames, or for 30 s."""
A_FRAME = "() => new Promise(done => requestAnimationFrame(done))"


def fits(box):
    """Whether nothing in a box is wider than it, once Streamlit has laid the page out anew."""
    return box.evaluate(WIDER) <= 1


def becomes(page, read, wanted):
    """Read something from a page, frame after frame, until it is what is wanted; fail if never."""
    late = monotonic() + PATIENCE
    while (found := read()) != wanted and monotonic() < late:
        page.evaluate(A_FRAME)
    assert found == wanted


def has_rows(place):
    """Wait until the first table of a place has its rows; returns the table."""
    table = place.get_by_test_id("stDataFrame").first
    expect(table.locator("td").first).to_be_attached()
    return table


def click_first_row(page):
    """Choose the first row of the first table of a page, once it is there."""
    has_rows(page).click(position=BESIDE_FIRST_ROW)
