const OPEN =
  '[role="dialog"], [role="menu"], [role="listbox"], [data-testid="stPopoverBody"]';

let told = "";

/** Tell the server why nobody is looking: the tab is hidden, or a dialog or menu is open. */
export default function ({ setStateValue }) {
  const tell = () => {
    const now = document.hidden ? "hidden" : document.querySelector(OPEN) ? "busy" : "";
    if (now === told) return;
    told = now;
    setStateValue("away", now);
  };
  const watch = new MutationObserver(tell);
  watch.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("visibilitychange", tell);
  tell();
  return () => {
    watch.disconnect();
    document.removeEventListener("visibilitychange", tell);
  };
}
