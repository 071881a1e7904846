import * as z from 'zod';
import { LABELS, LEAST_HISTORY_BARS, PROFILES, type Profile } from '../../../shared/constants.ts';
import { marksOf } from '../../../shared/model-market.ts';
import { dayOf, oldestFresh } from '../../lists/age.ts';
import { Day, Instant } from '../../lists/fields.ts';
import { textParameter } from '../../lists/parameters.ts';
import { INSTRUMENT_FIELDS, type InstrumentRow } from '../../resources/instrument.ts';

/** The longest note, in characters. */
export const LONGEST_NOTE = 200;

/** A note by the user. */
export const NoteText = textParameter(LONGEST_NOTE);

const Call = z
  .strictObject({
    id: z.uuid().describe('The id of the recommendation.'),
    profile: z.enum(PROFILES).describe("The caller's preferred profile."),
    label: z.enum(LABELS).describe('The call.'),
    confidence: z.number().min(0).max(1).describe('The calibrated probability of the call.'),
    asOf: Day.describe('Trading day of the newest bar that the call is based on.'),
  })
  .meta({ id: 'FollowedCall', description: 'The current call for a followed stock.' });

/** Why a followed stock has a call or none. */
export const ENTRY_STATES = ['current', 'withheld', 'pending', 'short_history', 'unsupported'] as const;

export const WatchlistEntry = z
  .strictObject({
    ...INSTRUMENT_FIELDS,
    note: z.string().nullable().describe('One line by the user; null without one.'),
    followedAt: Instant.describe('When the user followed the stock, in UTC.'),
    state: z
      .enum(ENTRY_STATES)
      .describe(
        "`current`: it has a call for the caller's preferred profile. `withheld`: its call is too old to act on. `pending`: the next run makes its first call; see `firstCallDue`. `short_history`: it has too few daily bars for a call; see `history`. `unsupported`: it gets no calls; see `reason`.",
      ),
    reason: z
      .string()
      .nullable()
      .describe('Why it gets no calls, in one sentence; null in all other states.'),
    firstCallDue: Instant.nullable().describe(
      'When the run begins that makes its first call, in UTC. Null in all states but `pending`, and if no run is scheduled.',
    ),
    history: z
      .strictObject({
        bars: z.int().describe('The stored daily bars.'),
        needed: z.int().describe('The daily bars that a call needs.'),
      })
      .nullable()
      .describe('The length of its history; null in all states but `short_history`.'),
    call: Call.nullable().describe(
      'The call in the state `current`. Null in all other states, and for a user who has not accepted the risk notice.',
    ),
  })
  .meta({ id: 'WatchlistEntry', description: 'A stock that the user follows.' });
export type WatchlistEntry = z.output<typeof WatchlistEntry>;

/** A row of the watchlist. */
export interface EntryRow extends InstrumentRow {
  is_recommended: boolean;
  note: string | null;
  followed_at: Date;
  id: string | null;
  label: (typeof LABELS)[number] | null;
  confidence: number | null;
  as_of: Date | null;
  /** Daily bars, counted up to the number that a call needs; null for an instrument with a call. */
  bars: number | null;
  /** Why the latest run made no call; null if it did not fail. */
  failure: string | null;
}

/** What an entry depends on beyond its row. */
export interface EntryContext {
  profile: Profile;
  hasConsented: boolean;
  now: Date;
  nextRun: Date | null;
}

/** Converts a row to the API's form. */
export function toEntry(
  row: EntryRow,
  { profile, hasConsented, now, nextRun }: EntryContext,
): WatchlistEntry {
  const standing = standingOf(row, now);
  return {
    symbol: row.symbol,
    exchange: row.exchange,
    name: row.name,
    sector: row.sector,
    currency: row.currency,
    marks: marksOf(row),
    note: row.note,
    followedAt: row.followed_at.toISOString(),
    ...standing,
    firstCallDue: standing.state === 'pending' ? (nextRun?.toISOString() ?? null) : null,
    history: standing.state === 'short_history' ? { bars: row.bars ?? 0, needed: LEAST_HISTORY_BARS } : null,
    call: standing.state === 'current' && hasConsented ? callOf(row, profile) : null,
  };
}

function standingOf(row: EntryRow, now: Date): Pick<WatchlistEntry, 'state' | 'reason'> {
  const unsupported = (reason: string) => ({ state: 'unsupported' as const, reason });
  if (!row.is_active) return unsupported('Runs no longer cover this stock.');
  if (!row.is_recommended)
    return unsupported('Other stocks are compared with it, and it gets no calls of its own.');
  if (row.as_of) return { state: row.as_of < oldestFresh(now) ? 'withheld' : 'current', reason: null };
  const bars = row.bars ?? 0;
  if (row.failure !== null && NO_BARS.includes(row.failure) && bars === 0)
    return unsupported('The source of prices has no daily prices of this stock.');
  if (row.failure === 'stale')
    return unsupported(
      'The source of prices has no recent prices of this stock. It may no longer be traded.',
    );
  const isShort = bars > 0 && bars < LEAST_HISTORY_BARS;
  return { state: isShort ? 'short_history' : 'pending', reason: null };
}

/** Failures that say that the vendors do not have an instrument. */
const NO_BARS = ['not_found', 'delisted', 'not_covered', 'no_bars'];

function callOf(row: EntryRow, profile: Profile): WatchlistEntry['call'] {
  if (!row.id || !row.label || row.confidence === null || !row.as_of) return null;
  return { id: row.id, profile, label: row.label, confidence: row.confidence, asOf: dayOf(row.as_of) };
}
