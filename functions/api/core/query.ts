import { faultAt } from './faults.ts';
import type { Fault } from './problem.ts';

/** Values by name, and what is wrong with how they were written. */
export interface ReadQuery {
  values: Record<string, string>;
  faults: Fault[];
}

/**
 * Reads a query as it was sent. A parameter that is given twice is a fault: API Gateway joins its values with a comma,
 * and neither the first nor the last is surely the one that was meant.
 *
 * @param raw - still percent-encoded, without the `?`
 * @example readQuery('limit=5&label=BUY').values // { limit: '5', label: 'BUY' }
 */
export function readQuery(raw: string): ReadQuery {
  const faults: Fault[] = [];
  if (raw === '') return { values: {}, faults };
  const values = new Map<string, string>();
  for (const pair of raw.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const [rawName, rawValue] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    const name = decode(rawName);
    const value = decode(rawValue);
    const shown = name ?? rawName;
    if (name === undefined || value === undefined)
      faults.push(faultAt('parameter', [shown], 'is not UTF-8 text'));
    else if (values.has(name)) faults.push(faultAt('parameter', [shown], 'is given more than once'));
    if (!values.has(shown)) values.set(shown, value ?? '');
  }
  return { values: Object.fromEntries(values), faults };
}

/** Percent-decoded text; undefined if it is not UTF-8, or holds a NUL, which no text of the store can. */
function decode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '));
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
}
