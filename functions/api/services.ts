import { now } from '../shared/clock.ts';
import { database } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { addressOf } from './auth/addresses.ts';
import { Keyring } from './auth/keyring.ts';
import { KeyringCipher } from './auth/keyring-cipher.ts';
import { Tokens } from './auth/tokens.ts';
import type { OpenServices, Services } from './core/endpoint.ts';
import { ApiEnvironment } from './core/environment.ts';

/**
 * Opens the services on first use, and once: it reads the environment and makes the clients. A failure is not kept, so
 * that the next request tries again.
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
    sql: await database(environment.API_DATABASE_SECRET, { max: environment.DATABASE_CONNECTIONS }),
    tokens: new Tokens(keyring, environment.TOKEN_ISSUER),
    cipher: new KeyringCipher(keyring),
    addressOf: (event) => addressOf(event, keyring),
    notice: environment.DATA_NOTICE,
  };
}
