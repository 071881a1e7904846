import type { Universe } from './universe.ts';

/**
 * Says that a stock was compared with the stocks of an earlier day; undefined if it was compared with those of its own.
 *
 * @param asOf - the day of its last bar, `YYYY-MM-DD`
 */
export function universeNote({ day, stocks }: Universe, asOf: string): string | undefined {
  if (day === asOf) return undefined;
  return `Compared with the ${stocks} stocks of ${day}, because too few had prices for ${asOf}.`;
}
