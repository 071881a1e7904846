const DEFAULT_TARGET = '/recommendations';

/**
 * The path to open after signing in: the `next` parameter, if it is a path of this site. This prevents an open
 * redirect, by which a link could send a user who has just typed a password to another site.
 */
export function redirectTarget(search: URLSearchParams): string {
  const next = search.get('next');
  if (next === null) return DEFAULT_TARGET;
  const isSafe =
    /^\/(?![/\\])/.test(next) && !/^\/(sign-in|register)\b/.test(next) && !hasControlCharacters(next);
  return isSafe ? next : DEFAULT_TARGET;
}

/** Browsers remove tabs and line breaks from URLs, so `/<tab>/host` would become `//host`. */
function hasControlCharacters(text: string): boolean {
  return [...text].some((character) => character < ' ');
}
