import * as z from 'zod';
import { PROFILES } from '../../shared/constants.ts';
import { InstrumentSymbol } from '../../shared/contracts.ts';

/** How many entries a page has. */
export function limitParameter({ standard, most }: { standard: number; most: number }) {
  const rule = `must be a whole number from 1 to ${most}`;
  return z
    .string()
    .regex(/^[1-9][0-9]{0,3}$/, rule)
    .transform(Number)
    .pipe(z.number().max(most, rule))
    .default(standard)
    .meta({
      description: `How many entries at most; ${standard} unless said otherwise.`,
      // A query is text; a client may think of it as the number that it stands for.
      type: 'integer',
      minimum: 1,
      maximum: most,
      pattern: undefined,
    });
}

/** Where a list goes on. What is wrong with a cursor is said by the list that reads it. */
export const CursorParameter = z
  .string()
  .optional()
  .describe('The `nextCursor` of the page before, with the same other parameters. Not to be read or made.');

/** One of a few words. */
export function choice<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

export const ProfileParameter = choice(PROFILES)
  .optional()
  .describe("The risk profile; the caller's preferred one unless said otherwise.");

/** A day that the store may have bars of: outside of it Postgres would refuse some of what the calendar allows. */
export function dayParameter() {
  return z.iso
    .date('must be a day such as 2026-03-02')
    .refine((day) => day >= '1900-01-01' && day < '2200-01-01', 'must be a day from 1900 to 2199')
    .meta({ pattern: '^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$' });
}

/** Text to compare with: no control characters, of which Postgres refuses one. */
export function textParameter(longest: number) {
  return z
    .string()
    .regex(
      new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${longest}}$`, 'u'),
      `must be 1 to ${longest} characters without a line break`,
    );
}

/** The path parameter of what is about one instrument. */
export const SymbolParams = z.strictObject({
  symbol: InstrumentSymbol.describe(
    "The instrument's symbol, such as `AAPL`. Where several instruments had it, the active one, else the newest.",
  ),
});
