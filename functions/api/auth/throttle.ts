import { createHash } from 'node:crypto';
import type { Sql, Transaction } from '../../shared/database.ts';
import { problem } from '../core/problem.ts';
import { count } from '../core/telemetry.ts';

/** What attempts are counted by. Rows are locked in this order. */
const KINDS = ['pair', 'address', 'account', 'registration'] as const;
type Kind = (typeof KINDS)[number];

/** How attempts of a kind are slowed down. docs/adr/0013 says why so. */
interface Rule {
  /** Failures that cost nothing. */
  free: number;
  /** Seconds to wait after the next one; with each further one twice as many, up to the longest. */
  first: number;
  longest: number;
  /** Seconds after the last attempt until all is forgotten. */
  memory: number;
}

const RULES: Record<Kind, Rule> = {
  /** One account from one address: who mistypes may try a few times, who guesses has about a hundred a day. */
  pair: { free: 5, first: 1, longest: 900, memory: 86_400 },
  /** One address, whatever the account: a household or an office shares it. */
  address: { free: 30, first: 1, longest: 900, memory: 3_600 },
  /** One account, from wherever: never longer than a few seconds, so that strangers cannot keep its owner out. */
  account: { free: 100, first: 5, longest: 5, memory: 3_600 },
  registration: { free: 50, first: 1, longest: 900, memory: 3_600 },
};

/** Failures are kept as long as the longest of the rules remembers them. */
const MEMORY_MS = Math.max(...Object.values(RULES).map(({ memory }) => memory)) * 1000;

/** An address that logged in to an account within this time is not held up by what others try on the account. */
const FAMILIARITY_MS = 90 * 24 * 60 * 60 * 1000;

/** Rows forgotten with each attempt: more than come in with one. */
const FORGOTTEN_AT_ONCE = 10;

/** An attempt that was counted. */
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
}

/**
 * Counts an attempt to log in as failed before the password is looked at, so that many at once are not all let
 * through. {@link forgiveAttempt} takes it off again.
 *
 * @throws ApiError (429, with Retry-After) if it comes too soon after others; such an attempt does not count
 */
export function countAttempt(
  sql: Sql,
  { email, address }: { email: string; address: string },
  at: Date,
): Promise<Attempt> {
  return countUp(sql, at, { pair: `${email}\n${address}`, address, account: email });
}

/**
 * Counts a registration from an address.
 *
 * @throws ApiError (429, with Retry-After) if there were too many of late
 */
export function countRegistration(sql: Sql, address: string, at: Date): Promise<Attempt> {
  return countUp(sql, at, { registration: address });
}

/** Takes an attempt off, because the password was right, and remembers that the address is familiar. */
export async function forgiveAttempt(tx: Transaction, { rows, at }: Attempt): Promise<void> {
  for (const { kind, key_hash, failures } of rows) {
    await tx`
      UPDATE login_attempts SET
        failures = ${kind === 'pair' ? 0 : tx`greatest(failures - 1, 0)`},
        -- Another attempt that came in between keeps the wait that it earned.
        blocked_until = CASE WHEN failures = ${failures} OR ${kind === 'pair'} THEN ${at} ELSE blocked_until END,
        succeeded_at = CASE WHEN ${kind === 'pair'} THEN ${at} ELSE succeeded_at END,
        forget_at = CASE WHEN ${kind === 'pair'} THEN ${later(at, FAMILIARITY_MS)} ELSE forget_at END
      WHERE kind = ${kind} AND key_hash = ${key_hash}`;
  }
}

/** Seconds to wait after a number of failures; 0 for none. */
function waitAfter(kind: Kind, failures: number): number {
  const { free, first, longest } = RULES[kind];
  return failures <= free ? 0 : Math.min(longest, first * 2 ** Math.min(failures - free - 1, 20));
}

function countUp(sql: Sql, at: Date, keys: Partial<Record<Kind, string>>): Promise<Attempt> {
  return sql.begin(async (tx) => {
    const rows = decide(await lock(tx, at, keys), at);
    // One after the other, without waiting in between.
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

/** The rows of an attempt, made where they are missing, and nobody else's until the transaction ends. */
async function lock(tx: Transaction, at: Date, keys: Partial<Record<Kind, string>>): Promise<Row[]> {
  const found = await Promise.all(
    KINDS.filter((kind) => keys[kind] !== undefined).map((kind) => {
      const keyHash = createHash('sha256')
        .update(keys[kind] ?? '')
        .digest();
      return tx<Row[]>`
        INSERT INTO login_attempts AS a (kind, key_hash, failures, last_attempt_at, blocked_until, forget_at)
        VALUES (${kind}, ${keyHash}, 0, ${at}, ${at}, ${later(at, MEMORY_MS)})
        ON CONFLICT (kind, key_hash) DO UPDATE SET failures = a.failures
        RETURNING kind, key_hash, failures, last_attempt_at, blocked_until, succeeded_at`;
    }),
  );
  return found.flat();
}

/** What each row counts with this attempt. */
function decide(rows: readonly Row[], at: Date): Attempt['rows'] {
  const pair = rows.find(({ kind }) => kind === 'pair');
  const isFamiliar =
    pair?.succeeded_at != null && at.getTime() - pair.succeeded_at.getTime() < FAMILIARITY_MS;
  const counted = rows.filter(({ kind }) => !(kind === 'account' && isFamiliar));
  const wait = Math.max(...counted.map(({ blocked_until }) => blocked_until.getTime() - at.getTime()));
  if (wait > 0) throw tooManyAttempts(Math.ceil(wait / 1000));
  return counted.map(({ kind, key_hash, failures, last_attempt_at }) => {
    const isForgotten = at.getTime() - last_attempt_at.getTime() > RULES[kind].memory * 1000;
    return { kind, key_hash, failures: isForgotten ? 1 : failures + 1 };
  });
}

function tooManyAttempts(seconds: number) {
  count('AttemptThrottled');
  return problem('too-many-attempts', `Try again in ${seconds} seconds.`, {
    headers: { 'retry-after': String(seconds) },
    members: { retryAfter: seconds },
  });
}

/** Deletes a few rows that no rule looks at any more. */
async function forget(tx: Transaction, at: Date): Promise<void> {
  await tx`
    DELETE FROM login_attempts WHERE (kind, key_hash) IN (
      SELECT kind, key_hash FROM login_attempts WHERE forget_at < ${at}
      ORDER BY forget_at LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED
    )`;
}

function later(at: Date, milliseconds: number): Date {
  return new Date(at.getTime() + milliseconds);
}
