import * as z from 'zod';
import { PROFILES } from '../../shared/constants.ts';
import { AnySymbol } from '../../shared/fields.ts';
import { Id } from './fields.ts';

/** The parameter `limit`: the size of a page. */
export function limitParameter({ standard, max }: { standard: number; max: number }) {
  const rule = `must be a whole number from 1 to ${max}`;
  return z
    .string()
    .regex(/^[1-9][0-9]{0,3}$/, rule)
    .transform(Number)
    .pipe(z.number().max(max, rule))
    .default(standard)
    .meta({
      description: `The largest number of entries to return; ${standard} by default.`,
      // A query value is text, but clients may treat this one as a number.
      type: 'integer',
      minimum: 1,
      maximum: max,
      pattern: undefined,
    });
}

/** The parameter `cursor`. Each list checks its own cursors. */
export const CursorParameter = z
  .string()
  .optional()
  .describe(
    'The `nextCursor` of the previous page. Keep all other parameters. The cursor is opaque: do not parse or build it.',
  );

/** The parameter `following` of lists that a user may narrow to their watchlist. */
export const FollowingParameter = z
  .enum(['true', 'false'], { error: 'must be one of true, false' })
  .default('false')
  .describe('`true`: only stocks that the caller follows. `false` (the default): all stocks.');

/** A parameter that takes one of a few words. */
export function choice<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

export const ProfileParameter = choice(PROFILES)
  .optional()
  .describe("The risk profile; the caller's preferred profile by default.");

/** A day that the database may hold bars of. Postgres rejects some days that a calendar allows. */
export function dayParameter() {
  return z.iso
    .date('must be a day such as 2026-03-02')
    .refine((day) => day >= '1900-01-01' && day < '2200-01-01', 'must be a day from 1900 to 2199')
    .meta({ pattern: '^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$' });
}

/** One line of text. It excludes control characters, because Postgres rejects NUL. */
export function textParameter(longest: number) {
  return z
    .string()
    .regex(
      new RegExp(`^[^\\p{Cc}\\p{Cs}\\u2028\\u2029]{1,${longest}}$`, 'u'),
      `must be 1 to ${longest} characters without a line break`,
    );
}

/** The path parameter of operations on one instrument. */
export const SymbolParams = z.strictObject({
  symbol: AnySymbol.describe(
    "The instrument's symbol, such as `AAPL`, in upper or lower case. If several instruments have had this symbol, it selects the active one, or else the newest.",
  ),
});

/** The path parameter of operations on one row. */
export const IdParams = z.strictObject({ id: Id });
