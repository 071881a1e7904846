import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { copyKey, copyPublications } from '../../../functions/publications/copies.ts';
import { type Difference, describeDifference } from '../../../functions/publications/difference.ts';
import { verifyChain } from '../../../functions/publications/verify.ts';
import type { Transaction } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { canonicalOf, MemoryCopies, publishDay, readText, useEmptyChain } from './chain-support.ts';

const { db, seeded } = useEmptyChain();
const TABLES = ['recommendations', 'publication_calls', 'publications', 'publication_copies'];
const originals = new MemoryCopies();
let copies: MemoryCopies;
/** The call of publication 2 for AAPL, moderate, and that for MSFT. */
let calls: { aapl: string; msft: string };

beforeAll(async () => {
  for (const run of [1, 2, 3]) await publishDay(seeded.pipeline, `run-${run}`, seeded.model, seeded.ids, run);
  await copyPublications(seeded.pipeline, originals);
  for (const table of TABLES) await db.sql.unsafe(`CREATE TABLE kept_${table} AS TABLE ${table}`);
  const { calls: second } = await readText(db.sql, 2);
  const idOf = (symbol: string) =>
    defined(
      second.find(({ call }) => call.symbol === symbol && call.profile === 'moderate'),
      symbol,
    ).call.id;
  calls = { aapl: idOf('AAPL'), msft: idOf('MSFT') };
});
beforeEach(async () => {
  copies = new MemoryCopies();
  for (const [key, body] of originals.bodies) copies.bodies.set(key, body);
  await restore();
});

/** Brings back the rows as they were published. */
async function restore(): Promise<void> {
  await tamper(async (tx) => {
    for (const table of TABLES) await tx.unsafe(`DELETE FROM ${table}`);
    for (const table of TABLES) await tx.unsafe(`INSERT INTO ${table} TABLE kept_${table}`);
  });
}

