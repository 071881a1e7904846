import type { Sql } from '../shared/database.ts';
import type { LoadModel } from './load-model.ts';
import {
  type Replay,
  ReplayError,
  type ReplayObstacle,
  replay,
  type StoredCall,
  selectCalls,
} from './replay.ts';

/** How many calls a replay found equal or not. */
export interface ReplayCounts {
  calls: number;
  equal: number;
  /** Equal calls whose score and place were taken as they were published. */
  recorded: number;
  different: number;
  /** Calls that cannot be replayed, by the reason. */
  notReplayable: Partial<Record<ReplayObstacle, number>>;
}

/** A call that is not equal, or cannot be replayed. */
export type Suspect = Pick<StoredCall, 'id' | 'symbol' | 'profile'> & Outcome;

/** Calls that are in memory at a time. */
const AT_ONCE = 100;

/**
 * Replays the calls of a day, or all of them, oldest first.
 *
 * @param day - the as-of, `YYYY-MM-DD`
 * @param onCall - is called after each call, with the counts so far and the call if it is suspect
 */
export async function replayCalls(
  sql: Sql,
  load: LoadModel,
  { day, onCall }: { day?: string | undefined; onCall?: (counts: ReplayCounts, suspect?: Suspect) => void },
): Promise<ReplayCounts> {
  const counts: ReplayCounts = { calls: 0, equal: 0, recorded: 0, different: 0, notReplayable: {} };
  const isOfDay = day === undefined ? sql`true` : sql`r.as_of = ${day}::timestamptz`;
  let last: string | undefined;
  do {
    // Ids are in the order of publication. A page at a time, because a cursor would reach the timeout of its statement.
    const isNext = last === undefined ? sql`true` : sql`r.id > ${last}`;
    const calls = await selectCalls(sql, sql`${isOfDay} AND ${isNext} ORDER BY r.id LIMIT ${AT_ONCE}`);
    for (const call of calls) {
      const suspect = count(counts, await outcomeOf(sql, call, load));
      onCall?.(counts, suspect && { id: call.id, symbol: call.symbol, profile: call.profile, ...suspect });
    }
    last = calls.at(-1)?.id;
  } while (last !== undefined);
  return counts;
}

type Outcome = { replay: Replay } | { error: ReplayError };

async function outcomeOf(sql: Sql, call: StoredCall, load: LoadModel): Promise<Outcome> {
  try {
    return { replay: await replay(sql, call, load) };
  } catch (error) {
    if (error instanceof ReplayError) return { error };
    throw error;
  }
}

/** @returns the outcome if it is suspect */
function count(counts: ReplayCounts, outcome: Outcome): Outcome | undefined {
  counts.calls++;
  if ('error' in outcome) {
    const { obstacle } = outcome.error;
    counts.notReplayable[obstacle] = (counts.notReplayable[obstacle] ?? 0) + 1;
    return outcome;
  }
  if (!outcome.replay.isEqual) {
    counts.different++;
    return outcome;
  }
  counts.equal++;
  if (outcome.replay.place === 'recorded') counts.recorded++;
  return undefined;
}
