import { DAY_MS } from './days.ts';

/**
 * How long an answer's Retry-After asks clients to wait, at most a day. The header has seconds, or an instant.
 *
 * @returns nothing where the header is missing or malformed
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, DAY_MS);
  const instant = httpDate(text);
  if (instant === undefined) return undefined;
  // Measured by the vendor's clock, so that a difference between the clocks does not matter.
  return Math.min(Math.max(0, instant - (answeredAt(headers) ?? Date.now())), DAY_MS);
}

/** When the vendor made the answer, by its Date header: a cached answer keeps its old date. */
export function answeredAt(headers: Headers): number | undefined {
  const date = headers.get('date');
  return date === null ? undefined : httpDate(date);
}

/** The instant of an HTTP date. Date.parse alone would accept nearly any text. */
function httpDate(text: string): number | undefined {
  const instant = /^[A-Z][a-z]+, .+ GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}
