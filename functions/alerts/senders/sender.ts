import { retryAfterMs } from '../../shared/http-headers.ts';
import type { AlertFacts, Delivery, SendResult } from '../contracts.ts';
import type { Answer, Exchange, Reach } from '../safe-request.ts';

/** How messages leave the installation, as its operator decides. */
export interface SendContext extends Reach {
  /** The sender of e-mails; undefined for an installation that sends none. Without `smtpUrl`, Amazon SES sends them. */
  email?: { from: string; smtpUrl?: string | undefined } | undefined;
  /** Origins of chat services; tests replace them. */
  origins: { telegram: string; discord: string; slack: string };
}

/** One message to one channel, with the checked configuration of the channel. */
export interface Outgoing<Config> extends Pick<Delivery, 'id' | 'createdAt'> {
  config: Config;
  facts: AlertFacts;
}

/**
 * Makes one attempt to send a message. It reports every fault of the other side as a result, and throws only because of
 * a bug.
 */
export type Sender<Config> = (message: Outgoing<Config>, context: SendContext) => Promise<SendResult>;

export const refused = (reason: string): SendResult => ({ status: 'refused', reason, disableChannel: false });

/** A refusal that holds for every message to this channel, until the user changes it. */
export const channelRefused = (reason: string): SendResult => ({
  status: 'refused',
  reason,
  disableChannel: true,
});

/**
 * The result of an exchange over HTTP.
 *
 * @param judge - judges answers that the service in question documents; undefined for those that it leaves to HTTP
 */
export function resultOf(exchange: Exchange, judge?: (answer: Answer) => SendResult | undefined): SendResult {
  if ('failure' in exchange) return exchange.failure;
  return judge?.(exchange.answer) ?? resultOfStatus(exchange.answer);
}

/** Statuses of requests that may succeed later, next to those of the server's own faults (5xx). */
const LATER = new Set([408, 425, 429]);

function resultOfStatus({ status, headers }: Answer): SendResult {
  if (status >= 200 && status < 300) return { status: 'sent' };
  if (status >= 300 && status < 400)
    return refused(
      `The server redirects to another address (HTTP ${status}). Redirects are not followed: enter the final address.`,
    );
  if (status >= 500 || LATER.has(status))
    return retry(`The server answered with HTTP ${status}.`, (retryAfterMs(headers) ?? 0) / 1000);
  if (status === 410) return channelRefused('The server says that this address is gone for good (HTTP 410).');
  return refused(`The server refused the message (HTTP ${status}).`);
}

/**
 * A failure that may end.
 *
 * @param afterSeconds - how long the other side asks to wait; no wish where it is 0 or no number
 */
export function retry(reason: string, afterSeconds = 0): SendResult {
  const wish = Math.min(Math.ceil(afterSeconds), 86_400);
  return { status: 'retry', reason, ...(wish > 0 && { afterSeconds: wish }) };
}
