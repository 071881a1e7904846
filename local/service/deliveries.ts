import { setTimeout } from 'node:timers/promises';
import type { DeliveryHealth } from '../../functions/alerts/delivery-health.ts';
import { describeError } from '../terminal/exit.ts';

/** How often the outbox is read. A person who sends a test message waits this long at most. */
const INTERVAL_MS = 10_000;
const STEP_MS = 500;

/** A delivery that repeats. */
export interface Deliveries {
  /** Sends what is due. It may fail. */
  deliver(): Promise<DeliveryHealth>;
  /** Changes whenever a run has ended, which may have written messages. */
  revision(): number;
  /** Receives a line when the delivery begins to fail, and when it works again. */
  say(line: string): void;
  signal: AbortSignal;
  /** Waits for a number of milliseconds; ends early when the signal aborts. */
  wait?: (ms: number) => Promise<void>;
}

/**
 * Sends the messages to users that are due, after each run and every ten seconds, until the signal aborts. A failure is
 * printed once, and never ends the service.
 */
export async function keepDelivering({
  deliver,
  revision,
  say,
  signal,
  ...given
}: Deliveries): Promise<void> {
  const wait = given.wait ?? ((ms: number) => setTimeout(ms, undefined, { signal }).catch(() => {}));
  let said = '';
  while (!signal.aborted) {
    const seen = revision();
    const line = await deliver().then(lineOf, (error: unknown) =>
      signal.aborted ? said : `Messages to users cannot be sent: ${describeError(error)}`,
    );
    if (line !== said) say(line || 'Messages reach users again.');
    said = line;
    for (let ms = 0; ms < INTERVAL_MS && !signal.aborted && revision() === seen; ms += STEP_MS)
      await wait(STEP_MS);
  }
}

function lineOf({ failingSince }: DeliveryHealth): string {
  return failingSince
    ? `No message has reached a user since ${failingSince.toISOString()}. Send a test under Settings, Alerts, to see the reason.`
    : '';
}