/** Works as somebody who may do anything: no trigger and no foreign key stops the work. */
async function tamper(work: string | ((tx: Transaction) => Promise<unknown>)): Promise<void> {
  await seeded.superuser.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`;
    await (typeof work === 'string' ? tx.unsafe(work) : work(tx));
  });
}

const check = (store?: MemoryCopies) => verifyChain(seeded.pipeline, store);
const found = async (store?: MemoryCopies) => (await check(store)).difference;
const aapl = () => ({ id: calls.aapl, symbol: 'AAPL', profile: 'moderate' });
const ofAapl = () => `id = '${calls.aapl}'`;

test('an untouched chain has no difference', async () => {
  const head = { id: 3, sha256: (await readText(db.sql, 3)).sha256 };
  const numbers = { publications: 3, calls: 18, uncovered: 0, difference: null, uncopied: 0 };
  expect(await check()).toMatchObject({ ...numbers, copies: 0, head });
  expect(await check(copies)).toMatchObject({ ...numbers, copies: 3, head });
});

test('an empty chain has no difference', async () => {
  await tamper(async (tx) => {
    for (const table of TABLES) await tx.unsafe(`DELETE FROM ${table}`);
  });
  expect(await check(new MemoryCopies())).toMatchObject({ publications: 0, head: null, difference: null });
});

/** Columns that say nothing about what was published (docs/adr/0046, docs/adr/0048). */
const NOT_COVERED = [
  'recommendations.archived_at',
  'recommendations.is_active',
  'recommendations.is_carried_over',
  'publication_copies.copied_at',
  'publication_copies.publication_id',
];

/** Other values of columns that accept only some. */
const OTHER: Record<string, string> = {
  'recommendations.label': "'SELL'",
  'recommendations.profile': "'aggressive'",
  'recommendations.kind': "'live'",
  'recommendations.horizon_days': 'horizon_days + 1',
  'recommendations.publication_id': '1',
  'publications.id': '9',
  'recommendations.model_version_id': "(SELECT id FROM model_versions WHERE version = 'v1.1.0')",
  'recommendations.instrument_id': "(SELECT id FROM instruments WHERE symbol = 'MSFT')",
};

/** The smallest change of a value of each type. */
const CHANGES: Record<string, (column: string) => string> = {
  uuid: (column) =>
    `overlay(${column}::text placing CASE right(${column}::text, 1) WHEN '0' THEN '1' ELSE '0' END from 36)::uuid`,
  text: (column) =>
    `overlay(${column} placing CASE left(${column}, 1) WHEN 'a' THEN 'b' ELSE 'a' END from 1 for 1)`,
  integer: (column) => `${column} + 1`,
  'double precision': (column) => `${column} + ${column} * 2.3e-16`,
  'timestamp with time zone': (column) => `${column} + interval '1 microsecond'`,
  date: (column) => `${column} + 1`,
  jsonb: (column) => `regexp_replace(${column}::text, '([1-8])([,}])', '9\\2')::jsonb`,
};

test('names the row of the smallest change of each column', async () => {
  const columns = await db.sql<{ table: string; column: string; type: string }[]>`
    SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, NULL) AS type
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relname = ANY (string_to_array(${TABLES.join()}, ',')) AND a.attnum > 0 AND NOT a.attisdropped`;
  const missed: string[] = [];
  for (const { table, column, type } of columns) {
    const name = `${table}.${column}`;
    if (NOT_COVERED.includes(name)) continue;
    const value = OTHER[name] ?? defined(CHANGES[type], `a change of ${type}`)(column);
    const key = { publications: 'id = 2', publication_calls: `recommendation_id = '${calls.aapl}'` }[table];
    await tamper(`UPDATE ${table} SET ${column} = ${value} WHERE ${key ?? ofAapl()}`);
    const difference = await found();
    const isNamed = table === 'publications' ? difference?.publication === 2 : isAapl(difference);
    if (!isNamed) missed.push(`${name}: ${difference ? describeDifference(difference) : 'no difference'}`);
    await restore();
  }
  expect(missed).toEqual([]);
});

/** Whether a difference names the call of AAPL in all but its changed column. */
function isAapl(difference: Difference | null): boolean {
  const { id, symbol, profile } = difference?.call ?? {};
  return [id === calls.aapl, symbol === 'AAPL', profile === 'moderate'].filter(Boolean).length >= 2;
}

test('names the members that differ from the copy', async () => {
  await tamper(`UPDATE recommendations SET label = 'SELL', confidence = 0.51 WHERE ${ofAapl()}`);
  expect(await found(copies)).toEqual({
    kind: 'changed call',
    publication: 2,
    call: aapl(),
    members: ['confidence', 'label'],
  });
});

test('names a call whose snapshot holds a number that is no double', async () => {
  await tamper(`UPDATE recommendations SET features_snapshot = '{"close_price": 1e400}' WHERE ${ofAapl()}`);
  expect(await found()).toEqual({ kind: 'changed call', publication: 2, call: aapl() });
});

test('names a call with an infinite price', async () => {
  await tamper(`UPDATE recommendations SET take_profit = 'Infinity' WHERE ${ofAapl()}`);
  expect(await found()).toEqual({ kind: 'changed call', publication: 2, call: aapl() });
});

// Postgres writes a year before Christ as it writes the other one, and no text for an infinite date.
test.each([
  "'infinity'",
  "'-infinity'",
  "COLUMN + interval '9000 years'",
  "(to_char(COLUMN AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00 BC')::timestamptz",
])('names a row with the date %s', async (date) => {
  for (const column of ['as_of', 'generated_at']) {
    await tamper(
      `UPDATE recommendations SET ${column} = ${date.replace('COLUMN', column)} WHERE ${ofAapl()}`,
    );
    expect(await found(), column).toEqual({ kind: 'changed call', publication: 2, call: aapl() });
    await restore();
  }
  for (const [column, member] of Object.entries({ as_of: 'asOf', published_at: 'publishedAt' })) {
    await tamper(
      `UPDATE publications SET ${column} = ${date.replace('COLUMN', `${column}::timestamptz`)} WHERE id = 2`,
    );
    expect(await found(copies), column).toEqual({
      kind: 'changed publication',
      publication: 2,
      members: [member],
    });
    await restore();
  }
});

test('notices a missing call, and names it with a copy', async () => {
  await tamper(`DELETE FROM recommendations WHERE ${ofAapl()}`);
  expect(await found()).toEqual({ kind: 'missing call', publication: 2, missing: 1 });
  expect(await found(copies)).toEqual({ kind: 'missing call', publication: 2, call: aapl() });
});

test('notices a missing call whose publication counts one less', async () => {
  await tamper(
    `DELETE FROM recommendations WHERE ${ofAapl()}; UPDATE publications SET calls = 5 WHERE id = 2`,
  );
  expect(await found()).toEqual({ kind: 'changed publication', publication: 2 });
  expect(await found(copies)).toEqual({ kind: 'missing call', publication: 2, call: aapl() });
});

const INSERTED = 'fffffff0-0000-7000-8000-000000000000';
const insertion = (publication: string) => `
  INSERT INTO recommendations SELECT (jsonb_populate_record(r, jsonb_build_object(
    'id', '${INSERTED}', 'publication_id', ${publication}, 'generated_at', now()))).*
  FROM recommendations r WHERE ${ofAapl()}`;

test('names an added call', async () => {
  await tamper(insertion('2'));
  const call = { ...aapl(), id: INSERTED };
  expect(await found()).toEqual({ kind: 'added call', publication: 2, call });
  await tamper(`INSERT INTO publication_calls VALUES ('${INSERTED}', 'AAPL', 'NASDAQ', repeat('a', 64))`);
  expect(await found()).toEqual({ kind: 'changed call', publication: 2, call });
  expect(await found(copies)).toEqual({ kind: 'added call', publication: 2, call });
});

test('names a call that was added after the beginning of the chain without a publication', async () => {
  await tamper(insertion('NULL'));
  expect(await found()).toEqual({ kind: 'added call', publication: null, call: { ...aapl(), id: INSERTED } });
});

// Only somebody who stops foreign keys and checks can store them.
test.each(['0', '-1'])(
  'names an added call of publication %s, which there cannot be',
  async (publication) => {
    await tamper(insertion(publication));
    expect(await found()).toEqual({
      kind: 'added call',
      publication: null,
      call: { ...aapl(), id: INSERTED },
    });
  },
);

test('counts calls from before the chain', async () => {
  await tamper(
    `${insertion('NULL')}; UPDATE recommendations SET generated_at = '2020-01-01' WHERE id = '${INSERTED}'`,
  );
  expect(await check()).toMatchObject({ uncovered: 1, difference: null });
});

test('names the first of two calls that changed places', async () => {
  const [apple, microsoft] = seeded.ids.map((id) => `'${id}'::uuid`);
  await tamper(`
    UPDATE recommendations SET instrument_id = CASE WHEN ${ofAapl()} THEN ${microsoft} ELSE ${apple} END
    WHERE id IN ('${calls.aapl}', '${calls.msft}')`);
  expect(await found()).toEqual({ kind: 'changed call', publication: 2, call: aapl() });
});

test('names a call that moved to another publication', async () => {
  await tamper(`UPDATE recommendations SET publication_id = 1 WHERE ${ofAapl()}`);
  expect(await found()).toEqual({ kind: 'added call', publication: 1, call: aapl() });
  expect(await found(copies)).toEqual({ kind: 'added call', publication: 1, call: aapl() });
});

test('names a missing publication between others', async () => {
  await tamper('DELETE FROM publications WHERE id = 2');
  expect(await found()).toEqual({ kind: 'missing publication', publication: 2 });
});

test('names a missing newest publication by its calls or its copy', async () => {
  await tamper('DELETE FROM publications WHERE id = 3');
  expect(await found()).toEqual({ kind: 'missing publication', publication: 3 });
  await tamper('DELETE FROM recommendations WHERE publication_id = 3');
  expect(await found(copies)).toEqual({ kind: 'missing publication', publication: 3 });
  // Without a copy, nothing shows that it existed.
  expect(await found()).toBeNull();
});

test('names a changed row of a publication', async () => {
  await tamper("UPDATE publications SET as_of = '2026-03-01' WHERE id = 2");
  expect(await found()).toEqual({ kind: 'changed publication', publication: 2 });
  expect(await found(copies)).toEqual({ kind: 'changed publication', publication: 2, members: ['asOf'] });
});

test('names the changed hash or count of a publication', async () => {
  await tamper('UPDATE publications SET calls = 7 WHERE id = 2');
  expect(await found()).toEqual({ kind: 'changed publication', publication: 2, members: ['calls'] });
  await tamper("UPDATE publications SET calls = 6, sha256 = repeat('a', 64) WHERE id = 2");
  expect(await found(copies)).toEqual({ kind: 'changed publication', publication: 2, members: ['sha256'] });
});

describe('a copy', () => {
  test('that lost a byte is named', async () => {
    const body = Buffer.from(defined(copies.bodies.get(copyKey(2)), 'copy'));
    copies.bodies.set(copyKey(2), Buffer.from(body.toString().replace('"label":"BUY"', '"label":"BUX"')));
    expect(await found(copies)).toMatchObject({
      kind: 'different copy',
      publication: 2,
      call: { symbol: 'AAPL', profile: 'aggressive' },
      members: ['label'],
    });
    copies.bodies.set(copyKey(2), body.subarray(1));
    expect(await found(copies)).toEqual({ kind: 'different copy', publication: 2 });
  });

  test.each([
    ['a number that is no double', '1e400'],
    ['half a character', '"\\ud800"'],
    ['very deep arrays', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ])('with %s is named', async (_what, value) => {
    const body = Buffer.from(defined(copies.bodies.get(copyKey(2)), 'copy')).toString();
    copies.bodies.set(copyKey(2), Buffer.from(body.replace('"confidence":0.5', `"confidence":${value}`)));
    expect(await found(copies)).toMatchObject({
      kind: 'different copy',
      publication: 2,
      call: { symbol: 'AAPL', profile: 'aggressive' },
      members: ['confidence'],
    });
  });

  test('that was removed is named', async () => {
    copies.bodies.delete(copyKey(2));
    expect(await found(copies)).toEqual({ kind: 'missing copy', publication: 2 });
  });

  test('that a run has not made yet is counted', async () => {
    await tamper('DELETE FROM publication_copies WHERE publication_id = 3');
    copies.bodies.delete(copyKey(3));
    expect(await check(copies)).toMatchObject({ copies: 2, uncopied: 1, difference: null });
  });
});

/** Recomputes the hashes of publications 2 and 3, as the owner could. */
async function rehash(tx: Transaction): Promise<void> {
  for (const id of [2, 3]) {
    const { sha256, calls: rewritten } = await canonicalOf(tx, id);
    for (const { call, sha256: ofCall } of rewritten)
      await tx`UPDATE publication_calls SET sha256 = ${ofCall} WHERE recommendation_id = ${call.id}`;
    await tx`UPDATE publications SET sha256 = ${sha256} WHERE id = ${id}`;
    await tx`UPDATE publications SET previous = ${sha256} WHERE id = ${id + 1}`;
  }
}

test('finds with a copy a change after which the owner recomputed every hash', async () => {
  await tamper(`UPDATE recommendations SET label = 'SELL' WHERE ${ofAapl()}`);
  await tamper(rehash);
  expect(await found()).toBeNull();
  expect(await found(copies)).toEqual({
    kind: 'different copy',
    publication: 2,
    call: aapl(),
    members: ['label'],
  });
});

test('names a publication that no longer follows the one before', async () => {
  await tamper("UPDATE publications SET previous = repeat('a', 64) WHERE id = 2");
  await tamper(rehash);
  expect(await found()).toEqual({ kind: 'broken link', publication: 2 });
});

test.each<[Difference, string]>([
  [
    {
      kind: 'changed call',
      publication: 2,
      call: { id: 'ID', symbol: 'AAPL', profile: 'moderate' },
      members: ['label'],
    },
    'publication 2: the call AAPL, moderate (id ID) has changed since its publication: label',
  ],
  [
    { kind: 'added call', publication: null, call: { id: 'ID', symbol: 'AAPL', profile: 'moderate' } },
    'outside of the publications: the call AAPL, moderate (id ID) was added afterwards',
  ],
  [
    { kind: 'missing call', publication: 2, missing: 2 },
    'publication 2: 2 of its calls are missing; compare with a copy (--copies) to find the row',
  ],
  [{ kind: 'missing copy', publication: 7 }, 'publication 7: its copy is missing'],
  [
    {
      kind: 'different copy',
      publication: 7,
      call: { id: 'ID', symbol: 'AAPL', profile: 'moderate' },
      members: ['label'],
    },
    'publication 7: the copy differs from the database in the call AAPL, moderate (id ID): label',
  ],
])('describes %j in one line', (difference, line) => {
  expect(describeDifference(difference)).toBe(line);
});
