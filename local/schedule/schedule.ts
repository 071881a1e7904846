import type { PipelineInput } from '../../functions/shared/contracts.ts';
import type { Market } from './market.ts';

/** An instant, and why something is due then, for a person. */
export interface Moment {
  at: Date;
  reason: string;
}

/** A cron expression and the time zone in which it is read. */
export interface CronSchedule {
  expression: string;
  /** IANA name. */
  timeZone: string;
}

/** What runs by schedule. */
export interface ScheduleOptions {
  /** Daily runs: never, after the followed markets close, or by a cron expression. */
  daily: 'off' | 'markets' | CronSchedule;
  intraday: boolean;
  retraining: boolean;
  backup: boolean;
  /** The time zone of the nightly backup: the machine's. */
  timeZone: string;
}

/** A failed attempt, after which the next one waits. */
export interface FailedAttempts {
  /** When the latest attempt ended. */
  at: Date;
  /** Attempts in a row that failed. */
  count: number;
}

/** A daily run of all instruments that has ended. */
export interface EndedDaily {
  startedAt: Date;
  /** Its as-of, `YYYY-MM-DD`, where its input named one. */
  to?: string | undefined;
}

/** What the next run depends on. Instants are starts of runs. */
export interface ScheduleState {
  markets: readonly Market[];
  options: ScheduleOptions;
  /** The last daily run that succeeded, or published a part. */
  lastDaily?: Date | undefined;
  /**
   * Daily runs of the last week that succeeded, and each attempt as of an earlier day. Without it, days that passed without
   * a run are not made up for.
   */
  recentDaily?: readonly EndedDaily[] | undefined;
  /** The last attempt of an intraday run, whether it succeeded or not. */
  lastIntraday?: Date | undefined;
  /** The first daily run. */
  firstDaily?: Date | undefined;
  /** The last attempt of a retraining, whether it succeeded or not. Without any, the first daily run takes its place. */
  lastRetraining?: Date | undefined;
  /** The last successful backup. */
  lastBackup?: Date | undefined;
  /** Daily runs that failed since the last one that succeeded. */
  failedDaily?: FailedAttempts | undefined;
  /** Backups that failed since the last one that succeeded. */
  failedBackup?: FailedAttempts | undefined;
  now: Date;
}

/** A run that is due at an instant; at `now` where it is due already. */
export type NextRun = Moment &
  ({ kind: 'daily' | 'intraday'; input: PipelineInput } | { kind: 'backup' | 'retrain' });

/** A kind of run, or a backup or a retraining. */
export type RunKind = NextRun['kind'];
