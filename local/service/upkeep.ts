import { setTimeout } from 'node:timers/promises';
import type { UpdateState } from '../../functions/api/core/update-state.ts';
import type { PipelineInput } from '../../functions/shared/contracts.ts';
import { DAY_MS } from '../../functions/shared/days.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { nextRun, retryDelayMs } from '../schedule/next-run.ts';
import type {
  EndedDaily,
  FailedAttempts,
  NextRun,
  RunKind,
  ScheduleOptions,
  ScheduleState,
} from '../schedule/schedule.ts';
import { describeError } from '../terminal/exit.ts';
import { reasonOf } from './reason.ts';

/** What the ledger and the data folder say about earlier work. */
export type Past = Omit<ScheduleState, 'options' | 'now' | 'failedDaily' | 'failedBackup'> & {
  /** The first daily run that failed after the last one that succeeded. */
  failingSince?: Date | undefined;
};

/** A run that is not made by schedule but because this start requires it. */
export interface FirstRun {
  /** Why, for a person. */
  reason: string;
  /** Whether a daily run that is due makes this one superfluous. */
  isCoveredByDaily: boolean;
  perform(): Promise<void>;
}

/** What a service keeps up to date, and how. */
export interface Upkeep {
  schedule: ScheduleOptions;
  first?: FirstRun | undefined;
  /** Called before each look at the schedule. If it fails, nothing runs until it succeeds. */
  readPast(): Promise<Past>;
  perform: {
    run(input: PipelineInput): Promise<void>;
    backup(): Promise<void>;
    retrain(): Promise<void>;
  };
  /** Receives a line for each event. */
  say(line: string): void;
  /** Receives the state of updates after each change. */
  publish(state: UpdateState): void;
  signal: AbortSignal;
  /** The wall clock. */
  now?: () => Date;
  /** Changes whenever a run of any origin has ended, which may have changed what is due. */
  revision?: () => number;
  /** Waits for a number of milliseconds; ends early when the signal aborts. */
  wait?: (ms: number) => Promise<void>;
}

/** The longest wait before the schedule is computed again: instruments and other runs may have changed it. */
const RECHECK_MS = 60_000;
const STEP_MS = 1_000;

/** The name of each kind of work in a line. */
const NAMES: Record<RunKind, string> = {
  daily: 'run',
  intraday: 'run of 15-minute bars',
  backup: 'backup',
  retrain: 'retraining',
};

/** What the loop knows beyond the ledger. */
interface Memory {
  first: FirstRun | undefined;
  /**
   * When the last work of each kind began that need not be repeated. The ledger says the same by the clock of the
   * database's server, which may be behind.
   */
  began: Partial<Record<RunKind, Date>>;
  failed: Partial<Record<RunKind, FailedAttempts>>;
  /** The attempts for earlier days. The ledger lacks the day of a refused one. */
  madeUp: EndedDaily[];
  failingSince: Date | undefined;
  reason: string | null;
  /** The last line about the schedule, so that each is printed once. */
  announced: string;
}

/**
 * Does what is due, one piece of work after another, until the signal aborts. Work that fails is repeated by the
 * schedule's rules, and never ends the service.
 */
export async function keepUp(upkeep: Upkeep): Promise<void> {
  const { signal, now = () => new Date(), revision = () => 0 } = upkeep;
  const wait = upkeep.wait ?? ((ms: number) => setTimeout(ms, undefined, { signal }).catch(() => {}));
  const memory: Memory = {
    first: upkeep.first,
    began: {},
    failed: {},
    madeUp: [],
    failingSince: undefined,
    reason: null,
    announced: '',
  };
  while (!signal.aborted) {
    const due = await nextWork(upkeep, memory, now()).catch((error: unknown) => {
      if (!signal.aborted) noteUnprepared(upkeep, memory, error, now());
    });
    if (due && due.at <= now()) await attempt(upkeep, memory, due, now);
    else {
      // A clock may move, and timers stop while a machine sleeps: look at the clock after each step.
      const seen = revision();
      const isOver = () => signal.aborted || revision() !== seen || (due && due.at <= now());
      for (let ms = 0; ms < RECHECK_MS && !isOver(); ms += STEP_MS) await wait(STEP_MS);
    }
  }
}

