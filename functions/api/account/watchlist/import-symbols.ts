import type { Sql, Transaction } from '../../../shared/database.ts';
import { isRecommended } from '../../../shared/recommended.ts';
import { type LookedUp, MOST_LOOKED_UP } from '../../../shared/symbol-lookup.ts';
import { addingRuleFor } from './adding.ts';
import {
  addWithin,
  FOLLOWED_LIMIT,
  type Follower,
  insertEntry,
  limitReached,
  lookUp,
  roomOf,
} from './follow.ts';
import type { Pasted } from './pasted-symbols.ts';

/** What an import did with a symbol. */
export const OUTCOMES = ['followed', 'already_followed', 'added', 'unknown', 'refused', 'not_tried'] as const;

/** The outcome of a symbol, with the reason in one sentence where the user does not follow it now. */
export interface Imported {
  symbol: string;
  outcome: (typeof OUTCOMES)[number];
  reason: string | null;
}

const UNKNOWN = 'The source of prices has no recent prices of it. Check the spelling.';
const NOT_ANSWERED = 'The source of prices did not answer. Import it again.';
const OVER_LOOKUPS = `At most ${MOST_LOOKED_UP} new symbols are looked up at a time. Import it again.`;

/**
 * Follows the symbols of a pasted text. Symbols that no run covers are looked up first, a few at a time; then one
 * transaction stores all that the user may follow. A repeated import continues where this one stopped.
 *
 * @returns an outcome for each symbol, in their order
 * @throws ApiError (409, 429) as {@link follow} does; nothing is stored then
 */
export async function importSymbols(
  sql: Sql,
  follower: Follower,
  pasted: readonly Pasted[],
): Promise<Imported[]> {
  const { userId } = follower;
  const rule = addingRuleFor(follower);
  const sound = pasted.filter(({ fault }) => fault === undefined).map(({ symbol }) => symbol);
  const known = await knownSymbols(sql, userId, sound);
  const strange = sound.filter((symbol) => !known.has(symbol));
  const asked = rule.refusal ? [] : strange.slice(0, MOST_LOOKED_UP);
  const answers = asked.length === 0 ? [] : await lookUp(userId, asked);
  const answerOf = new Map(asked.map((symbol, i) => [symbol, answers[i]]));
  return sql.begin(async (tx) => {
    let room = await roomOf(tx, userId);
    const outcomes: Imported[] = [];
    for (const { symbol, note, fault } of pasted) {
      const end = (outcome: Imported['outcome'], reason: string | null = null) =>
        outcomes.push({ symbol, outcome, reason });
      const instrument = known.get(symbol);
      const answer = answerOf.get(symbol);
      if (fault !== undefined) end('refused', fault);
      else if (instrument?.isFollowed) end('already_followed');
      else if (room === 0) end('refused', FOLLOWED_LIMIT);
      else if (instrument) {
        if (await insertEntry(tx, { userId, instrumentId: instrument.id, note })) room--;
        end('followed');
      } else if (rule.refusal) end('refused', rule.refusal);
      else if (answer?.status === 'found') {
        const added = await addWithin(tx, { symbol, found: answer, userId, rule });
        if (added && (await insertEntry(tx, { userId, instrumentId: added, note }))) room--;
        if (added) end('added');
        else end('refused', limitReached(rule));
      } else end(...unanswered(answer));
    }
    return outcomes;
  });
}

function unanswered(answer: LookedUp | undefined): [Imported['outcome'], string] {
  if (!answer) return ['not_tried', OVER_LOOKUPS];
  return answer.status === 'unknown' ? ['unknown', UNKNOWN] : ['not_tried', NOT_ANSWERED];
}

/** The instruments of some symbols that runs cover, or that the user follows. */
async function knownSymbols(
  sql: Sql | Transaction,
  userId: string,
  symbols: readonly string[],
): Promise<Map<string, { id: string; isFollowed: boolean }>> {
  const rows = await sql<{ symbol: string; id: string; isFollowed: boolean }[]>`
    SELECT i.symbol, i.id, w.user_id IS NOT NULL AS "isFollowed"
    FROM instruments i
    LEFT JOIN watchlist_entries w ON w.instrument_id = i.id AND w.user_id = ${userId}
    WHERE i.symbol = ANY (string_to_array(${symbols.join()}, ',')) AND (w.user_id IS NOT NULL OR ${isRecommended(sql)})
    ORDER BY w.user_id IS NOT NULL`;
  return new Map(rows.map(({ symbol, ...instrument }) => [symbol, instrument]));
}
