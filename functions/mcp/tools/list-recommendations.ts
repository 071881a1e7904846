import * as z from 'zod';
import { LABELS, PROFILES } from '../../shared/constants.ts';
import { AnySymbol } from '../../shared/fields.ts';
import {
  CALL_FIELDS,
  CursorArgument,
  callLine,
  limitArgument,
  NextCursor,
  Notice,
  ProfileArgument,
  toCall,
} from '../call.ts';
import { clean, daysOld, kindNotes, lines, NOT_ADVICE, nextPage, quoted } from '../text.ts';
import { tool } from '../tool.ts';

const ORDERS = ['-confidence', '-expectedReturn', '-generatedAt', 'symbol'] as const;

const Item = z.strictObject({
  symbol: z.string(),
  name: z.string().nullable().describe('The name of the company, as the vendor of the data writes it.'),
  exchange: z.string(),
  sector: z.string().nullable(),
  ...CALL_FIELDS,
  dataAgeDays: z.int().describe('Calendar days since asOf.'),
  carriedOver: z.boolean().describe('The latest run made no call for this stock; this is its last one.'),
  unvalidatedMarket: z.boolean().describe('The model was not tested on the market of this stock.'),
});

export const listRecommendations = tool({
  name: 'list_recommendations',
  title: 'List recommendations',
  description:
    'Lists the current BUY, HOLD and SELL calls of a risk profile, with chance, expected return, stop and target. Calls whose data are too old are withheld and only counted.',
  input: z.strictObject({
    profile: ProfileArgument,
    label: z.enum(LABELS).optional().describe('Only these calls.'),
    symbols: z.array(AnySymbol).min(1).max(50).optional().describe('Only these tickers, such as ["AAPL"].'),
    sector: z.string().min(1).max(100).optional().describe('Only this sector, as the list spells it.'),
    following: z.boolean().optional().describe('Only stocks on the watchlist of the user.'),
    sort: z.enum(ORDERS).default('-confidence').describe('The order; a minus sorts the largest first.'),
    limit: limitArgument({ standard: 10, max: 50 }),
    cursor: CursorArgument,
  }),
  output: z.strictObject({
    profile: z.enum(PROFILES),
    asOf: z.string().nullable().describe('The newest trading day of the data; null without calls.'),
    dataAgeDays: z.int().nullable(),
    modelVersion: z.string().nullable(),
    modelDataTo: z.string().nullable().describe('The end of the data that the model learned from.'),
    modelNotice: z.string().nullable(),
    withheld: z
      .strictObject({ count: z.int(), reason: z.string() })
      .nullable()
      .describe('Calls of the profile that are too old to act on.'),
    items: z.array(Item),
    nextCursor: NextCursor,
    notice: Notice,
  }),
  run: async (api, { symbols, ...query }) => {
    const page = await api.call('listRecommendations', { query: { ...query, symbol: symbols?.join(',') } });
    return {
      profile: page.profile,
      asOf: page.asOf,
      dataAgeDays: page.dataAgeDays,
      modelVersion: page.modelVersion,
      modelDataTo: page.modelDataTo,
      modelNotice: page.modelNotice,
      withheld: page.withheld,
      items: page.items.map((item) => ({
        symbol: item.symbol,
        name: clean(item.name),
        exchange: clean(item.exchange),
        sector: clean(item.sector),
        ...toCall(item),
        dataAgeDays: item.dataAgeDays,
        carriedOver: item.carriedOver,
        unvalidatedMarket: item.marks.includes('unvalidated_market'),
      })),
      nextCursor: page.nextCursor,
      notice: page.notice,
    };
  },
  text: ({ profile, asOf, dataAgeDays, modelVersion, modelDataTo, modelNotice, withheld, ...page }) =>
    lines(
      asOf === null || dataAgeDays === null
        ? `There are no calls of the profile ${profile} yet.`
        : `Profile ${profile}, as of ${asOf} (${daysOld(dataAgeDays)}). Model ${modelVersion ?? 'none'}, trained on data to ${modelDataTo ?? 'an unknown day'}.`,
      page.notice,
      modelNotice,
      withheld && `Withheld and not listed: ${withheld.count}. ${withheld.reason}`,
      kindNotes(page.items),
      page.items.map((item) =>
        [
          `- ${item.symbol} ${quoted(item.name)}: ${callLine(item)}`,
          ...(item.carriedOver ? ['carried over from an earlier run'] : []),
          ...(item.unvalidatedMarket ? ['the model was not tested on this market'] : []),
        ].join('; '),
      ),
      page.items.length === 0 ? 'No current call matches.' : null,
      nextPage(page.nextCursor),
      NOT_ADVICE,
    ),
});
