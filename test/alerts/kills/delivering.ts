import { setTimeout as wait } from 'node:timers/promises';
import { deliverDue } from '../../../functions/alerts/deliver.ts';
import { send } from '../../../functions/alerts/senders/registry.ts';
import { Keyring } from '../../../functions/api/auth/keyring.ts';
import { KeyringCipher } from '../../../functions/api/auth/keyring-cipher.ts';
import { database } from '../../../functions/shared/database.ts';
import { fastClock, readOptions } from './process.ts';

/** Delivers messages until it is killed. */
const { databaseSecret, signingKeysUrl, began } = readOptions();
const outbox = {
  sql: await database(databaseSecret, { max: 4 }),
  cipher: new KeyringCipher(new Keyring(signingKeysUrl)),
  pageUrl: 'https://calls.example.com',
  notice: null,
};
const origins = {
  telegram: 'http://127.0.0.1:9',
  discord: 'http://127.0.0.1:9',
  slack: 'http://127.0.0.1:9',
};
process.send?.('ready');
for (;;) {
  await deliverDue(outbox, (delivery) => send(delivery, { reachPrivate: true, origins }), {
    now: () => fastClock(began),
    atOnce: 3,
    leaseSeconds: 60,
  });
  await wait(5);
}
