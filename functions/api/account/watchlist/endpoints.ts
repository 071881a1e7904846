import * as z from 'zod';
import { defined } from '../../../shared/invariant.ts';
import { BODY_LIMIT_BYTES } from '../../core/body.ts';
import { endpoint, type Reader, type Services } from '../../core/endpoint.ts';
import { Notice } from '../../lists/fields.ts';
import { SymbolParams } from '../../lists/parameters.ts';
import { NoteText, toEntry, WatchlistEntry } from './entry.ts';
import { nextDailyRun } from './first-call.ts';
import { follow, MOST_FOLLOWED, unfollow } from './follow.ts';
import { importSymbols, OUTCOMES } from './import-symbols.ts';
import { MOST_IMPORTED, readPasted } from './pasted-symbols.ts';
import { readWatchlist } from './read-watchlist.ts';

export const Watchlist = z
  .strictObject({
    items: z.array(WatchlistEntry).describe(`By symbol. At most ${MOST_FOLLOWED}.`),
    notice: Notice,
  })
  .meta({ id: 'Watchlist', description: 'The stocks that the user follows.' });

export const readWatchlistEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me/watchlist',
  operationId: 'readWatchlist',
  summary: 'List the stocks that I follow',
  description:
    'Each entry has the current call for your preferred profile, if you have accepted the risk notice, or says why there is none.',
  access: 'reader',
  answer: { status: 200, schema: Watchlist, description: 'The followed stocks.' },
  handle: async ({ caller }, services) => ({
    body: { items: await entriesOf(services, caller), notice: services.notice },
  }),
});

export const followEndpoint = endpoint({
  group: 'account',
  method: 'PUT',
  path: '/v1/me/watchlist/{symbol}',
  operationId: 'followInstrument',
  summary: 'Follow a stock',
  description:
    'A stock that you follow already keeps its place. If no run covers the symbol, the service looks it up at its source of prices and adds it, if the operator allows that. `firstCallDue` then says when its first call is due.',
  access: 'follower',
  params: SymbolParams,
  body: z.strictObject({
    note: NoteText.nullable()
      .optional()
      .describe('One line about the stock. Null removes it; without this member, it stays.'),
  }),
  answer: { status: 200, schema: WatchlistEntry, description: 'You follow the stock.' },
  problems: ['not-allowed', 'unknown-instrument', 'conflict', 'too-many-requests', 'vendor-unreachable'],
  handle: async ({ caller, params: { symbol }, body: { note } }, services) => {
    await follow(services.sql, caller, { symbol, note });
    const [entry] = await entriesOf(services, caller, [symbol]);
    return { body: defined(entry, 'the followed stock') };
  },
});

export const unfollowEndpoint = endpoint({
  group: 'account',
  method: 'DELETE',
  path: '/v1/me/watchlist/{symbol}',
  operationId: 'unfollowInstrument',
  summary: 'Stop following a stock',
  description: 'Also deletes your note about it. Runs still cover a stock that you added.',
  access: 'follower',
  params: SymbolParams,
  answer: { status: 204, description: 'You do not follow the stock, by this request or an earlier one.' },
  handle: async ({ caller, params: { symbol } }, { sql }) => {
    await unfollow(sql, caller.userId, symbol);
    return { body: undefined };
  },
});

const ImportResult = z
  .strictObject({
    items: z
      .array(
        z.strictObject({
          symbol: z.string().describe('The symbol in canonical form; as pasted if it is not one.'),
          outcome: z
            .enum(OUTCOMES)
            .describe(
              '`followed`: you follow it now. `already_followed`: you did before, and its note is unchanged. `added`: it is new here; the next run makes its first call if its history is long enough. `unknown`: the source of prices does not have it. `refused`: see `reason`. `not_tried`: import it again.',
            ),
          reason: z
            .string()
            .nullable()
            .describe('Why you do not follow it, in one sentence; null if you do.'),
        }),
      )
      .describe('Each symbol once, in the order of the text.'),
  })
  .meta({ id: 'WatchlistImport', description: 'What an import did with each symbol.' });

export const importWatchlistEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/watchlist/import',
  operationId: 'importWatchlist',
  summary: 'Follow a list of stocks',
  description: `Reads symbols that are separated by commas, semicolons, tabs, spaces or line breaks, or a CSV whose header has a column \`symbol\` or \`ticker\`, and perhaps \`note\`. At most ${MOST_IMPORTED} symbols; a longer list is refused as a whole. You may repeat an import.`,
  access: 'follower',
  body: z.strictObject({
    text: z
      .string()
      .min(1, 'must not be empty')
      .max(BODY_LIMIT_BYTES, 'is too long')
      .describe('The pasted text or the content of the CSV file.'),
  }),
  answer: { status: 200, schema: ImportResult, description: 'An outcome for each symbol.' },
  problems: ['conflict', 'too-many-requests'],
  handle: async ({ caller, body: { text } }, { sql }) => {
    return { body: { items: await importSymbols(sql, caller, await readPasted(text)) } };
  },
});

/** The entries of a user in the API's form. */
export async function entriesOf(
  { sql, now }: Pick<Services, 'sql' | 'now'>,
  { userId, preferredProfile: profile, hasConsented }: Reader,
  symbols?: readonly string[],
): Promise<WatchlistEntry[]> {
  const rows = await readWatchlist(sql, { userId, profile, ...(symbols && { symbols }) });
  if (rows.length === 0) return [];
  const nextRun = rows.some(({ id }) => id === null) ? nextDailyRun() : null;
  return rows.map((row) => toEntry(row, { profile, hasConsented, now, nextRun }));
}
