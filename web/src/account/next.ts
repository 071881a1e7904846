/**
 * Where to go after signing in: what the link says, if it is a place on this page. A link must not be able to send
 * somebody who has just typed a password to another site.
 */
export function nextPlace(search: URLSearchParams): string {
  const next = search.get('next') ?? '';
  const isOwn = /^\/(?![/\\])/.test(next) && !/^\/(sign-in|register)\b/.test(next) && !hasControls(next);
  return isOwn ? next : '/recommendations';
}

/** Browsers drop tabs and line ends from addresses, which could make two slashes meet. */
function hasControls(text: string): boolean {
  return [...text].some((character) => character < ' ');
}
