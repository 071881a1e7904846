import { useSyncExternalStore } from 'react';

/** Whether a media query matches; the component renders again when it changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );
}

/** Width from which the list is a table. list.css repeats it. */
export const WIDE = '(min-width: 60rem)';
