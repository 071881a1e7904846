/**
 * Moves the focus to the view when the focused element disappears, such as a button that removes its own row.
 * Otherwise the browser would restart at the top of the page for users of a keyboard or a screen reader.
 */
export function restoreFocus(): void {
  let last: Element | undefined;
  const isLost = () => last?.isConnected === false && document.activeElement === document.body;
  const restore = () => {
    if (isLost()) document.querySelector('main')?.focus({ preventScroll: true });
  };
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) last = target;
  });
  new MutationObserver(() => {
    // A closing dialog returns the focus to its opener in the next frame, if that still exists.
    if (isLost()) requestAnimationFrame(() => requestAnimationFrame(restore));
  }).observe(document.body, { childList: true, subtree: true });
}
