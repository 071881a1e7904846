/** What happens on a trading day, besides its run. */
export type Event =
  /** The service is stopped and started in the morning. */
  | 'restart'
  /** The service is killed during the day's run. */
  | 'kill'
  /** The vendor is down from noon, through the day's run and the next day's if that has this event too. */
  | 'outage'
  /** The disk is full from the evening to the next morning. */
  | 'full disk';

/** A trading day in New York and London, `YYYY-MM-DD`. */
export interface Day {
  day: string;
  event?: Event;
}

/** Ten trading days. London's clocks change on 25 October 2026, and New York's on 1 November. */
export const LONG_STORY: readonly Day[] = [
  { day: '2026-10-22' },
  { day: '2026-10-23' },
  { day: '2026-10-26', event: 'restart' },
  { day: '2026-10-27', event: 'outage' },
  { day: '2026-10-28', event: 'outage' },
  { day: '2026-10-29' },
  { day: '2026-10-30', event: 'kill' },
  { day: '2026-11-02' },
  { day: '2026-11-03', event: 'full disk' },
  { day: '2026-11-04' },
];

/** Three trading days around the change of New York's clocks. */
export const SHORT_STORY: readonly Day[] = [
  { day: '2026-10-30', event: 'outage' },
  { day: '2026-11-02', event: 'kill' },
  { day: '2026-11-03', event: 'restart' },
];
