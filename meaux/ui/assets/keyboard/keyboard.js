const TOOLBAR = '[data-testid="stElementToolbar"]';
const TABLE = '[data-testid="data-grid-canvas"]';
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

let focused = null;

/** Note what has the focus. */
function note({ target }) {
  focused = target;
}

/** Give the focus back to a button that was disabled while it made a file. */
function giveBack(changes) {
  const isAble = changes.some(({ target }) => target === focused && !target.disabled);
  if (isAble && document.activeElement === document.body) focused.focus({ preventScroll: true });
}

/** Leave a table or a toolbar with one Tab; arrow keys move inside, as ARIA's patterns say. */
function move(event) {
  const { key, target } = event;
  if (key === "Tab" && target.closest(TABLE)) event.stopPropagation();
  const buttons = [...(target.closest(TOOLBAR)?.querySelectorAll("button") ?? [])];
  const place = buttons.indexOf(target);
  if (place < 0) return;
  if (key === "Tab") skip(buttons.filter((button) => button !== target), target);
  if (!(key in STEPS)) return;
  buttons.at((place + STEPS[key]) % buttons.length).focus();
  event.preventDefault();
}

/** Keep Tab from stopping at these elements until it has left the one that has the focus. */
function skip(elements, from) {
  for (const element of elements) {
    const before = element.getAttribute("tabindex");
    const putBack = () =>
      before === null ? element.removeAttribute("tabindex") : element.setAttribute("tabindex", before);
    element.tabIndex = -1;
    from.addEventListener("blur", putBack, { once: true });
  }
}

/** Mend what Streamlit's buttons, toolbars and tables do with the keyboard. */
export default function () {
  const watch = new MutationObserver(giveBack);
  watch.observe(document.body, { attributeFilter: ["disabled"], subtree: true });
  document.addEventListener("focusin", note);
  document.addEventListener("keydown", move, true);
  return () => {
    watch.disconnect();
    document.removeEventListener("focusin", note);
    document.removeEventListener("keydown", move, true);
  };
}
