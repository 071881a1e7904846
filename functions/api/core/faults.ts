import type * as z from 'zod';
import type { Fault } from './problem.ts';

/** A faulty name is repeated to the client, who may have sent a very long one. */
const LONGEST_NAME_SHOWN = 40;

/** Faults that are told of at once: a body of nothing but unknown names must not come back as a long answer. */
export const MOST_FAULTS = 25;

/** Where a value stands: in the path or the query, or in the body. */
export type Place = 'parameter' | 'pointer';

/** A fault at a path of names; of a body, the empty path is all of it. */
export function faultAt(place: Place, path: readonly PropertyKey[], detail: string): Fault {
  const names = path.map((name) => String(name).slice(0, LONGEST_NAME_SHOWN));
  if (place === 'parameter') return { parameter: names.join('.'), detail };
  const steps = names.map(
    (name) => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`,
  );
  return { pointer: `#${steps.join('')}`, detail };
}

/** What a schema found, fault by fault. */
export function toFaults(place: Place, error: z.ZodError): Fault[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) =>
          faultAt(place, [...issue.path, key], `is not a ${place === 'pointer' ? 'member' : 'parameter'}`),
        )
      : [faultAt(place, issue.path, issue.message)],
  );
}

/** All faults in a sentence. */
export function toSentence(faults: readonly Fault[]): string {
  return `${faults.map((fault) => `${nameOf(fault)} ${fault.detail}`).join('; ')}.`;
}

function nameOf(fault: Fault): string {
  if ('parameter' in fault) return fault.parameter;
  return fault.pointer === '#' ? 'the body' : decodeURIComponent(fault.pointer.slice(2));
}

/** Words for issues whose schema has none of its own; they continue a sentence that the name begins. */
export function wordsFor(issue: z.core.$ZodRawIssue): string {
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
