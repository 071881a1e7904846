import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'boursomatic.theme';
const DARK = '(prefers-color-scheme: dark)';
const listeners = new Set<() => void>();

/** What was chosen; the system's theme unless anything was. */
export function chosenTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Chooses a theme, now and for later visits. `public/theme.js` reads it before the first paint. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage may be forbidden: the choice then holds until the page is closed.
  }
  for (const listener of listeners) listener();
}

/** What is shown now (`light` or `dark`), and what was chosen. */
export function useTheme(): ['light' | 'dark', Theme] {
  const both = useSyncExternalStore(subscribe, () => `${shownTheme()} ${chosenTheme()}`);
  return both.split(' ') as ['light' | 'dark', Theme];
}

function shownTheme(): 'light' | 'dark' {
  const chosen = chosenTheme();
  return chosen === 'system' ? (matchMedia(DARK).matches ? 'dark' : 'light') : chosen;
}

function subscribe(listener: () => void): () => void {
  const media = matchMedia(DARK);
  media.addEventListener('change', listener);
  listeners.add(listener);
  return () => {
    media.removeEventListener('change', listener);
    listeners.delete(listener);
  };
}
