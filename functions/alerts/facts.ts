import { type ChangeRow, changeColumns, joinChanges, whyOfRow } from '../changes/stored.ts';
import type { Label, Profile } from '../shared/constants.ts';
import type { Transaction } from '../shared/database.ts';
import { toDay } from '../shared/days.ts';
import type { AlertChange, AlertFacts } from './contracts.ts';

/** The most changes of a message. A first publication changes every stock. */
export const MOST_CHANGES = 250;

/** What a message says, without the address of the page and the channel's token, which are not stored with it. */
export type StoredFacts = Omit<AlertFacts, 'pageUrl' | 'unsubscribePath' | 'oneClickPath' | 'managePath'>;

/** The message whose facts to compose. */
export interface MessageToCompose {
  id: string;
  kind: 'changes' | 'digest' | 'test';
  profile: Profile;
  /** The code that a test message to an unconfirmed address carries; null otherwise. */
  confirmationCode: string | null;
}

interface CallRow extends ChangeRow {
  label: Label;
  confidence: number;
  base_rate: number | null;
  close: number | null;
  stop_loss: number;
  take_profit: number;
}

/**
 * Composes what a message says, from the changes that its user still wants.
 *
 * @param notice - the notice that every response of the API carries
 * @returns undefined if the user wants none of the changes any more
 */
export async function composeFacts(
  tx: Transaction,
  message: MessageToCompose,
  notice: string | null,
): Promise<StoredFacts | undefined> {
  const { kind, profile, confirmationCode } = message;
  if (kind === 'test') {
    const asOf = await newestDay(tx);
    return { kind, profile, asOf, notice, changes: [], more: 0, confirmationCode };
  }
  const rows = await readChanges(tx, message.id);
  if (rows.length === 0) return undefined;
  const records = await readRecords(tx, profile);
  return {
    kind,
    profile,
    asOf: toDay(Math.max(...rows.map(({ as_of }) => as_of.getTime()))),
    notice,
    changes: rows.slice(0, MOST_CHANGES).map((row) => toChange(row, records)),
    more: Math.max(0, rows.length - MOST_CHANGES),
    confirmationCode: null,
  };
}

/** Whether a user still wants one of a message's changes. */
export async function isStillWanted(tx: Transaction, messageId: string): Promise<boolean> {
  const wanted = await tx`
    SELECT FROM alert_messages m JOIN alert_matches w ON ${isWantedBy(tx)} WHERE m.id = ${messageId} LIMIT 1`;
  return wanted.count > 0;
}

/** The condition by which a message `m` contains a match `w`. */
function isWantedBy(tx: Transaction) {
  return tx`w.user_id = m.user_id AND w.change_id = ANY (m.change_ids) AND (w.rule_kind = 'digest') = (m.kind = 'digest')`;
}

/** Reads the changes of a message that its user still wants, in the order of lists. */
function readChanges(tx: Transaction, messageId: string): Promise<CallRow[]> {
  return tx<CallRow[]>`
    SELECT ${changeColumns(tx)}, r.label, r.confidence, r.close, r.stop_loss, r.take_profit,
      (m.metrics_json #>> ARRAY['base_rate', r.label])::float8 AS base_rate
    FROM call_changes c ${joinChanges(tx)}
    WHERE c.id IN (
      SELECT w.change_id FROM alert_messages m JOIN alert_matches w ON ${isWantedBy(tx)} WHERE m.id = ${messageId})
    ORDER BY c.id DESC`;
}

type Records = Map<Label, { calls: number; hits: number }>;

/** Results of the live calls of a profile, by label: the sums of GET /v1/track-record. HOLD claims nothing. */
async function readRecords(tx: Transaction, profile: Profile): Promise<Records> {
  const rows = await tx<{ label: Label; calls: number; hits: number }[]>`
    SELECT label, sum(scored)::int AS calls,
      sum(CASE label WHEN 'SELL' THEN below_market ELSE above_market END)::int AS hits
    FROM track_record_days WHERE kind = 'live' AND profile = ${profile} AND label <> 'HOLD' GROUP BY label`;
  return new Map(rows.map(({ label, calls, hits }) => [label, { calls, hits }]));
}

function toChange(row: CallRow, records: Records): AlertChange {
  return {
    symbol: row.symbol,
    name: row.name ?? row.symbol,
    change: row.kind,
    from: row.from_label,
    // A call that reached a level is still served.
    to: row.kind === 'withheld' ? null : row.label,
    why: whyOfRow(row),
    chance: row.confidence,
    baseRate: row.base_rate,
    record: records.get(row.label) ?? null,
    close: row.close,
    stopLoss: row.stop_loss,
    takeProfit: row.take_profit,
    currency: row.currency,
    path: `/recommendations/${row.recommendation_id}`,
  };
}

/** The day of the newest calls, or today if there is none. */
async function newestDay(tx: Transaction): Promise<string> {
  const [newest] = await tx<{ as_of: Date | null }[]>`
    SELECT max(as_of) AS as_of FROM recommendations WHERE is_active`;
  return toDay(newest?.as_of ?? new Date());
}
