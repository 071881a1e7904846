import type * as z from 'zod';
import type { Fault } from './problem.ts';

/** Names in error messages are cut to this length, because a client may send very long ones. */
const MAX_NAME_LENGTH = 40;

/** The most faults in one answer. It keeps the answer to a body of unknown names short. */
export const MAX_FAULTS = 25;

/** The place of a value: `parameter` for the path and the query, `pointer` for the body. */
export type Place = 'parameter' | 'pointer';

/** A fault at a path of names. The empty path is the whole body. */
export function faultAt(place: Place, path: readonly PropertyKey[], detail: string): Fault {
  const names = path.map((name) => String(name).slice(0, MAX_NAME_LENGTH));
  if (place === 'parameter') return { parameter: names.join('.'), detail };
  const steps = names.map(
    (name) => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`,
  );
  return { pointer: `#${steps.join('')}`, detail };
}

/** Converts the issues that a schema found. */
export function toFaults(place: Place, error: z.ZodError): Fault[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) =>
          faultAt(
            place,
            [...issue.path, key],
            `is not a known ${place === 'pointer' ? 'member' : 'parameter'}`,
          ),
        )
      : [faultAt(place, issue.path, issue.message)],
  );
}

/** Joins faults into one sentence. */
export function toSentence(faults: readonly Fault[]): string {
  return `${faults.map((fault) => `${nameOf(fault)} ${fault.detail}`).join('; ')}.`;
}

function nameOf(fault: Fault): string {
  if ('parameter' in fault) return fault.parameter;
  return fault.pointer === '#' ? 'the body' : decodeURIComponent(fault.pointer.slice(2));
}

/** The message of an issue whose schema has none. It continues a sentence that begins with the name. */
export function messageOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${article(issue.expected)}`;
    case 'invalid_value':
      return issue.input === undefined
        ? 'is missing'
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    default:
      return 'is not valid';
  }
}

function article(expected: string): string {
  return `${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' || origin === 'set' ? ' entries long' : '';
}
