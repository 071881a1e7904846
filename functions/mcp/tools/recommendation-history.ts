import * as z from 'zod';
import { LABELS, PROFILES } from '../../shared/constants.ts';
import {
  CALL_FIELDS,
  CursorArgument,
  callLine,
  limitArgument,
  NextCursor,
  Notice,
  ProfileArgument,
  SymbolArgument,
  toCall,
} from '../call.ts';
import { inHundred, kindNotes, lines, NOT_ADVICE, nextPage } from '../text.ts';
import { tool } from '../tool.ts';
import { outcomeLine, toOutcome } from './explain-recommendation.ts';

const Outcome = z.strictObject({
  exitDay: z.string(),
  realisedReturnPct: z.number(),
  averageStockReturnPct: z.number().nullable(),
  right: z.boolean().nullable(),
});

export const recommendationHistory = tool({
  name: 'recommendation_history',
  title: 'History of a stock',
  description: 'Lists all calls for one stock and a risk profile, newest first, with their outcomes.',
  input: z.strictObject({
    symbol: SymbolArgument,
    profile: ProfileArgument,
    limit: limitArgument({ standard: 10, max: 50 }),
    cursor: CursorArgument,
  }),
  output: z.strictObject({
    symbol: z.string(),
    profile: z.enum(PROFILES),
    summary: z
      .array(
        z.strictObject({
          label: z.enum(LABELS),
          scored: z.int().describe('Live calls whose horizon has passed.'),
          right: z.int().nullable().describe('How many of them were right; null for HOLD.'),
        }),
      )
      .describe('Over all live calls, not only those of this page.'),
    items: z.array(
      z.strictObject({
        ...CALL_FIELDS,
        standing: z.enum(['current', 'withheld', 'archived']),
        outcome: Outcome.nullable().describe('Null until the horizon has passed.'),
      }),
    ),
    nextCursor: NextCursor,
    notice: Notice,
  }),
  run: async (api, { symbol, ...query }) => {
    const page = await api.call('listInstrumentRecommendations', { path: { symbol }, query });
    return {
      symbol: page.symbol,
      profile: page.profile,
      summary: page.summary.map(({ label, scored, right }) => ({ label, scored, right })),
      items: page.items.map((item) => ({
        ...toCall(item),
        standing: item.standing,
        outcome: toOutcome(item.outcome),
      })),
      nextCursor: page.nextCursor,
      notice: page.notice,
    };
  },
  text: ({ symbol, profile, summary, items, nextCursor, notice }) =>
    lines(
      `Calls for ${symbol}, profile ${profile}, newest first.`,
      notice,
      kindNotes(items),
      summary.map(({ label, scored, right }) =>
        right === null
          ? `${label}: ${scored} with a result.`
          : `${label}: ${scored} with a result, ${right} right (${inHundred(right / Math.max(1, scored))}).`,
      ),
      items.map((item) =>
        [`- ${callLine(item)}`, item.standing, ...(item.outcome ? [outcomeLine(item.outcome)] : [])].join(
          '; ',
        ),
      ),
      items.length === 0 ? 'There are no calls.' : null,
      nextPage(nextCursor),
      NOT_ADVICE,
    ),
});
