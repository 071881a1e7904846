/**
 * The response headers of every file of the page, on every server. The content security policy forbids other origins
 * as well as inline scripts and styles, so that injected markup cannot run.
 */
export const PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** The folder of files with a content hash in their names. They never change. */
export const HASHED_FILES = '/assets/';

/** The Cache-Control header for a file of the page. */
export function cacheControl(path: string): string {
  return path.startsWith(HASHED_FILES) ? 'public, max-age=31536000, immutable' : 'no-cache';
}
