import { now } from '../../shared/clock.ts';
import { database } from '../../shared/database.ts';
import { readEnvironment } from '../../shared/environment.ts';
import { addressOf } from '../auth/addresses.ts';
import { Keyring } from '../auth/keyring.ts';
import { Tokens } from '../auth/tokens.ts';
import type { Services } from './endpoint.ts';
import { ApiEnvironment } from './environment.ts';

/** Gives the services as they are at an instant. */
export type OpenServices = () => Promise<Services>;

/**
 * What opens the services: the environment is read and clients are made when they are first asked for, and once. A
 * failure is not kept, so that the next request may do better.
 */
export function servicesOnce(): OpenServices {
  let opening: Promise<Omit<Services, 'now'>> | undefined;
  return async () => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return { ...(await opening), now: now() };
  };
}

async function open(): Promise<Omit<Services, 'now'>> {
  const environment = readEnvironment(ApiEnvironment);
  const keyring = new Keyring(environment.SIGNING_KEYS_SECRET);
  return {
    sql: await database(environment.API_DATABASE_SECRET),
    tokens: new Tokens(keyring, environment.TOKEN_ISSUER),
    addressOf: (event) => addressOf(event, keyring),
    notice: environment.DATA_NOTICE,
  };
}
