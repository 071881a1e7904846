import { wallClock } from '../../../shared/clock.ts';
import type { Sql, Transaction } from '../../../shared/database.ts';
import { isRecommended } from '../../../shared/recommended.ts';
import type { LookedUp } from '../../../shared/symbol-lookup.ts';
import { type ApiError, problem, VendorUnreachableError } from '../../core/problem.ts';
import { addInstrument, type Found, lockAdding } from './add-instrument.ts';
import { type AddingRule, addingRuleFor } from './adding.ts';
import { countLookups } from './lookup-rate.ts';
import { symbolLookup } from './selected-symbol-lookup.ts';

/** The most stocks that one user may follow. */
export const MOST_FOLLOWED = 1000;

/** The user of a request. An API key has no administrator's rights, even that of an administrator. */
export interface Follower {
  userId: string;
  isAdmin?: boolean;
}

/**
 * Follows a stock. A symbol that no run covers is looked up at the vendors, and the next run covers it. A stock that the
 * user follows already keeps its place, and its note without a new one.
 *
 * @param note - null removes the note; undefined keeps it
 * @throws ApiError (403) if the user may not add stocks, (404, unknown-instrument) if no vendor knows the symbol,
 *   (409) at a limit, (429) after too many lookups
 * @throws VendorUnreachableError if the vendors do not answer; nothing is stored
 */
export async function follow(
  sql: Sql,
  follower: Follower,
  { symbol, note }: { symbol: string; note?: string | null | undefined },
): Promise<void> {
  const { userId } = follower;
  if (await isFollowed(sql, userId, symbol)) {
    if (note !== undefined) await setNote(sql, userId, symbol, note);
    return;
  }
  const covered = await coveredInstrument(sql, symbol);
  if (covered) {
    await sql.begin(async (tx) => {
      if ((await roomOf(tx, userId)) === 0) throw tooManyFollowed();
      await insertEntry(tx, { userId, instrumentId: covered, note });
    });
    return;
  }
  const rule = addingRuleFor(follower);
  if (rule.refusal) throw problem('not-allowed', `${symbol} has no calls yet. ${rule.refusal}`);
  const [answer] = await lookUp(userId, [symbol]);
  if (answer?.status === 'unavailable' || !answer) throw new VendorUnreachableError();
  if (answer.status === 'unknown') throw unknownSymbol(symbol);
  await sql.begin(async (tx) => {
    if ((await roomOf(tx, userId)) === 0) throw tooManyFollowed();
    const instrumentId = await addWithin(tx, { symbol, found: answer, userId, rule });
    if (!instrumentId) throw problem('conflict', limitReached(rule));
    await insertEntry(tx, { userId, instrumentId, note });
  });
}

/** Asks the vendors about symbols, within the user's allowance. */
export async function lookUp(userId: string, symbols: readonly string[]): Promise<LookedUp[]> {
  countLookups(userId, symbols.length, wallClock());
  return (await symbolLookup()).lookUp(symbols);
}

/** Adds an instrument after those that others are adding. Returns undefined at the limit. */
export async function addWithin(
  tx: Transaction,
  { rule, ...added }: { symbol: string; found: Found; userId: string; rule: AddingRule },
): Promise<string | undefined> {
  await lockAdding(tx);
  return addInstrument(tx, { ...added, limit: rule.limit });
}

/** Stops following a symbol, whichever instruments have it. Without an entry, nothing changes. */
export async function unfollow(sql: Sql, userId: string, symbol: string): Promise<void> {
  await sql`
    DELETE FROM watchlist_entries w USING instruments i
    WHERE w.user_id = ${userId} AND i.id = w.instrument_id AND i.symbol = ${symbol}`;
}

/**
 * How many more stocks a user may follow. Locks the user until the transaction ends, so that concurrent requests count
 * each other's entries.
 */
export async function roomOf(tx: Transaction, userId: string): Promise<number> {
  await tx`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`;
  const [counted] = await tx<[{ followed: number }]>`
    SELECT count(*)::int AS followed FROM watchlist_entries WHERE user_id = ${userId}`;
  return Math.max(0, MOST_FOLLOWED - counted.followed);
}

/** Stores an entry, unless the user has it. Returns whether it is new. */
export async function insertEntry(
  tx: Transaction,
  { userId, instrumentId, note }: { userId: string; instrumentId: string; note?: string | null | undefined },
): Promise<boolean> {
  const { count } = await tx`
    INSERT INTO watchlist_entries (user_id, instrument_id, note) VALUES (${userId}, ${instrumentId}, ${note ?? null})
    ON CONFLICT DO NOTHING`;
  return count > 0;
}

async function isFollowed(sql: Sql, userId: string, symbol: string): Promise<boolean> {
  const [row] = await sql`
    SELECT FROM watchlist_entries w JOIN instruments i ON i.id = w.instrument_id
    WHERE w.user_id = ${userId} AND i.symbol = ${symbol}`;
  return row !== undefined;
}

async function setNote(sql: Sql, userId: string, symbol: string, note: string | null): Promise<void> {
  await sql`
    UPDATE watchlist_entries w SET note = ${note} FROM instruments i
    WHERE w.user_id = ${userId} AND i.id = w.instrument_id AND i.symbol = ${symbol}`;
}

async function coveredInstrument(sql: Sql, symbol: string): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`
    SELECT i.id FROM instruments i WHERE i.symbol = ${symbol} AND ${isRecommended(sql)}`;
  return row?.id;
}

/** The problem for a symbol that no vendor has recent prices of. */
function unknownSymbol(symbol: string): ApiError {
  return problem(
    'unknown-instrument',
    `The source of prices has no recent prices of ${symbol}. Check the spelling: a stock outside the US needs the suffix of its exchange, as in VOD.L or SAP.DE.`,
  );
}

/** Why no more instruments can be added. */
export function limitReached({ limit }: AddingRule): string {
  return `Users of this installation have added ${limit} stocks, which is its limit. Ask an administrator to raise it, or to deactivate some.`;
}

/** Why a user cannot follow more stocks. */
export const FOLLOWED_LIMIT = `You follow ${MOST_FOLLOWED} stocks, which is the most that an account may follow.`;

function tooManyFollowed(): ApiError {
  return problem('conflict', `${FOLLOWED_LIMIT} Unfollow one first.`);
}
