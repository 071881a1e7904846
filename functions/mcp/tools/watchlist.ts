import * as z from 'zod';
import { LABELS } from '../../shared/constants.ts';
import type { Answer } from '../api.ts';
import { Notice, SymbolArgument } from '../call.ts';
import { clean, inHundred, lines, NOT_ADVICE, quoted } from '../text.ts';
import { tool } from '../tool.ts';

const STATES = ['current', 'withheld', 'pending', 'short_history', 'unsupported'] as const;

const FIELDS = {
  symbol: z.string(),
  name: z.string().nullable().describe('The name of the company, as the vendor of the data writes it.'),
  note: z.string().nullable().describe('One line by the user.'),
  followedAt: z.string(),
  state: z
    .enum(STATES)
    .describe(
      'current: it has a call. withheld: its call is too old to act on. pending: its first call is due. short_history: too few prices for a call. unsupported: it gets no calls.',
    ),
  reason: z.string().nullable(),
  firstCallDue: z.string().nullable().describe('When the run begins that makes its first call, in UTC.'),
  call: z
    .strictObject({ id: z.string(), label: z.enum(LABELS), chance: z.number(), asOf: z.string() })
    .nullable()
    .describe("The call of the user's preferred profile; null without one or without the risk notice."),
};

const Entry = z.strictObject(FIELDS);
type Entry = z.output<typeof Entry>;

/** The most entries of a page. A user follows up to 1,000 stocks. */
const MOST_LISTED = 100;

export const watchlist = tool({
  name: 'watchlist',
  title: 'Show the watchlist',
  description: 'Lists the stocks that the user follows, by symbol, each with its current call if it has one.',
  input: z.strictObject({
    limit: z.int().min(1).max(MOST_LISTED).default(50).describe(`How many to list, at most ${MOST_LISTED}.`),
    after: SymbolArgument.optional().describe('Only symbols after this one, for the next page.'),
  }),
  output: z.strictObject({
    items: z.array(Entry),
    more: z.int().describe('How many stocks follow after these.'),
    notice: Notice,
  }),
  run: async (api, { limit, after }) => {
    const { items, notice } = await api.call('readWatchlist');
    const rest = after === undefined ? items : items.filter(({ symbol }) => symbol > after);
    return { items: rest.slice(0, limit).map(toEntry), more: Math.max(0, rest.length - limit), notice };
  },
  text: ({ items, more, notice }) =>
    lines(
      notice,
      items.map((entry) => `- ${entryLine(entry)}`),
      items.length === 0 ? 'The user follows no such stocks.' : null,
      more > 0 ? `${more} more. Repeat the call with after ${quoted(items.at(-1)?.symbol ?? '')}.` : null,
      NOT_ADVICE,
    ),
});

export const follow = tool({
  name: 'follow',
  title: 'Follow a stock',
  description:
    'Adds a stock to the watchlist of the user, or changes its note. Needs an API key that may change the watchlist. A symbol that the service does not cover yet is looked up at its source of prices.',
  changes: { deletes: false },
  input: z.strictObject({
    symbol: SymbolArgument,
    note: z
      .string()
      .min(1)
      .max(200)
      .nullable()
      .optional()
      .describe('One line about the stock. Null removes it; without this argument, it stays.'),
  }),
  output: z.strictObject(FIELDS),
  run: async (api, { symbol, note }) =>
    toEntry(
      await api.call('followInstrument', { path: { symbol }, body: note === undefined ? {} : { note } }),
    ),
  text: (entry) => lines(`The user follows ${entryLine(entry)}`, NOT_ADVICE),
});

export const unfollow = tool({
  name: 'unfollow',
  title: 'Stop following a stock',
  description:
    'Removes a stock and its note from the watchlist of the user. Needs an API key that may change the watchlist.',
  changes: { deletes: true },
  input: z.strictObject({ symbol: SymbolArgument }),
  output: z.strictObject({ symbol: z.string(), followed: z.literal(false) }),
  run: async (api, { symbol }) => {
    await api.call('unfollowInstrument', { path: { symbol } });
    return { symbol, followed: false as const };
  },
  text: ({ symbol }) => `The user does not follow ${symbol}.`,
});

function toEntry(entry: Answer<'followInstrument'>): Entry {
  const { symbol, name, note, followedAt, state, reason, firstCallDue, call } = entry;
  return {
    symbol,
    name: clean(name),
    note: clean(note),
    followedAt,
    state,
    reason,
    firstCallDue,
    call: call && { id: call.id, label: call.label, chance: call.confidence, asOf: call.asOf },
  };
}

function entryLine({ symbol, name, note, state, reason, firstCallDue, call }: Entry): string {
  const standing = {
    current: call
      ? `${call.label}, chance ${inHundred(call.chance)}, as of ${call.asOf}, id ${call.id}`
      : 'its call is shown once the user accepts the risk notice in the page',
    withheld: 'its call is withheld, because its data are too old to act on',
    pending: `its first call is due${firstCallDue ? ` with the run of ${firstCallDue}` : ' with the next run'}`,
    short_history: 'too few daily prices for a call',
    unsupported: reason ?? 'no calls',
  }[state];
  return `${symbol} ${quoted(name)}: ${standing}${note === null ? '' : `; note of the user: ${quoted(note)}`}`;
}
