import { createHash } from 'node:crypto';
import type { Sql, Transaction } from '../../shared/database.ts';
import { ApiError } from '../core/problem.ts';
import { PROBLEM_TYPES } from '../core/problem-types.ts';
import { type Origin, recordSecurityEvent } from '../core/security-events.ts';
import { count } from '../core/telemetry.ts';

/** The kinds of counters. Rows are locked in this order. */
const KINDS = ['pair', 'address', 'account', 'registration', 'code'] as const;
type Kind = (typeof KINDS)[number];

/** How a kind of counter delays attempts. docs/adr/0013 gives the reasons. */
interface Rule {
  /** Failures without a delay. */
  free: number;
  /** Seconds of delay after the next failure. Each further failure doubles it, up to `longest`. */
  first: number;
  longest: number;
  /** Seconds after the last attempt until the counter starts again. */
  memory: number;
}

const RULES: Record<Kind, Rule> = {
  /** One account from one address. It allows a few typing errors, and about 100 guesses a day. */
  pair: { free: 5, first: 1, longest: 900, memory: 86_400 },
  /** One address with any account. A household or an office may share it. */
  address: { free: 30, first: 1, longest: 900, memory: 3_600 },
  /** One account from any address. The delay is only a few seconds, so that strangers cannot lock its owner out. */
  account: { free: 100, first: 5, longest: 5, memory: 3_600 },
  /**
   * The codes of one account's authenticator app, after a correct password. It allows about 110 guesses a day.
   * Each matches one of the three valid codes with a chance of 3 in a million.
   */
  code: { free: 10, first: 30, longest: 900, memory: 86_400 },
  registration: { free: 50, first: 1, longest: 900, memory: 3_600 },
};

/** Counters are stored as long as the longest rule needs them. */
const MEMORY_MS = Math.max(...Object.values(RULES).map(({ memory }) => memory)) * 1000;

/** An address that logged in to an account within this time is exempt from the account's own counter. */
const FAMILIARITY_MS = 90 * 24 * 60 * 60 * 1000;

/** Expired rows that each attempt deletes: more than it adds. */
const DELETED_AT_ONCE = 10;

/** A counted attempt. */
export interface Attempt {
  rows: { kind: Kind; key_hash: Buffer; failures: number }[];
  at: Date;
}

interface Row {
  kind: Kind;
  key_hash: Buffer;
  failures: number;
  last_attempt_at: Date;
  blocked_until: Date;
  succeeded_at: Date | null;
  recorded_until: Date | null;
}

/**
 * Counts a login attempt as failed before the password is verified, so that many concurrent attempts cannot pass.
 * {@link forgiveAttempt} removes it after a success. The first refusal of each delay is a security event, so the number
 * of events is bounded by the number of counted attempts.
 *
 * @throws ApiError (429, with Retry-After) if it comes too soon after failures; a refused attempt is not counted
 */
export async function countAttempt(
  sql: Sql,
  { email, origin }: { email: string; origin: Origin },
  at: Date,
): Promise<Attempt> {
  const { address } = origin;
  try {
    return await countUp(sql, at, { pair: `${email}\n${address}`, address, account: email });
  } catch (error) {
    await recordDelay(sql, error, { email, origin });
    throw error;
  }
}

/** Records a new delay as a security event. If another attempt holds the lock, the next refusal records the delay. */
async function recordDelay(
  sql: Sql,
  error: unknown,
  { origin, ...user }: ({ email: string } | { userId: string }) & { origin: Origin },
): Promise<void> {
  if (!(error instanceof ThrottledError)) return;
  const { kind, key_hash, blocked_until, recorded_until } = error.counter;
  if (recorded_until && recorded_until >= blocked_until) return;
  await sql.begin(async (tx) => {
    const [recorded] = await tx<{ user_id: string | null }[]>`
      UPDATE login_attempts SET recorded_until = blocked_until
      WHERE (kind, key_hash) IN (
        SELECT kind, key_hash FROM login_attempts
        WHERE kind = ${kind} AND key_hash = ${key_hash} AND recorded_until IS DISTINCT FROM blocked_until
        FOR UPDATE SKIP LOCKED
      )
      RETURNING (
        SELECT id FROM users
        WHERE ${'email' in user ? tx`email = ${user.email}` : tx`id = ${user.userId}`} AND NOT is_deleted
      ) AS user_id`;
    if (!recorded) return;
    await recordSecurityEvent(tx, { type: 'login-throttled', userId: recorded.user_id, origin });
  });
}

