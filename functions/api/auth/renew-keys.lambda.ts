import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { ENV } from '../../shared/constants.ts';
import { parse } from '../../shared/contracts.ts';
import { readEnvironment } from '../../shared/environment.ts';
import { log } from '../../shared/telemetry.ts';
import { type KeyRenewal, renewStoredKeys } from './key-renewal.ts';

const Environment = z.object({ [ENV.signingKeysSecret]: z.string().min(1) });

/** `{}` from the daily schedule; an operator sends `{"leaked":true}`. */
export const RenewalRequest = z.strictObject({ leaked: z.boolean().optional() });

/** Generates and renews the keys that sign access tokens. */
export async function handler(event: unknown): Promise<KeyRenewal> {
  const request = parse('key renewal', RenewalRequest, event);
  const { SIGNING_KEYS_SECRET } = readEnvironment(Environment);
  const renewal = await renewStoredKeys(SIGNING_KEYS_SECRET, wallClock(), request);
  log('info', 'signing keys renewed', { ...renewal, leaked: request.leaked ?? false });
  return renewal;
}
