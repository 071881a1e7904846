import { useState, useSyncExternalStore } from 'react';

/** Touch screens send the click some time after the finger has left the screen. */
const CLICK_DELAY_MS = 400;

let isPressed = false;
const listeners = new Set<() => void>();

function press(pressed: boolean): void {
  isPressed = pressed;
  for (const listener of listeners) listener();
}

let timer: ReturnType<typeof setTimeout> | undefined;
const releaseAfter = (milliseconds: number) => {
  clearTimeout(timer);
  timer = setTimeout(() => press(false), milliseconds);
};
const start = () => {
  clearTimeout(timer);
  press(true);
};
const end = () => releaseAfter(CLICK_DELAY_MS);
const click = () => releaseAfter(0);

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    document.addEventListener('pointerdown', start, true);
    document.addEventListener('pointerup', end, true);
    document.addEventListener('pointercancel', end, true);
    document.addEventListener('click', click, true);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    isPressed = false;
    document.removeEventListener('pointerdown', start, true);
    document.removeEventListener('pointerup', end, true);
    document.removeEventListener('pointercancel', end, true);
    document.removeEventListener('click', click, true);
  };
}

/**
 * Holds back a change while the user presses something. A press takes the focus from a field, which then shows or
 * clears its message. If the form moved at that moment, the pressed button would be elsewhere at the release, and the
 * click would be lost.
 */
export function useSteady<T>(value: T): T {
  const isHeld = useSyncExternalStore(subscribe, () => isPressed);
  const [shown, setShown] = useState(value);
  if (isHeld) return shown;
  if (shown !== value) setShown(value);
  return value;
}
