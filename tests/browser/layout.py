"""What is wrong with a page as it is painted: cut off, beside the screen, one over another."""

from typing import Final

# The controls in sight: too small for a glove, off the screen, or cut off.
REACH_FAULTS: Final = """() => {
  const faults = [];
  const controls = "a.btn, button, label.btn, label.glass, .mode, .key";
  for (const one of document.querySelectorAll(controls)) {
    const box = one.getBoundingClientRect();
    if (!one.checkVisibility({visibilityProperty: true}) || box.width === 0) continue;
    const name = one.textContent.trim().replace(/\\s+/g, " ");
    if (box.width < 48 || box.height < 48) faults.push(`${name}: ${box.width} x ${box.height} px`);
    if (box.left < 0 || box.right > innerWidth) faults.push(`${name}: beside the screen`);
    if (box.bottom > innerHeight && !one.closest("main")) faults.push(`${name}: below the screen`);
    if (one.scrollWidth > one.clientWidth + 1) faults.push(`${name}: cut off`);
  }
  return faults;
}"""

# Words are looked at where they are painted: each line of each text, as far as it is in sight.
LAYOUT_FAULTS: Final = """() => {
  const faults = [];
  const wide = document.scrollingElement.scrollWidth - innerWidth;
  if (wide > 0) faults.push(`the page is ${wide} px too wide`);

  const isShown = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && !one.closest(".sr, [aria-hidden=true], .flash, #toast, details:not([open]) > :not(summary)");
  const name = (text) => text.trim().replace(/\\s+/g, " ").slice(0, 40);

  const AXES = [["overflowX", "left", "right"], ["overflowY", "top", "bottom"]];
  // The part of a box that its ancestors let through; what scrolls may be scrolled into sight.
  const visible = (one, box) => {
    const rest = {left: box.left, right: box.right, top: box.top, bottom: box.bottom};
    let cut = false;
    for (let up = one; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.clipPath !== "none") return {cut: false, box: null}; // for screen readers only
      const frame = up.getBoundingClientRect();
      for (const [axis, from, to] of AXES) {
        if (style[axis] === "visible") continue;
        if ((rest[from] < frame[from] - 1 || rest[to] > frame[to] + 1)
            && ["hidden", "clip"].includes(style[axis])) cut = true;
        rest[from] = Math.max(rest[from], frame[from]);
        rest[to] = Math.min(rest[to], frame[to]);
      }
    }
    const shows = rest.right - rest.left > 1 && rest.bottom - rest.top > 1;
    return {cut, box: shows ? rest : null};
  };

  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || !parent || parent.closest("script, svg") || !isShown(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      const {cut, box: rest} = visible(parent, box);
      if (cut) faults.push(`cut off: ${name(node.data)}`);
      if (rest && (rest.left < -1 || rest.right > innerWidth + 1))
        faults.push(`beside the screen: ${name(node.data)}`);
      if (rest) lines.push({parent, node, ...rest});
    }
  }
  for (const control of document.querySelectorAll(".btn, .mode, .key, .input, .chip")) {
    if (!isShown(control)) continue;
    const box = control.getBoundingClientRect();
    const {cut} = visible(control.parentElement, box);
    const text = name(control.textContent || control.name);
    if (cut) faults.push(`control cut off: ${text}`);
    const stickOut = control.scrollWidth > control.clientWidth + 1;
    if (stickOut && !control.matches(".input")) faults.push(`words stick out: ${text}`);
  }
  const pinned = (one) => one.closest(".dock, .go, .topbar, scan-form, .finder");
  lines.forEach((one, index) => {
    for (const other of lines.slice(index + 1)) {
      if (one.node === other.node || pinned(one.parent) !== pinned(other.parent)) continue;
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      const high = Math.min(one.bottom - one.top, other.bottom - other.top);
      if (across > 2 && down > 0.35 * high)
        faults.push(`one over another: ${name(one.node.data)} / ${name(other.node.data)}`);
    }
  });
  return [...new Set(faults)];
}"""
