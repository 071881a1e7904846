import { PARTIAL_ABOVE_SHARE, type RunStatus, SYSTEMATIC_ABOVE_SHARE } from './constants.ts';

/** The reason of an instrument that a run does not request, because the vendor's allowance is used up. */
const DEFERRED = 'deferred';

/**
 * Reasons that state a fact about an instrument, such as a short history, or that it waits for its turn at the provider.
 * They do not count as failures of a run.
 */
export const EXPECTED_REASONS: readonly string[] = ['insufficient_history', DEFERRED];

/**
 * Reasons of a fetch that concern this client or the vendor, and so every other symbol as well. They open the circuit
 * breaker.
 */
export const REFUSALS = [
  'rate_limited',
  'quota_exceeded',
  'blocked',
  'key_refused',
  'timeout',
  'unavailable',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** The reason of an answer whose form is unknown. */
export const SCHEMA_DRIFT = 'schema_drift';

/** A refusal or an unknown form of fewer instruments may concern these alone; as many refusals open the breaker. */
const LEAST_SYSTEMATIC = 5;

/** One instrument cannot show whether its market was open. */
const LEAST_MEMBERS = 2;

/**
 * The reason of a call that is withheld, because there are too few stocks to compare the instrument with. It counts as a
 * failure, but the instrument is sound.
 */
export const UNIVERSE_TOO_SMALL = 'universe_too_small';

/** The first failure of an instrument in a run. */
export interface FailedInstrument {
  symbol: string;
  reason: string;
  message: string;
}

/** The time since the newest daily bar of a run's instruments, as weekdays. */
export interface Silence {
  /** The day of the newest bar, `YYYY-MM-DD`. */
  since: string;
  /** The weekdays between that bar and the as-of, both exclusive. */
  weekdays: number;
  /** The most weekdays without a bar in the earlier history of these instruments: their longest closure. */
  longestClosure: number;
}

/** The facts that decide how a run ends. */
export interface RunFacts {
  /** The number of instruments that the run covers. */
  instruments: number;
  /** At most one per instrument. */
  failures: readonly FailedInstrument[];
  /** Absent if the run needs no new bar, or no instrument has any. */
  silence?: Silence | undefined;
}

/** How a run ends, and why if not every instrument is well. */
export type RunVerdict =
  | { status: Extract<RunStatus, 'succeeded'> }
  | { status: Extract<RunStatus, 'partial' | 'failed'>; explanation: string };

/**
 * Decides how a run ends. This is the only rule on how many instruments may fail. The failures of some never withhold
 * the recommendations of the others: a run fails only if the fault is systematic.
 *
 * - `failed`: the provider refuses most instruments, most answers have an unknown form, no instrument is sound, or no
 *   instrument has a new bar although one was due.
 * - `partial`: it publishes, although more than a fifth of the instruments failed.
 * - `succeeded`: in all other cases.
 *
 * @example
 * judgeRun({ instruments: 13, failures: fiveFailures }); // { status: 'partial', explanation: '5 of 13 instruments …' }
 */
export function judgeRun(facts: RunFacts): RunVerdict {
  const fault = systematicFault(facts);
  if (fault) return { status: 'failed', explanation: `${fault.what} ${NOTHING_PUBLISHED} ${fault.remedy}` };
  const failed = unexpected(facts.failures);
  if (failed.length / facts.instruments <= PARTIAL_ABOVE_SHARE || failed.length === 0)
    return { status: 'succeeded' };
  const count = `${failed.length} of ${facts.instruments} instruments failed.`;
  return { status: 'partial', explanation: `${count} ${byReason(failed)}` };
}

const NOTHING_PUBLISHED = 'Nothing was published, and earlier recommendations stay active.';

interface SystematicFault {
  what: string;
  remedy: string;
}

function systematicFault({ instruments, failures, silence }: RunFacts): SystematicFault | undefined {
  const failed = unexpected(failures);
  const refused = failed.filter(({ reason }) => isRefusal(reason));
  const requested = instruments - failures.filter(({ reason }) => reason === DEFERRED).length;
  if (areMost(refused.length, requested)) {
    return {
      what: `The provider refused ${refused.length} of ${requested} instruments. ${byReason(refused)}`,
      remedy: 'Start a new run when the provider answers again, or with another provider.',
    };
  }
  const answers = requested - refused.length;
  const drifted = failed.filter(({ reason }) => reason === SCHEMA_DRIFT);
  if (areMost(drifted.length, answers)) {
    return {
      what: `The format of ${drifted.length} of ${answers} answers is unknown. ${byReason(drifted)}`,
      remedy:
        'The provider has probably changed its format: start a new run with another provider, or update Boursomatic.',
    };
  }
  const judged = instruments - (failures.length - failed.length);
  const unsound = failed.filter(({ reason }) => reason !== UNIVERSE_TOO_SMALL);
  if (unsound.length > 0 && unsound.length >= judged) {
    const all = judged === 1 ? 'The only instrument failed.' : `All ${judged} instruments failed.`;
    return { what: `${all} ${byReason(unsound)}`, remedy: 'Remove the cause, then start a new run.' };
  }
  if (silence && instruments >= LEAST_MEMBERS && silence.weekdays > silence.longestClosure) {
    const { since, weekdays, longestClosure } = silence;
    return {
      what:
        `No instrument has a bar after ${since}, for ${weekdays} weekdays. ` +
        `In their history, the longest closure took ${longestClosure}.`,
      remedy: 'Check whether the provider still adds bars, then start a new run, or use another provider.',
    };
  }
  return undefined;
}

/** Whether a reason concerns the client or the vendor rather than one symbol. */
export function isRefusal(reason: string): reason is Refusal {
  return (REFUSALS as readonly string[]).includes(reason);
}

function areMost(part: number, whole: number): boolean {
  return part >= LEAST_SYSTEMATIC && part / whole > SYSTEMATIC_ABOVE_SHARE;
}

/** The failures that count. */
function unexpected(failures: readonly FailedInstrument[]): FailedInstrument[] {
  return failures.filter(({ reason }) => !EXPECTED_REASONS.includes(reason));
}

/** Most reasons, and most symbols of each, that an explanation names. */
const NAMED = 3;

/** Names the most frequent reasons, some of their symbols, and an example of each. */
function byReason(failures: readonly FailedInstrument[]): string {
  const groups = [...Map.groupBy(failures, ({ reason }) => reason)].sort(
    ([a, ofA], [b, ofB]) => ofB.length - ofA.length || a.localeCompare(b),
  );
  const sentences = groups.slice(0, NAMED).map(([reason, group]) => {
    const symbols = group.map(({ symbol }) => symbol).sort();
    const [example] = group;
    const others = symbols.length > NAMED ? ` and ${symbols.length - NAMED} more` : '';
    return `${reason}: ${symbols.slice(0, NAMED).join(', ')}${others} (${example?.message}).`;
  });
  const hidden = groups.slice(NAMED).reduce((sum, [, group]) => sum + group.length, 0);
  if (hidden > 0) sentences.push(`Other reasons: ${hidden} more.`);
  return sentences.join(' ');
}