/** The next work, and the state that follows from it. */
async function nextWork(upkeep: Upkeep, memory: Memory, now: Date): Promise<NextRun | undefined> {
  const { failingSince, ...past } = await upkeep.readPast();
  // An administrator or another command may have made the run that failed here.
  if (past.lastDaily && memory.failed.daily && past.lastDaily > memory.failed.daily.at)
    delete memory.failed.daily;
  const last = (...instants: (Date | undefined)[]) =>
    latest(instants.filter((at) => at && isCredible(at, now)));
  const state: ScheduleState = {
    ...past,
    lastDaily: last(past.lastDaily, memory.began.daily),
    lastIntraday: last(past.lastIntraday, memory.began.intraday),
    recentDaily: past.recentDaily && [...past.recentDaily, ...memory.madeUp],
    lastBackup: last(past.lastBackup, memory.began.backup),
    lastRetraining: last(past.lastRetraining, memory.began.retrain),
    // A restart does not wait for the next attempt, so the failures of earlier processes do not count.
    failedDaily: memory.failed.daily,
    failedBackup: memory.failed.backup,
    options: upkeep.schedule,
    now,
  };
  const daily = nextDaily(memory, state);
  const failed = memory.failed.daily;
  memory.failingSince = failed && (memory.failingSince ?? failingSince ?? failed.at);
  upkeep.publish({
    failingSince: memory.failingSince ?? null,
    reason: failed ? memory.reason : null,
    next: daily?.at ?? null,
  });
  if (!daily || daily.at > now) announce(upkeep, memory, nextLine(daily, upkeep.schedule));
  const other = nextRun({ ...state, options: { ...state.options, daily: 'off' } });
  return daily && !(other && other.at < daily.at) ? daily : other;
}

/** Publishes that no run can be made: the ledger cannot be read, or the source is not prepared. */
function noteUnprepared(upkeep: Upkeep, memory: Memory, error: unknown, now: Date): void {
  memory.failingSince ??= now;
  announce(upkeep, memory, `No run can be made: ${describeError(error)}`);
  upkeep.publish({ failingSince: memory.failingSince, reason: reasonOf(error), next: null });
}

/** The next daily run: the one that this start requires, or that of the schedule. */
function nextDaily(memory: Memory, state: ScheduleState): NextRun | undefined {
  const { now, failedDaily, options } = state;
  const scheduled = nextRun({
    ...state,
    options: { ...options, intraday: false, backup: false, retraining: false },
  });
  const { first } = memory;
  if (!first || (first.isCoveredByDaily && scheduled && scheduled.at <= now)) {
    memory.first = undefined;
    return scheduled;
  }
  const at = failedDaily ? new Date(failedDaily.at.getTime() + retryDelayMs(failedDaily.count)) : now;
  return { kind: 'daily', at, reason: first.reason, input: {} };
}

async function attempt(upkeep: Upkeep, memory: Memory, due: NextRun, now: () => Date): Promise<void> {
  const { kind } = due;
  const first = kind === 'daily' ? memory.first : undefined;
  const began = now();
  const day = first || !('input' in due) ? undefined : due.input.to;
  if (day !== undefined) memory.madeUp.push({ startedAt: began, to: day });
  // Without a run, there is nothing new for another attempt until the next session or week.
  if (kind === 'intraday' || kind === 'retrain') memory.began[kind] = began;
  try {
    await (first ? first.perform() : perform(upkeep, due));
    delete memory.failed[kind];
    if (first) memory.first = undefined;
    // A run that makes up for an earlier day does not take the place of the day's own.
    else if (day === undefined) memory.began[kind] = began;
  } catch (error) {
    if (upkeep.signal.aborted) return;
    upkeep.say(`The ${NAMES[kind]} failed: ${describeError(error)}`);
    if (day !== undefined) return;
    // The schedule makes its own runs. A run with wrong options would fail forever.
    const isHopeless = first !== undefined && error instanceof BadInputError;
    if (isHopeless || upkeep.schedule.daily !== 'off') memory.first = undefined;
    if (isHopeless) return;
    memory.failed[kind] = { at: now(), count: (memory.failed[kind]?.count ?? 0) + 1 };
    if (kind === 'daily') memory.reason = reasonOf(error);
  }
}

function perform({ perform: { run, backup, retrain } }: Upkeep, due: NextRun): Promise<void> {
  if ('input' in due) return run(due.input);
  return due.kind === 'backup' ? backup() : retrain();
}

function announce(upkeep: Upkeep, memory: Memory, line: string): void {
  if (line === memory.announced) return;
  memory.announced = line;
  upkeep.say(line);
}

function nextLine(next: NextRun | undefined, { timeZone, daily }: ScheduleOptions): string {
  if (!next) {
    return daily === 'off'
      ? 'Next run: none by schedule.'
      : 'Next run: after you add an instrument (npm run instruments -- add SYMBOL).';
  }
  const time = next.at.toLocaleString('en-GB', { ...TIME, timeZone });
  return `Next run: ${time} (${timeZone}), ${next.reason}.`;
}

const TIME = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
} as const;

/** Work that began more than a day from now began while the clock was wrong. It must not keep all other work away. */
function isCredible(at: Date, now: Date): boolean {
  return at.getTime() < now.getTime() + DAY_MS;
}

function latest(instants: readonly (Date | undefined)[]): Date | undefined {
  return instants.reduce((a, b) => (a && b && a < b ? b : (a ?? b)), undefined);
}
