import { addEncryptionKey } from '../../functions/api/auth/encryption-keys.ts';
import {
  endOfKey,
  makeSigningKeys,
  rotateSigningKeys,
  type SigningKeys,
} from '../../functions/api/auth/signing-keys.ts';
import { wallClock } from '../../functions/shared/clock.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { dataFolder } from '../installation/data-folder.ts';
import { changeSigningKeys, readSigningKeys } from '../installation/local-secrets.ts';
import { chooseCommand, HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { table } from '../terminal/table.ts';

const HELP = `Usage: npm run keys -- COMMAND [options]

  list     list the keys that sign access tokens, and those that encrypt secrets in the database
  rotate   make a new key that signs; the replaced key verifies its tokens for another day

  --leaked         with rotate: remove all earlier keys that sign, and add a key that encrypts
  --json           end stdout with one JSON value
  --data-dir DIR   data folder (default .boursomatic); the sample and real data share its keys
  -h, --help       print this text

A running service uses the new keys within five minutes; a restart uses them at once.
After --leaked, it then refuses all earlier access tokens, and signed-in users get new ones without a password.
A second factor moves to the new key when its user next enters a code, so the older keys stay.
Exit codes: 1 refused or failed, 2 bad input.
`;

/** A key without its secret part. */
interface ListedKey {
  id: string;
  use: 'signs' | 'signs next' | 'verifies' | 'encrypts' | 'decrypts';
  madeAt: string | null;
  /** When it is no longer used; null if no end is set. */
  until: string | null;
}

function listKeys({ current, keys, encryption = [] }: SigningKeys): ListedKey[] {
  return [
    ...keys.map((key) => ({
      id: key.kid,
      use:
        key.kid === current
          ? ('signs' as const)
          : key.privateJwk
            ? ('signs next' as const)
            : ('verifies' as const),
      madeAt: key.notBefore,
      until: endOfKey(key)?.toISOString() ?? null,
    })),
    ...encryption.map(({ kid }, index) => ({
      id: kid,
      use: index === 0 ? ('encrypts' as const) : ('decrypts' as const),
      madeAt: null,
      until: null,
    })),
  ];
}

function rotate(dataDir: string, leaked: boolean): Promise<SigningKeys> {
  const at = wallClock();
  return changeSigningKeys(dataDir, async (keys) =>
    leaked
      ? { ...keys, ...(await makeSigningKeys(at)), encryption: addEncryptionKey(keys.encryption) }
      : rotateSigningKeys(keys, at),
  );
}

const COMMANDS = {
  list: (dataDir: string) => readSigningKeys(dataDir),
  rotate,
};

async function main(): Promise<void> {
  const { values, positionals } = readCommandLine({
    allowPositionals: true,
    options: {
      leaked: { type: 'boolean', default: false },
      json: { type: 'boolean' },
      'data-dir': { type: 'string' },
      ...HELP_OPTION,
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [name = '', more] = positionals;
  const command = chooseCommand('keys', COMMANDS, name);
  if (more !== undefined) throw new BadInputError(`keys ${name}: unexpected argument "${more}"`);
  if (values.leaked && command !== rotate) throw new BadInputError('--leaked goes only with rotate');
  const listed = listKeys(await command(dataFolder(values['data-dir']), values.leaked));
  const rows = listed.map(({ id, use, madeAt, until }) => ({
    key: id,
    use,
    made: madeAt ?? '',
    until: until ?? '',
  }));
  process.stdout.write(`${table(rows)}\n`);
  if (command === rotate)
    process.stdout.write(
      'A running service uses the new keys within five minutes; a restart uses them at once.\n',
    );
  if (values.json) process.stdout.write(`${JSON.stringify(listed)}\n`);
}

await exitOnError(main);
