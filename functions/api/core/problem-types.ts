/**
 * Every kind of problem that the API tells of (RFC 9457), by its stable slug: a client may branch on it. The same
 * title each time; the detail says what went wrong this time.
 */
export const PROBLEM_TYPES = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'invalid-cursor': { status: 400, title: 'The cursor is not one of this list' },
  'not-signed-in': { status: 401, title: 'Not signed in' },
  'wrong-credentials': { status: 401, title: 'E-mail or password is wrong' },
  'session-ended': { status: 401, title: 'The session has ended' },
  'consent-required': { status: 403, title: 'The risk consent has not been accepted' },
  'not-allowed': { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  'unknown-instrument': { status: 404, title: 'Unknown instrument' },
  'unknown-model': { status: 404, title: 'Unknown model version' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'In conflict with what is there' },
  'outdated-consent': { status: 409, title: 'Another consent text is current' },
  'gate-refused': { status: 409, title: 'The model does not pass the gate' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is not JSON' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'too-many-attempts': { status: 429, title: 'Too many attempts' },
  'database-unreachable': { status: 503, title: 'Database unreachable' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemType = keyof typeof PROBLEM_TYPES;
