import type { Batch } from '../../shared/contracts.ts';
import { DAY_MS, toDay } from '../../shared/days.ts';
import type { CorporateAction } from '../providers/provider.ts';
import type { Finding, Note } from '../quality/findings.ts';
import type { RawBar } from '../raw.ts';
import { type Answer, isOutdated } from './answers.ts';
import { type Comparison, LARGEST_SPREAD } from './compare.ts';

/** How a series relates to the stored bars. */
export type Decision =
  /** The series and the stored bars are on one basis. `replaces` also removes stored bars that the series lacks. */
  | { kind: 'store'; replaces: boolean }
  /** The bars before the requested days are on another basis: the whole history is needed. */
  | { kind: 'restated'; message: string }
  /** The stored bars stay: they are newer, or continue after the as-of. */
  | { kind: 'superseded'; note: Note }
  /** The series is wrong or incomplete. */
  | { kind: 'refused'; finding: Finding<'disagreement' | 'partial_history'> };

/** A restated history replaces the stored one only if it has at least this share of its bars. */
const LEAST_REPLACED = 0.9;

/** Relative difference up to which two values of an action are equal. */
const SAME_VALUE = 1e-6;

/**
 * Decides whether the bars that arrived may continue or replace the stored ones.
 *
 * Sources adjust the past. An adjustment multiplies every bar before its day, so it shows on the oldest bar that
 * arrived again. If that bar is unchanged, the history before it is unchanged too; later differences are corrections
 * of single bars, and they are written. If that bar changed, if it did not arrive soundly, or if the source reports an
 * action that the stored bars do not include, then the two must not be joined: the step between them would be a price
 * move that never happened. The whole history is fetched instead, which comes on one basis.
 *
 * The later fetch wins. A replay or a slow load never restores what a later fetch replaced.
 *
 * @param bars - the bars of the answer that passed the gate
 */
export function decide(
  answer: Answer,
  bars: readonly RawBar[],
  comparison: Comparison,
  batch: Batch,
): Decision {
  const { instrument, record } = answer;
  if (isOutdated(answer) && comparison.changed > 0) {
    return superseded(`the stored bars were fetched later than ${record.fetchedAt}`);
  }
  const beginsEarlier = instrument.firstTs !== null && instrument.firstTs < Date.parse(batch.from);
  const endsLater = instrument.lastTs !== null && instrument.lastTs >= Date.parse(batch.asOf) + DAY_MS;
  const movedAt = firstMoveOf(comparison);
  // 15-minute bars older than the requested window are about to be dropped.
  if (batch.interval === '15m' || !(beginsEarlier || endsLater)) {
    return replaceAll(comparison, movedAt !== undefined);
  }

  const disagreement = disagreementOf(comparison, record.provider);
  if (disagreement) return disagreement;
  const sign = signOfRestatement(answer, bars, comparison, movedAt);
  if (sign === undefined) return { kind: 'store', replaces: false };
  if (endsLater)
    return superseded(`the source restated its past (${sign}), and stored bars continue after ${batch.asOf}`);
  return { kind: 'restated', message: `the source restated its past: ${sign}` };
}

function superseded(message: string): Decision {
  return { kind: 'superseded', note: { reason: 'superseded', message } };
}

/** The first bar with other prices, if no earlier bar has the same prices. */
function firstMoveOf({ firstMoved, firstSame }: Comparison): number | undefined {
  if (firstMoved === null) return undefined;
  return firstSame === null || firstMoved < firstSame ? firstMoved : undefined;
}

/** All stored bars lie within the requested days, so the series may replace every one of them. */
function replaceAll(comparison: Comparison, isMoved: boolean): Decision {
  if (!isMoved || comparison.common >= LEAST_REPLACED * comparison.stored) {
    return { kind: 'store', replaces: isMoved };
  }
  const message = `the restated history has only ${comparison.common} of the ${comparison.stored} stored bars`;
  return { kind: 'refused', finding: { reason: 'partial_history', message } };
}

/** The refusal if the closes of two sources do not differ by a single factor, so that their prices disagree. */
function disagreementOf({ common, disputed, ratios }: Comparison, provider: string): Decision | undefined {
  if (disputed === 0 || !ratios || Math.log(ratios.high / ratios.low) <= LARGEST_SPREAD) return undefined;
  const message = `${disputed} of ${common} bars are disputed: closes of ${provider} are ${ratios.low} to ${ratios.high} times those of another source`;
  return { kind: 'refused', finding: { reason: 'disagreement', message } };
}

/** Why the series is on another basis than the stored bars before it; undefined if the basis is unchanged. */
function signOfRestatement(
  answer: Answer,
  bars: readonly RawBar[],
  { common, firstCommon, missing: [firstMissing] }: Comparison,
  movedAt: number | undefined,
): string | undefined {
  if (movedAt !== undefined) return `the prices of ${toDay(movedAt)} changed`;
  const { currency: before } = answer.instrument;
  const { currency } = answer.record;
  if (before !== null && currency !== undefined && currency !== before && !isOutdated(answer))
    return `the currency changed from ${before} to ${currency}`;
  const unknown = isOutdated(answer) ? [] : unknownActions(answer, bars);
  if (unknown.length > 0) {
    return `new ${unknown.map(({ exDay, kind, value }) => `${kind} of ${value} on ${exDay}`).join(', ')}`;
  }
  // Without a common bar nothing shows that both are on one basis: a dividend's step looks like any other.
  const [first] = bars;
  const { firstTs } = answer.instrument;
  if (common === 0 && first && firstTs !== null && first[0] > firstTs) {
    return `no bar from ${toDay(first[0])} on matches a stored one`;
  }
  // A late split of the first common bar's day changes only the bars before it.
  if (firstCommon !== null && firstMissing !== undefined && firstMissing < firstCommon) {
    return `no sound bar before ${toDay(firstCommon)} shows the basis of the stored ones`;
  }
  return undefined;
}

/** Actions that change the basis of the stored bars and are not recorded. */
function unknownActions({ instrument, record }: Answer, bars: readonly RawBar[]): CorporateAction[] {
  const known = new Map(instrument.actions.map((action) => [`${action.kind} ${action.exDay}`, action.value]));
  return effectiveActions(record.actions, bars).filter(({ kind, exDay, value }) => {
    if (instrument.firstTs === null || Date.parse(exDay) <= instrument.firstTs) return false;
    const before = known.get(`${kind} ${exDay}`);
    return before === undefined || Math.abs(before - value) > SAME_VALUE * before;
  });
}

/**
 * The actions that bars are adjusted for, with several of one kind and day merged. An action without a bar on or after
 * its ex day has adjusted nothing yet, and its source may still change it.
 */
export function effectiveActions(
  actions: readonly CorporateAction[],
  bars: readonly RawBar[],
): CorporateAction[] {
  const last = bars.at(-1)?.[0];
  if (last === undefined) return [];
  const merged = new Map<string, CorporateAction>();
  for (const action of actions) {
    if (!(action.value > 0) || !Number.isFinite(action.value) || Date.parse(action.exDay) > last) continue;
    const key = `${action.kind} ${action.exDay}`;
    const other = merged.get(key);
    merged.set(key, other ? { ...action, value: mergedValue(action, other) } : action);
  }
  return [...merged.values()];
}

function mergedValue({ kind, value }: CorporateAction, other: CorporateAction): number {
  return kind === 'split' ? value * other.value : value + other.value;
}
