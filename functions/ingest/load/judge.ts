import type { Batch } from '../../shared/contracts.ts';
import { DAY_MS } from '../../shared/days.ts';
import { defined } from '../../shared/invariant.ts';
import type { Failure } from '../../shared/ledger.ts';
import type { CorporateAction } from '../providers/provider.ts';
import { LOOK_BACK } from '../quality/continuity.ts';
import type { Note, Suspect } from '../quality/findings.ts';
import { examine } from '../quality/gate.ts';
import { type Sessions, sessionsOf } from '../quality/sessions.ts';
import type { RawBar } from '../raw.ts';
import {
  type Answer,
  type BatchMarket,
  fetchedAt,
  isOutdated,
  marketKey,
  type SortedAnswers,
} from './answers.ts';
import { firstChangedReturn } from './changed-returns.ts';
import { compare } from './compare.ts';
import { decide, effectiveActions } from './restatement.ts';
import type { StoredBar, StoredState } from './stored-state.ts';
import { findWrongUnit } from './units.ts';

/** What Load does with one instrument. */
export type Verdict =
  /** Nothing is stored. */
  | { kind: 'failed'; failure: Failure }
  /** Nothing is stored, and the bars that another source contradicts go into quarantine. */
  | (Answer & { kind: 'disputed'; failure: Failure; suspects: readonly Suspect[] })
  /** Nothing is stored until the whole history is fetched; the failure lasts until then. */
  | (Answer & { kind: 'restated'; failure: Failure })
  | Accepted;

/** The fetch is recorded. Its bars are stored unless newer stored bars supersede them. */
export interface Accepted extends Answer {
  kind: 'stored' | 'superseded';
  /** The bars that passed the gate; empty if they are superseded. */
  bars: readonly RawBar[];
  /** The new and the different ones among them, which are written. */
  changes: readonly RawBar[];
  /** Stored bars that are removed, in milliseconds since the epoch. */
  removed: readonly number[];
  /** As in {@link firstChangedReturn}; absent if no return changes. */
  changedFrom?: number | undefined;
  /** Bars for the quarantine, and the rows of the quarantine that these bars resolve. */
  suspects: readonly Suspect[];
  resolved: readonly string[];
  notes: readonly Note[];
  /** Actions that the bars are adjusted for. */
  actions: readonly CorporateAction[];
  /** Why the instrument gets no recommendation from this run although its bars are accepted. */
  failure?: Failure;
}

const NO_BARS: ReadonlyMap<number, StoredBar> = new Map();

/**
 * Judges a batch: passes each answer through the gate of `quality/`, compares it with the stored bars, and decides
 * which bars are written. It reads and writes nothing itself.
 *
 * @returns one verdict per symbol; those with bars in the order of the instruments' ids
 */
export function judge(
  batch: Batch,
  { answers, failures, markets }: SortedAnswers,
  state: StoredState,
): Verdict[] {
  const sessions = batch.interval === 'daily' ? sessionsByMarket(markets, state) : undefined;
  return [
    ...failures.map((failure): Verdict => ({ kind: 'failed', failure })),
    ...answers.map((answer) => judgeAnswer(batch, answer, state, sessions?.get(marketKey(answer)))),
  ];
}

/** The sessions of each market: from the batch's own bars, and from those of other stored instruments. */
function sessionsByMarket(
  markets: readonly BatchMarket[],
  { otherDays }: StoredState,
): Map<string, Sessions> {
  return new Map(markets.map(({ key, days }) => [key, sessionsOf([days, otherDays.get(key) ?? []])]));
}

