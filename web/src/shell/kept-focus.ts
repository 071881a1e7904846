/**
 * Gives the focus to the view where what had it is gone, as a button that vanishes with what it was for. The browser
 * would begin again at the top of the page, which whoever goes by key or by ear would have to go through once more.
 */
export function keepFocus(): void {
  let last: Element | undefined;
  const isLost = () => last?.isConnected === false && document.activeElement === document.body;
  const give = () => {
    if (isLost()) document.querySelector('main')?.focus({ preventScroll: true });
  };
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) last = target;
  });
  new MutationObserver(() => {
    // A dialog that closes gives the focus back in the next frame, to what had opened it, if that is still there.
    if (isLost()) requestAnimationFrame(() => requestAnimationFrame(give));
  }).observe(document.body, { childList: true, subtree: true });
}
