import { type ObjectNode, parse as parseTree, type ValueNode } from '@humanwhocodes/momoa';
import { faultAt, type Place } from './faults.ts';
import type { ApiRequest } from './http.ts';
import { type Fault, problem } from './problem.ts';

/** The largest body, in bytes. No operation needs more than a few hundred. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/** The deepest nesting of a body. Operations take two levels. */
const MAX_DEPTH = 16;

const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep`;

const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

export function hasBody({ body }: Pick<ApiRequest, 'body'>): boolean {
  return body !== undefined && body !== '';
}

/**
 * @throws ApiError (413) if a body is larger than {@link BODY_LIMIT_BYTES}
 */
export function checkBodySize({ body, isBase64Encoded }: Pick<ApiRequest, 'body' | 'isBase64Encoded'>): void {
  // Avoids encoding small bodies: a UTF-16 unit takes at most 3 bytes, and 4 characters of base64 encode 3 bytes.
  if (body === undefined || body.length <= (isBase64Encoded ? BODY_LIMIT_BYTES : BODY_LIMIT_BYTES / 3))
    return;
  if (Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8') <= BODY_LIMIT_BYTES) return;
  throw problem('body-too-large', `The body is too large. The limit is ${BODY_LIMIT_BYTES} bytes.`);
}

/** A body parsed as JSON, or its faults. */
export type ReadBody = { value: unknown } | { faults: Fault[] };

/**
 * Parses a request's body as JSON without repeated members. A missing body becomes an empty object, so that the schema names the missing members.
 *
 * @throws ApiError (415) if there is a body whose content type is not JSON in UTF-8
 */
export function readBody(request: Pick<ApiRequest, 'body' | 'headers' | 'isBase64Encoded'>): ReadBody {
  if (!request.body) return { value: {} };
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    throw problem(
      'unsupported-media-type',
      'The body must be JSON. Send it with the header content-type: application/json.',
      {
        headers: { accept: 'application/json' },
      },
    );
  }
  const text = request.isBase64Encoded ? decode(request.body) : request.body;
  if (text === undefined) return faulty('is not UTF-8 text');
  try {
    const value: unknown = JSON.parse(text);
    const faults = textFaults('pointer', value);
    if (faults.length === 0) faults.push(...repeatedMembers(parseTree(text, { mode: 'json' }).body));
    return faults.length > 0 ? { faults } : { value };
  } catch (error) {
    // The tree's parser is recursive, and also reads what a repeated member hides from JSON.parse.
    return faulty(error instanceof RangeError ? TOO_DEEP : 'is not JSON');
  }
}

/** A fault for every member that repeats a name of its object. Parsers resolve such members differently. */
function repeatedMembers(node: ValueNode, path: readonly string[] = []): Fault[] {
  if (path.length > MAX_DEPTH) return [faultAt('pointer', [], TOO_DEEP)];
  if (node.type === 'Array')
    return node.elements.flatMap(({ value }, index) => repeatedMembers(value, [...path, String(index)]));
  return node.type === 'Object' ? repeatedIn(node, path) : [];
}

function repeatedIn({ members }: ObjectNode, path: readonly string[]): Fault[] {
  const names = new Set<string>();
  return members.flatMap(({ name: written, value }) => {
    const name = written.type === 'String' ? written.value : written.name;
    const place = [...path, name];
    const faults = names.has(name) ? [faultAt('pointer', place, 'must not be repeated')] : [];
    names.add(name);
    return [...faults, ...repeatedMembers(value, place)];
  });
}

/** Faults in texts that Postgres rejects: those with a NUL or a lone surrogate. */
export function textFaults(place: Place, value: unknown, path: readonly string[] = []): Fault[] {
  if (typeof value === 'string')
    return isStorable(value)
      ? []
      : [faultAt(place, path, 'contains a NUL or a lone surrogate, which is not allowed')];
  if (typeof value !== 'object' || value === null) return [];
  if (path.length >= MAX_DEPTH) return [faultAt(place, [], TOO_DEEP)];
  const faults: Fault[] = [];
  for (const [name, inner] of Object.entries(value)) {
    if (!isStorable(name))
      faults.push(faultAt(place, path, 'has a member whose name contains a NUL or a lone surrogate'));
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
