import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'boursomatic.theme';
const DARK = '(prefers-color-scheme: dark)';
const listeners = new Set<() => void>();

/** The chosen theme; `system` unless the user chose another. */
function chosenTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Applies and stores a theme. `public/theme.js` reads it before the first paint. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Browsers may forbid storage. The choice then lasts until the page is closed.
  }
  for (const listener of listeners) listener();
}

/** The theme that is shown now, and the chosen one. */
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
