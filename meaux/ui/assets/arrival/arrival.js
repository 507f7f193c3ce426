let shown = null;

/** Scroll an open drawer to its top and focus its heading, if it shows something else than before. */
export default function ({ data }) {
  if (data.view === shown) return;
  shown = data.view;
  const heading = document.querySelector(`[role="dialog"] .st-key-${data.heading}`);
  if (!heading) return;
  for (let around = heading.parentElement; around; around = around.parentElement) around.scrollTop = 0;
  heading.tabIndex = -1;
  heading.style.outline = "none";
  heading.focus({ preventScroll: true });
}