/**
 * Counts a registration from an address.
 *
 * @throws ApiError (429, with Retry-After) if there were too many recent ones
 */
export function countRegistration(sql: Sql, address: string, at: Date): Promise<Attempt> {
  return countUp(sql, at, { registration: address });
}

/**
 * Counts an attempt to guess a code of an account's authenticator app, like {@link countAttempt}.
 *
 * @throws ApiError (429, with Retry-After) if it comes too soon after failures
 */
export async function countCode(
  sql: Sql,
  { userId, origin }: { userId: string; origin: Origin },
  at: Date,
): Promise<Attempt> {
  try {
    return await countUp(sql, at, { code: userId });
  } catch (error) {
    await recordDelay(sql, error, { userId, origin });
    throw error;
  }
}

/** Removes an attempt that neither failed nor succeeded, such as a correct password without the required code. */
export async function undoAttempt(sql: Sql, { rows, at }: Attempt): Promise<void> {
  for (const { kind, key_hash, failures } of rows) {
    await sql`
      UPDATE login_attempts SET
        failures = greatest(failures - 1, 0),
        blocked_until = CASE WHEN failures = ${failures} THEN ${at} ELSE blocked_until END
      WHERE kind = ${kind} AND key_hash = ${key_hash}`;
  }
}

/** Removes an attempt after correct credentials, and records that the account knows the address. */
export async function forgiveAttempt(tx: Transaction, { rows, at }: Attempt): Promise<void> {
  for (const { kind, key_hash, failures } of rows) {
    await tx`
      UPDATE login_attempts SET
        failures = ${startsAgain(kind) ? 0 : tx`greatest(failures - 1, 0)`},
        -- A concurrent failed attempt keeps the delay that it caused.
        blocked_until = CASE WHEN failures = ${failures} OR ${startsAgain(kind)} THEN ${at} ELSE blocked_until END,
        succeeded_at = CASE WHEN ${kind === 'pair'} THEN ${at} ELSE succeeded_at END,
        forget_at = CASE WHEN ${kind === 'pair'} THEN ${later(at, FAMILIARITY_MS)} ELSE forget_at END
      WHERE kind = ${kind} AND key_hash = ${key_hash}`;
  }
}

/** Whether a success proves that the earlier failures were the owner's own mistakes. */
function startsAgain(kind: Kind): boolean {
  return kind === 'pair' || kind === 'code';
}

/** The delay in seconds after a number of failures; 0 for none. */
function waitAfter(kind: Kind, failures: number): number {
  const { free, first, longest } = RULES[kind];
  return failures <= free ? 0 : Math.min(longest, first * 2 ** Math.min(failures - free - 1, 20));
}

async function countUp(sql: Sql, at: Date, keys: Partial<Record<Kind, string>>): Promise<Attempt> {
  // Refuses most attempts during a delay with one read, before any lock.
  decide(await read(sql, keys), at);
  return sql.begin(async (tx) => {
    const rows = decide(await lock(tx, at, keys), at);
    // The client pipelines these statements.
    await Promise.all([
      ...rows.map(
        ({ kind, key_hash, failures }) => tx`
          UPDATE login_attempts SET failures = ${failures}, last_attempt_at = ${at},
            blocked_until = ${later(at, waitAfter(kind, failures) * 1000)},
            forget_at = greatest(forget_at, ${later(at, MEMORY_MS)})
          WHERE kind = ${kind} AND key_hash = ${key_hash}`,
      ),
      forget(tx, at),
    ]);
    return { rows, at };
  });
}