function judgeAnswer(
  batch: Batch,
  answer: Answer,
  state: StoredState,
  sessions: Sessions | undefined,
): Verdict {
  const { instrument, record, checked } = answer;
  const { symbol } = instrument;
  const { fault, bars, suspects, notes, doubt, cut } = examine(
    {
      symbol,
      interval: batch.interval,
      from: batch.from,
      asOf: batch.asOf,
      fetchedAt: fetchedAt(record),
      bars: record.bars,
      actions: record.actions,
      adjustments: record.adjustments,
      tradesEveryDay: record.tradesEveryDay,
      hasVolume: record.hasVolume,
      checked,
    },
    {
      sessions,
      barsBefore: state.barsBefore.get(instrument.id),
      lastStored: instrument.lastTs ?? undefined,
    },
  );
  if (fault) return { kind: 'failed', failure: { symbol, step: 'load', ...fault } };

  const split = cut === undefined ? undefined : judgeCut(answer, { bars, suspects, cut }, batch);
  if (split) return split;
  const stored = state.bars.get(instrument.id) ?? NO_BARS;
  const unit = findWrongUnit(answer, bars, stored);
  if (unit) return { kind: 'failed', failure: { symbol, step: 'load', ...unit } };
  const comparison = compare(bars, record.provider, stored);
  const decision = decide(answer, bars, comparison, batch);
  if (decision.kind === 'restated') {
    const { message } = decision;
    return { ...answer, kind: 'restated', failure: { symbol, step: 'load', reason: 'restated', message } };
  }
  if (decision.kind === 'refused') {
    const { reason, message } = decision.finding;
    const failure: Failure = { symbol, step: 'load', reason, message };
    if (reason === 'partial_history') return { kind: 'failed', failure };
    const [from] = defined(comparison.changes[0], `first disputed bar of ${symbol}`);
    const disputed = bars.filter(([ts]) => ts >= from);
    return {
      ...answer,
      kind: 'disputed',
      failure,
      suspects: disputed.map((bar) => ({ bar, reason, message })),
    };
  }

  const common = {
    ...answer,
    // An outdated answer proves nothing against bars that a later fetch has accepted since.
    suspects: isOutdated(answer) ? [] : suspects,
    ...(doubt && { failure: { symbol, step: 'load', ...doubt } as const }),
  };
  if (decision.kind === 'superseded') {
    const nothing = { bars: [], changes: [], removed: [], resolved: [], actions: [] };
    return { ...common, kind: 'superseded', ...nothing, notes: [...notes, decision.note] };
  }
  const { changes, missing } = comparison;
  // Bars on another level must not continue in those that are stored now.
  const removed = cut !== undefined ? missing.filter((ts) => ts < cut) : decision.replaces ? missing : [];
  const { firstTs, lastTs } = instrument;
  return {
    ...common,
    kind: 'stored',
    bars,
    changes,
    removed,
    ...(firstTs !== null &&
      lastTs !== null && {
        changedFrom: firstChangedReturn({ bars, changes, stored, removed, firstTs, lastTs }),
      }),
    resolved: resolvedBy(bars, answer),
    notes,
    actions: batch.interval === 'daily' && !isOutdated(answer) ? effectiveActions(record.actions, bars) : [],
  };
}

/**
 * Decides on a series of which the bars before a change of level are in doubt, where bars before it are stored. Those
 * must not be joined with the bars after it. The whole history may explain the change. If it does not, the bars after
 * it replace the stored ones once they are enough for the features. Until then nothing is stored, and the next run asks
 * again.
 *
 * @returns undefined if no stored bar lies before the change, or the bars after it replace the stored ones
 */
function judgeCut(
  answer: Answer,
  { bars, suspects, cut }: { bars: readonly RawBar[]; suspects: readonly Suspect[]; cut: number },
  batch: Batch,
): Verdict | undefined {
  const { symbol, firstTs, lastTs } = answer.instrument;
  if (firstTs === null || firstTs >= cut) return undefined;
  const { reason, message } = defined(suspects[0], 'bar before a change of level');
  const beginsEarlier = firstTs < Date.parse(batch.from);
  const endsLater = lastTs !== null && lastTs >= Date.parse(batch.asOf) + DAY_MS;
  if (batch.interval === 'daily' && beginsEarlier && !endsLater && !isOutdated(answer)) {
    return { ...answer, kind: 'restated', failure: { symbol, step: 'load', reason, message } };
  }
  if (!beginsEarlier && !endsLater && !isOutdated(answer) && bars.length >= LOOK_BACK) return undefined;
  return { kind: 'failed', failure: { symbol, step: 'load', reason, message } };
}

/** The rows of the quarantine whose bars have now passed the gate. */
function resolvedBy(bars: readonly RawBar[], { instrument }: Answer): string[] {
  if (instrument.quarantined.length === 0) return [];
  const good = new Set(bars.map(([ts]) => ts));
  return instrument.quarantined.filter(({ ts }) => good.has(ts)).map(({ id }) => id);
}
