import { faultAt } from './faults.ts';
import type { Fault } from './problem.ts';

/** The values by name, and the faults in their encoding. */
export interface ReadQuery {
  values: Record<string, string>;
  faults: Fault[];
}

/**
 * Parses the raw query. A repeated parameter is a fault, because the intended value is not known; API Gateway would join
 * the values with a comma.
 *
 * @param raw - percent-encoded, without the `?`
 * @example readQuery('limit=5&label=BUY').values // { limit: '5', label: 'BUY' }
 */
export function readQuery(raw: string): ReadQuery {
  const faults: Fault[] = [];
  if (raw === '') return { values: {}, faults };
  const values = new Map<string, string>();
  for (const pair of raw.split('&')) {
    if (pair === '') continue;
    const separator = pair.indexOf('=');
    const [rawName, rawValue] =
      separator < 0 ? [pair, ''] : [pair.slice(0, separator), pair.slice(separator + 1)];
    const name = decode(rawName);
    const value = decode(rawValue);
    const shown = name ?? rawName;
    if (name === undefined || value === undefined)
      faults.push(faultAt('parameter', [shown], 'is not UTF-8 text'));
    else if (values.has(name)) faults.push(faultAt('parameter', [shown], 'must not be repeated'));
    if (!values.has(shown)) values.set(shown, value ?? '');
  }
  return { values: Object.fromEntries(values), faults };
}

/** Percent-decoded text; undefined if it is not UTF-8 or contains a NUL, which Postgres rejects. */
function decode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '));
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
}