interface Counter {
  kind: Kind;
  keyHash: Buffer;
}

function countersOf(keys: Partial<Record<Kind, string>>): Counter[] {
  return KINDS.flatMap((kind) => {
    const key = keys[kind];
    return key === undefined ? [] : [{ kind, keyHash: createHash('sha256').update(key).digest() }];
  });
}

/** Reads the counters of an attempt, without those that are missing. */
async function read(sql: Sql, keys: Partial<Record<Kind, string>>): Promise<Row[]> {
  const wanted = countersOf(keys)
    .map(({ kind, keyHash }) => sql`(kind = ${kind} AND key_hash = ${keyHash})`)
    .reduce((all, one) => sql`${all} OR ${one}`);
  return sql<Row[]>`
    SELECT kind, key_hash, failures, last_attempt_at, blocked_until, succeeded_at, recorded_until
    FROM login_attempts
    WHERE ${wanted}`;
}

/** Locks the counters of an attempt until the transaction ends, and adds missing ones. */
async function lock(tx: Transaction, at: Date, keys: Partial<Record<Kind, string>>): Promise<Row[]> {
  const found = await Promise.all(
    countersOf(keys).map(
      ({ kind, keyHash }) => tx<Row[]>`
        INSERT INTO login_attempts AS a (kind, key_hash, failures, last_attempt_at, blocked_until, forget_at)
        VALUES (${kind}, ${keyHash}, 0, ${at}, ${at}, ${later(at, MEMORY_MS)})
        ON CONFLICT (kind, key_hash) DO UPDATE SET failures = a.failures
        RETURNING kind, key_hash, failures, last_attempt_at, blocked_until, succeeded_at, recorded_until`,
    ),
  );
  return found.flat();
}

/** The new failures of each counter; refuses the attempt during a delay. */
function decide(rows: readonly Row[], at: Date): Attempt['rows'] {
  const pair = rows.find(({ kind }) => kind === 'pair');
  const isFamiliar =
    pair?.succeeded_at != null && at.getTime() - pair.succeeded_at.getTime() < FAMILIARITY_MS;
  const counted = rows.filter(({ kind }) => !(kind === 'account' && isFamiliar));
  const [longest] = counted.toSorted((a, b) => b.blocked_until.getTime() - a.blocked_until.getTime());
  if (longest && longest.blocked_until > at) throw new ThrottledError(longest, at);
  return counted.map(({ kind, key_hash, failures, last_attempt_at }) => {
    const isForgotten = at.getTime() - last_attempt_at.getTime() > RULES[kind].memory * 1000;
    return { kind, key_hash, failures: isForgotten ? 1 : failures + 1 };
  });
}

/** The refusal of an attempt, with the counter whose delay is the longest. */
class ThrottledError extends ApiError {
  readonly counter: Row;

  constructor(counter: Row, at: Date) {
    const seconds = Math.ceil((counter.blocked_until.getTime() - at.getTime()) / 1000);
    super({
      ...PROBLEM_TYPES['too-many-attempts'],
      type: 'too-many-attempts',
      detail: `There were too many attempts. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
      headers: { 'retry-after': String(seconds) },
      members: { retryAfter: seconds },
    });
    this.counter = counter;
    count('AttemptThrottled');
  }
}

/** Deletes a few expired rows. */
async function forget(tx: Transaction, at: Date): Promise<void> {
  await tx`
    DELETE FROM login_attempts WHERE (kind, key_hash) IN (
      SELECT kind, key_hash FROM login_attempts WHERE forget_at < ${at}
      ORDER BY forget_at LIMIT ${DELETED_AT_ONCE} FOR UPDATE SKIP LOCKED
    )`;
}

function later(at: Date, milliseconds: number): Date {
  return new Date(at.getTime() + milliseconds);
}
