import * as z from 'zod';
import { ENV } from '../shared/constants.ts';
import { readEnvironment } from '../shared/environment.ts';
import { ConfigurationError } from '../shared/errors.ts';
import { readSecret } from '../shared/secrets.ts';
import type { SendContext } from './senders/sender.ts';

/** An address for `From`: one mailbox without a name, so that it can stand in a header and in a policy. */
export const SenderAddress = z.email('is not an e-mail address such as alerts@example.com').max(254);

/** Address of the page, without its trailing slash. */
const PageUrl = z
  .url({ protocol: /^https?$/, error: 'is not a URL such as https://calls.example.org' })
  .transform((url) => url.replace(/\/+$/, ''));

const origin = (standard: string) => z.url({ protocol: /^https?$/ }).default(standard);

/** The environment variables of senders. A deployment sets an optional one to an empty text. */
const Environment = z.object({
  [ENV.alertsFrom]: z.literal('').or(SenderAddress).default(''),
  [ENV.smtpUrl]: z.string().default(''),
  [ENV.alertsSmtpSecret]: z.string().default(''),
  [ENV.alertsReachPrivate]: z.enum(['on', 'off']).default('off'),
  [ENV.telegramOrigin]: origin('https://api.telegram.org'),
  [ENV.discordOrigin]: origin('https://discord.com'),
  [ENV.slackOrigin]: origin('https://hooks.slack.com'),
});

/**
 * Reads from the environment how messages leave the installation, and the URL of the SMTP server from its secret. Each
 * call reads the secret again, so that a changed password needs no restart.
 *
 * @throws ConfigurationError that names a variable that is missing or malformed, and never repeats a secret
 */
export async function readOperatorSettings(): Promise<SendContext> {
  const environment = readEnvironment(Environment);
  const from = environment[ENV.alertsFrom];
  const secret = environment[ENV.alertsSmtpSecret];
  const url = environment[ENV.smtpUrl] || (secret && (await readSecret(secret)));
  return {
    ...(from && { email: { from, ...(url && { smtpUrl: smtpUrl(url) }) } }),
    reachPrivate: environment[ENV.alertsReachPrivate] === 'on',
    origins: {
      telegram: environment[ENV.telegramOrigin],
      discord: environment[ENV.discordOrigin],
      slack: environment[ENV.slackOrigin],
    },
  };
}

/**
 * Reads the address of the page, without a slash at the end, for the links in messages.
 *
 * @throws ConfigurationError if the environment names none
 */
export function readPageUrl(): string {
  return readEnvironment(z.object({ [ENV.pageUrl]: PageUrl }))[ENV.pageUrl];
}

/** Whether this installation sends e-mails. The API reads it without the secret. */
export function sendsEmail(): boolean {
  return Boolean(process.env[ENV.alertsFrom]);
}

/**
 * Checks the URL of an SMTP server.
 *
 * @returns the URL without surrounding white space
 * @throws ConfigurationError if it is none; the message does not repeat the text, which contains a password
 */
export function smtpUrl(text: string): string {
  const url = URL.parse(text.trim());
  if (url?.hostname && ['smtp:', 'smtps:'].includes(url.protocol)) return url.href;
  throw new ConfigurationError(
    'the SMTP URL is not of the form smtps://user:password@mail.example.com:465 or smtp://mail.example.com:587, with special characters of the password percent-encoded',
  );
}
