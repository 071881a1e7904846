import crypto from 'node:crypto';
import { promisify } from 'node:util';
import { ConfigurationError } from '../../shared/errors.ts';

/** The cost of a hash: 19 MiB, 2 passes, 1 lane. This is OWASP's minimum for argon2id. */
const COST = { memory: 19 * 1024, passes: 2, parallelism: 1 };

const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** The PHC string format of argon2id, in the only version that Node supports. */
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

type Cost = typeof COST;

/** The parts of a hash. */
interface Parsed {
  cost: Cost;
  salt: Buffer;
  tag: Buffer;
}

/**
 * A hash of the same cost that no password matches. It stands for unknown users, so that an unknown e-mail address takes as
 * long as a wrong password.
 */
const UNMATCHABLE: Parsed = { cost: COST, salt: Buffer.alloc(SALT_BYTES), tag: Buffer.alloc(TAG_BYTES) };

/**
 * Hashes a password with argon2id.
 *
 * @returns a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`
 * @throws ConfigurationError if Node has no argon2
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.randomBytes(SALT_BYTES);
  return format(COST, salt, await compute(password, salt, COST, TAG_BYTES));
}

/**
 * Whether a password matches a hash. It takes equally long for `undefined`, which stands for an unknown user, and for a
 * hash of another format, which no password matches.
 *
 * @throws ConfigurationError if Node has no argon2
 */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const known = hash === undefined ? undefined : parse(hash);
  const { cost, salt, tag } = known ?? UNMATCHABLE;
  const computed = await compute(password, salt, cost, tag.length);
  return crypto.timingSafeEqual(computed, tag) && known !== undefined;
}

/** Whether a hash has another cost than new hashes. */
export function needsRehash(hash: string): boolean {
  const known = parse(hash);
  if (!known) return true;
  const { cost, salt, tag } = known;
  const same = (Object.keys(COST) as (keyof Cost)[]).every((name) => cost[name] === COST[name]);
  return !same || salt.length !== SALT_BYTES || tag.length !== TAG_BYTES;
}

function compute(password: string, salt: Buffer, cost: Cost, tagLength: number): Promise<Buffer> {
  if (typeof crypto.argon2 !== 'function') {
    throw new ConfigurationError(`Node ${process.versions.node} has no argon2. Use Node 24.7 or later.`);
  }
  // Runs in another thread, so that other requests continue.
  return promisify(crypto.argon2)('argon2id', { message: password, nonce: salt, tagLength, ...cost });
}

function format({ memory, passes, parallelism }: Cost, salt: Buffer, tag: Buffer): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${encode(salt)}$${encode(tag)}`;
}

function parse(hash: string): Parsed | undefined {
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(hash) ?? [];
  if (memory === undefined || salt === undefined || tag === undefined) return undefined;
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

/** Base64 without padding. */
function encode(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
