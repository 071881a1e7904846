/** A market that the service follows: its regular sessions, in local time. */
export interface Market {
  /** For a person, such as `New York`. */
  name: string;
  /** IANA name. */
  timeZone: string;
  /** The beginning of a session, `HH:MM`. */
  open: string;
  /** The end of a session, `HH:MM`. */
  close: string;
  /** Days of the week with sessions: 0 is Sunday. */
  days: readonly number[];
}

/** Whether a market trades at weekends, too, as that of cryptocurrencies does. */
export function neverPauses({ days }: Market): boolean {
  return days.length === 7;
}
