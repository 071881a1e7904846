import type { Batch } from '../../shared/contracts.ts';
import { DAY_MS, toDay } from '../../shared/days.ts';
import type { CorporateAction } from '../providers/provider.ts';
import type { Finding, Note } from '../quality/findings.ts';
import { type Comparison, type Incoming, isOutdated, LARGEST_SPREAD } from './compare.ts';

/** What to do with a series of an instrument that has bars. */
export type Decision =
  /** Write what is new or different; `replaces` also removes stored bars that did not come again. */
  | { kind: 'store'; replaces: boolean }
  /** Nothing, because the bars before these days are on another basis: the whole history is needed. */
  | { kind: 'restated'; message: string }
  /** Nothing, because what is stored is newer, or goes on after the as-of. */
  | { kind: 'superseded'; note: Note }
  /** Nothing, because it cannot be right. */
  | { kind: 'refused'; finding: Finding<'disagreement' | 'partial_history'> };

/** A new history must hold this share of the old one's bars to take its place. */
const LEAST_REPLACED = 0.9;

/** Values of an action that differ by no more than this share are one. */
const SAME_VALUE = 1e-6;

/**
 * Decides between two truths: the bars that are stored and the bars that came.
 *
 * Sources adjust the past. An adjustment multiplies every bar before its day, so that it shows on the oldest bar that
 * came again: if its prices are the stored ones, then the history before it is on the basis that it was on, and what
 * differs later are corrections of single bars, which are written. If they are not, if no bar came again, or if an
 * action is told that the stored bars cannot know, the stored history must not be continued with what came: there would be a step between
 * the two that no market made. Then the whole history is asked for, which comes on one basis.
 *
 * Whatever was asked for later wins. A replay, or a load that was slow, never puts back what a later fetch replaced.
 */
export function decide(incoming: Incoming, compared: Comparison, batch: Batch): Decision {
  const { stored, bars, record } = incoming;
  const [first] = bars;
  const { firstMoved, firstSame } = compared;
  if (isOutdated(incoming) && compared.changed > 0) {
    return superseded(`what is stored was asked for later than ${record.fetchedAt}`);
  }
  const isCut = stored.firstTs !== null && stored.firstTs < Date.parse(batch.from);
  const goesOn = stored.lastTs !== null && stored.lastTs >= Date.parse(batch.asOf) + DAY_MS;
  // With no bar in common, nothing shows that both are on one basis: the step of a dividend is like any other.
  const isDetached =
    compared.common === 0 && stored.firstTs !== null && first !== undefined && first[0] > stored.firstTs;
  const isMoved = firstMoved !== null && (firstSame === null || firstMoved < firstSame);
  // Whatever is older than the window of 15-minute bars is on its way out.
  if (batch.interval === '15m' || !(isCut || goesOn)) return replacing(compared, isMoved);

  const unknown = isOutdated(incoming) ? [] : unknownActions(incoming);
  if (compared.disputed > 0 && spreadOf(compared) > LARGEST_SPREAD) {
    const message = `${compared.disputed} of ${compared.common} bars are disputed: closes of ${record.provider} are ${compared.lowRatio} to ${compared.highRatio} times those of another source`;
    return { kind: 'refused', finding: { reason: 'disagreement', message } };
  }
  if (!isMoved && !isDetached && unknown.length === 0) return { kind: 'store', replaces: false };
  const why = isMoved
    ? `the bar of ${toDay(firstMoved ?? 0)} has other prices than before`
    : unknown.length > 0
      ? `${unknown.map(({ exDay, kind, value }) => `${kind} of ${value} on ${exDay}`).join(', ')}`
      : `no bar of ${toDay(first?.[0] ?? 0)} and later is in common with those stored`;
  if (goesOn) return superseded(`its source restated it (${why}), and stored bars go on after ${batch.asOf}`);
  return { kind: 'restated', message: `its source restated it: ${why}` };
}

function superseded(message: string): Decision {
  return { kind: 'superseded', note: { reason: 'superseded', message } };
}

/** All that is stored lies within the days asked for, so that what came is all there is to know. */
function replacing(compared: Comparison, isMoved: boolean): Decision {
  if (!isMoved || compared.common >= LEAST_REPLACED * compared.stored) {
    return { kind: 'store', replaces: isMoved };
  }
  const message = `a restated history with ${compared.common} of the ${compared.stored} bars that are stored`;
  return { kind: 'refused', finding: { reason: 'partial_history', message } };
}

function spreadOf({ lowRatio, highRatio }: Comparison): number {
  return lowRatio === null || highRatio === null ? 0 : Math.log(highRatio / lowRatio);
}

/** Actions that adjust stored bars and are not recorded. */
function unknownActions({ stored, record, bars }: Incoming): CorporateAction[] {
  const known = new Map(stored.actions.map((action) => [`${action.kind} ${action.exDay}`, action.value]));
  return reachedActions(record.actions, bars).filter(({ kind, exDay, value }) => {
    if (stored.firstTs === null || Date.parse(exDay) <= stored.firstTs) return false;
    const before = known.get(`${kind} ${exDay}`);
    return before === undefined || Math.abs(before - value) > SAME_VALUE * before;
  });
}

/**
 * Actions whose day has come, several of one kind and day as one. Until there is a bar of its ex day or after it, an
 * action has adjusted nothing, and may still be changed.
 */
export function reachedActions(
  actions: readonly CorporateAction[],
  bars: Incoming['bars'],
): CorporateAction[] {
  const last = bars.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
  const merged = new Map<string, CorporateAction>();
  for (const action of actions) {
    if (!(action.value > 0) || !Number.isFinite(action.value) || Date.parse(action.exDay) > last) continue;
    const key = `${action.kind} ${action.exDay}`;
    const other = merged.get(key);
    const value =
      action.kind === 'split' ? action.value * (other?.value ?? 1) : action.value + (other?.value ?? 0);
    merged.set(key, { ...action, value });
  }
  return [...merged.values()];
}
