import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deliverDue } from '../../functions/alerts/deliver.ts';
import { type DeliveryHealth, readDeliveryHealth } from '../../functions/alerts/delivery-health.ts';
import { readOperatorSettings, readPageUrl } from '../../functions/alerts/operator-settings.ts';
import type { Outbox } from '../../functions/alerts/outbox.ts';
import { send } from '../../functions/alerts/senders/registry.ts';
import { Keyring } from '../../functions/api/auth/keyring.ts';
import { KeyringCipher } from '../../functions/api/auth/keyring-cipher.ts';
import { wallClock } from '../../functions/shared/clock.ts';
import { DATABASE_ROLES, ENV } from '../../functions/shared/constants.ts';
import { database } from '../../functions/shared/database.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import type { Installation } from '../installation/installation.ts';

/** How messages leave an installation on one machine. */
export interface MessageOptions {
  /** The address that sends e-mails; undefined for an installation that sends none. */
  smtpFrom?: string | undefined;
  /** Whether messages may go to loopback and private addresses, and over plain HTTP. */
  reachPrivate: boolean;
}

/** The file of a data folder that may hold the URL of the operator's SMTP server. */
export function smtpUrlFile(dataDir: string): string {
  return join(dataDir, 'secrets', 'smtp-url');
}

/**
 * Sets the environment variables from which the API and the senders read how messages leave the installation.
 *
 * @param pageUrl - address of the page, for the links in messages
 * @throws BadInputError if there is a sender of e-mails and no SMTP server
 * @throws ConfigurationError if the URL of the SMTP server is malformed; the message does not contain it
 */
export async function prepareMessages(
  dataDir: string,
  { smtpFrom, reachPrivate }: MessageOptions,
  pageUrl: string,
): Promise<void> {
  const file = smtpUrlFile(dataDir);
  process.env[ENV.alertsFrom] = smtpFrom ?? '';
  process.env[ENV.alertsReachPrivate] = reachPrivate ? 'on' : 'off';
  process.env[ENV.pageUrl] = pageUrl;
  if (existsSync(file)) process.env[ENV.alertsSmtpSecret] = pathToFileURL(file).href;
  const { email } = await readOperatorSettings();
  if (email && email.smtpUrl === undefined)
    throw new BadInputError(
      `--smtp-from needs an SMTP server: write its URL to ${file}, or set ${ENV.smtpUrl}`,
    );
}

/**
 * Sends the messages that are due, and returns whether messages reach users. Another process that does the same sends
 * other messages.
 *
 * @param signal - stops it after the messages that are being sent
 */
export async function deliverMessages(
  installation: Installation,
  signal: AbortSignal,
): Promise<DeliveryHealth> {
  const outbox: Outbox = {
    sql: await database(installation.secretUrl(DATABASE_ROLES.api), { max: API_CONNECTIONS }),
    cipher: new KeyringCipher(new Keyring(installation.signingKeysUrl)),
    pageUrl: readPageUrl(),
    notice: process.env[ENV.dataNotice] || null,
  };
  const settings = await readOperatorSettings();
  await deliverDue(outbox, (delivery) => send(delivery, settings), { now: wallClock, signal });
  return readDeliveryHealth(outbox.sql, wallClock());
}

/** As many as the API allows itself: both share one client. */
const API_CONNECTIONS = 4;
