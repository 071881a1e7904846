import * as z from 'zod';
import { knownTimeZone } from '../../../alerts/time-zone.ts';
import type { Sql, Transaction } from '../../../shared/database.ts';
import { endpoint } from '../../core/endpoint.ts';
import { problem } from '../../core/problem.ts';
import { LocalTime } from './local-time.ts';

const QUIET_TIME = LocalTime.nullable();

const FIELDS = {
  timeZone: z
    .string()
    .max(60)
    .describe('The IANA time zone of quiet hours and digests, such as `Europe/Paris`; `UTC` by default.'),
  quietFrom: QUIET_TIME.describe('The local time at which quiet hours begin; null without quiet hours.'),
  quietTo: QUIET_TIME.describe(
    'The local time at which quiet hours end, on the next day if it is earlier than `quietFrom`; null without them.',
  ),
};

export const AlertSettings = z
  .strictObject(FIELDS)
  .meta({ id: 'AlertSettings', description: 'When the user receives messages.' });
type AlertSettings = z.output<typeof AlertSettings>;

/** Reads when a user receives messages. */
export async function readAlertSettings(sql: Sql | Transaction, userId: string): Promise<AlertSettings> {
  const [row] = await sql<{ time_zone: string; quiet_from: string | null; quiet_to: string | null }[]>`
    SELECT time_zone, to_char(quiet_from, 'HH24:MI') AS quiet_from, to_char(quiet_to, 'HH24:MI') AS quiet_to
    FROM alert_settings WHERE user_id = ${userId}`;
  return {
    timeZone: row?.time_zone ?? 'UTC',
    quietFrom: row?.quiet_from ?? null,
    quietTo: row?.quiet_to ?? null,
  };
}

/**
 * Changes when a user receives messages. Members that are left out stay.
 *
 * @throws ApiError (400) for an unknown time zone, also if it is the stored one, and for half of the quiet hours
 */
export async function changeAlertSettings(
  tx: Transaction,
  userId: string,
  changes: { [K in keyof AlertSettings]?: AlertSettings[K] | undefined },
): Promise<AlertSettings> {
  await tx`INSERT INTO alert_settings (user_id) VALUES (${userId}) ON CONFLICT DO NOTHING`;
  await tx`SELECT FROM alert_settings WHERE user_id = ${userId} FOR NO KEY UPDATE`;
  const before = await readAlertSettings(tx, userId);
  const {
    timeZone: name = before.timeZone,
    quietFrom = before.quietFrom,
    quietTo = before.quietTo,
  } = changes;
  const timeZone = knownTimeZone(name);
  if (timeZone === undefined)
    throw fault(
      'timeZone',
      changes.timeZone === undefined
        ? `was ${name}, which the time zone database no longer has: choose another, such as Europe/Paris`
        : 'must be a name in the time zone database, such as Europe/Paris',
    );
  if ((quietFrom === null) !== (quietTo === null))
    throw fault(
      quietFrom === null ? 'quietFrom' : 'quietTo',
      'is missing: quiet hours have a beginning and an end',
    );
  if (quietFrom !== null && quietFrom === quietTo)
    throw fault('quietTo', 'must differ from quietFrom: to receive nothing, switch your rules off');
  await tx`
    UPDATE alert_settings SET time_zone = ${timeZone}, quiet_from = ${quietFrom}::text::time,
      quiet_to = ${quietTo}::text::time
    WHERE user_id = ${userId}`;
  return { timeZone, quietFrom, quietTo };
}

function fault(member: string, detail: string) {
  return problem('invalid-request', `${member} ${detail}.`, { errors: [{ pointer: `#/${member}`, detail }] });
}

export const readAlertSettingsEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me/alerts/settings',
  operationId: 'readAlertSettings',
  summary: 'Read when I receive messages',
  access: 'user',
  answer: { status: 200, schema: AlertSettings, description: 'The time zone and the quiet hours.' },
  handle: async ({ caller }, { sql }) => ({ body: await readAlertSettings(sql, caller.userId) }),
});

export const changeAlertSettingsEndpoint = endpoint({
  group: 'account',
  method: 'PATCH',
  path: '/v1/me/alerts/settings',
  operationId: 'changeAlertSettings',
  summary: 'Change when I receive messages',
  description:
    'In quiet hours, messages wait until they end. Test messages do not wait. Members that you leave out keep their values.',
  access: 'user',
  body: z.strictObject(FIELDS).partial(),
  answer: { status: 200, schema: AlertSettings, description: 'The changed settings.' },
  handle: async ({ body, caller }, { sql }) => ({
    body: await sql.begin((tx) => changeAlertSettings(tx, caller.userId, body)),
  }),
});
