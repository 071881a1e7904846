import { faultAt, type Place } from './faults.ts';
import type { ApiRequest } from './http.ts';
import { type Fault, problem } from './problem.ts';

/** Bytes of a body. The largest that any operation needs has a few hundred. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/** Objects and lists in one another; what operations take is two deep. */
const DEEPEST = 16;

const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/** Whether a request has a body. */
export function hasBody({ body }: Pick<ApiRequest, 'body'>): boolean {
  return body !== undefined && body !== '';
}

/**
 * @throws ApiError (413) if a body is larger than {@link BODY_LIMIT_BYTES}
 */
export function checkBodySize({ body, isBase64Encoded }: Pick<ApiRequest, 'body' | 'isBase64Encoded'>): void {
  // No character is less than a byte, and base64 says three bytes with four.
  if (body === undefined || body.length <= (isBase64Encoded ? BODY_LIMIT_BYTES : BODY_LIMIT_BYTES / 3))
    return;
  if (Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8') <= BODY_LIMIT_BYTES) return;
  throw problem('body-too-large', `A body may have ${BODY_LIMIT_BYTES} bytes.`);
}

/** A body as JSON, or what is wrong with it. */
export type ReadBody = { value: unknown } | { faults: Fault[] };

/**
 * Reads a request's body as JSON; one that is not there reads as an empty object, whose missing members the schema
 * names.
 *
 * @throws ApiError (415) if a body is there and is not said to be JSON in UTF-8
 */
export function readBody(request: Pick<ApiRequest, 'body' | 'headers' | 'isBase64Encoded'>): ReadBody {
  if (!request.body) return { value: {} };
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    throw problem('unsupported-media-type', 'Send JSON, with the header content-type: application/json.', {
      headers: { accept: 'application/json' },
    });
  }
  const text = request.isBase64Encoded ? decode(request.body) : request.body;
  if (text === undefined) return faulty('is not UTF-8 text');
  try {
    const value: unknown = JSON.parse(text);
    const faults = textFaults('pointer', value);
    return faults.length > 0 ? { faults } : { value };
  } catch {
    return faulty('is not JSON');
  }
}

/** Faults in texts that Postgres takes none of: a NUL, or half of a pair that stands for one character. */
export function textFaults(place: Place, value: unknown, path: readonly string[] = []): Fault[] {
  if (typeof value === 'string')
    return isStorable(value) ? [] : [faultAt(place, path, 'holds a character that no text can')];
  if (typeof value !== 'object' || value === null) return [];
  if (path.length >= DEEPEST) return [faultAt(place, [], `is more than ${DEEPEST} levels deep`)];
  const faults: Fault[] = [];
  for (const [name, inner] of Object.entries(value)) {
    if (!isStorable(name)) faults.push(faultAt(place, path, 'has a name that no text can be'));
    else faults.push(...textFaults(place, inner, [...path, name]));
  }
  return faults;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function decode(base64: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

function faulty(detail: string): ReadBody {
  return { faults: [faultAt('pointer', [], detail)] };
}
