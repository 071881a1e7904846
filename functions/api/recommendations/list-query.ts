import * as z from 'zod';
import { LABELS, type Profile } from '../../shared/constants.ts';
import { AnySymbol } from '../../shared/fields.ts';
import { ACCEPTED_SYMBOL } from '../../shared/symbols.ts';
import {
  CursorParameter,
  choice,
  FollowingParameter,
  limitParameter,
  ProfileParameter,
  textParameter,
} from '../lists/parameters.ts';
import { SORTS } from './sorts.ts';

/** The most symbols in one request. */
const MAX_SYMBOLS = 50;

const Symbols = z.array(AnySymbol).min(1).max(MAX_SYMBOLS);

const SHARE_RULE = 'must be a number from 0 to 1';

/** The query of GET /v1/recommendations. */
export const RecommendationsQuery = z.strictObject({
  profile: ProfileParameter,
  label: choice(LABELS).optional().describe('Only recommendations with this call.'),
  sector: textParameter(100)
    .optional()
    .describe('Only instruments of this sector, as `/v1/facets` spells it.'),
  exchange: textParameter(40)
    .optional()
    .describe('Only instruments on this exchange, as `/v1/facets` spells it.'),
  symbol: z
    .string()
    .transform((text, context) => {
      const symbols = Symbols.safeParse(text.split(','));
      if (symbols.success) return [...new Set(symbols.data)].sort();
      context.addIssue(`must be 1 to ${MAX_SYMBOLS} symbols such as AAPL, separated by commas`);
      return z.NEVER;
    })
    .optional()
    .meta({
      description: `Only these instruments: up to ${MAX_SYMBOLS} symbols, separated by commas.`,
      pattern: `^${ACCEPTED_SYMBOL}(,${ACCEPTED_SYMBOL}){0,${MAX_SYMBOLS - 1}}$`,
    }),
  minConfidence: z
    .string()
    .regex(/^[0-9](\.[0-9]{1,25})?(e-?[0-9]{1,3})?$/i, SHARE_RULE)
    .transform(Number)
    .pipe(z.number(SHARE_RULE).max(1, SHARE_RULE))
    .optional()
    .meta({
      description: 'Only recommendations with at least this confidence.',
      type: 'number',
      minimum: 0,
      maximum: 1,
      pattern: undefined,
    }),
  following: FollowingParameter,
  sort: choice(SORTS)
    .default('-confidence')
    .describe('The sort order; `-confidence` by default. A `-` sorts in descending order.'),
  limit: limitParameter({ standard: 10, max: 100 }),
  cursor: CursorParameter,
});

/** The query with the default profile filled in, and with the user of whose watchlist it is. */
export type RecommendationsQuery = Omit<z.output<typeof RecommendationsQuery>, 'profile' | 'following'> & {
  profile: Profile;
  /** The user whose followed stocks alone are listed; absent for all stocks. */
  followedBy?: string | undefined;
};
