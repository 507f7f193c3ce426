"""Whether a page fits its window."""

WIDER = """async box => {
    const late = performance.now() + 10_000;
    let wider, fitting = 0;
    while (fitting < 3 && performance.now() < late) {
        await new Promise(done => requestAnimationFrame(done));
        wider = box.scrollWidth - box.clientWidth;
        fitting = wider > 1 ? 0 : fitting + 1;
    }
    return wider;
}"""
"""How many pixels its content is wider than a box: until it fits in three frames, or for 10 s."""


def fits(box):
    """Whether nothing in a box is wider than it, once Streamlit has laid the page out anew."""
    return box.evaluate(WIDER) <= 1
