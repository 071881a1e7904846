/**
 * Every type of problem that the API returns (RFC 9457), by its stable slug. The title depends on the type alone; the
 * detail of each problem says what went wrong.
 */
export const PROBLEM_TYPES = {
  'invalid-request': { status: 400, title: 'Invalid request' },
  'invalid-cursor': { status: 400, title: 'Invalid cursor' },
  'not-signed-in': { status: 401, title: 'Not signed in' },
  'api-key-refused': { status: 401, title: 'API key refused' },
  'wrong-credentials': { status: 401, title: 'Wrong e-mail address or password' },
  'password-change-required': { status: 401, title: 'Password change required' },
  'second-factor-required': { status: 401, title: 'Second factor required' },
  'wrong-code': { status: 401, title: 'Wrong code' },
  'session-ended': { status: 401, title: 'Session ended' },
  'consent-required': { status: 403, title: 'Risk notice not accepted' },
  'confirmation-required': { status: 403, title: 'Confirmation required' },
  'not-allowed': { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  'unknown-instrument': { status: 404, title: 'Unknown instrument' },
  'unknown-model': { status: 404, title: 'Unknown model version' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'compression-required': { status: 406, title: 'Compression required' },
  conflict: { status: 409, title: 'Conflict' },
  'outdated-consent': { status: 409, title: 'Outdated risk notice' },
  'not-replayable': { status: 409, title: 'Call cannot be replayed' },
  'gate-refused': { status: 409, title: 'Model refused by the gate' },
  'body-too-large': { status: 413, title: 'Body too large' },
  'unsupported-media-type': { status: 415, title: 'Body is not JSON' },
  'headers-too-large': { status: 431, title: 'Headers too large' },
  'too-many-attempts': { status: 429, title: 'Too many attempts' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'database-unreachable': { status: 503, title: 'Database unreachable' },
  'storage-full': { status: 503, title: 'Storage full' },
  'vendor-unreachable': { status: 503, title: 'Source of prices unreachable' },
  'service-busy': { status: 503, title: 'Service busy' },
  'outcome-unknown': { status: 503, title: 'The outcome is unknown' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemType = keyof typeof PROBLEM_TYPES;
