import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { connect, type Sql } from '../../functions/shared/database.ts';
import { sealCalls, seedModelAndRun, seedRecommendation } from '../functions/api/recommendations/support.ts';
import { DENIED, outcomeOf, useTestDatabase } from '../support/database.ts';

/** The columns that the pipeline writes when it archives a call or cannot renew it. */
const ARCHIVING = ['archived_at', 'is_active', 'is_carried_over'];

const { migrator: OWNER, ...OTHERS } = DATABASE_ROLES;
const ROLES = [...Object.values(OTHERS), 'postgres'];

const db = useTestDatabase();
let superuser: Sql;
let columns: { table: string; column: string; generated: boolean }[];
let tables: string[];
let calls: { active: string; archived: string };

beforeAll(async () => {
  const [row] = await db.sql<[{ name: string }]>`SELECT current_database() AS name`;
  superuser = connect({ ...inject('superuser'), dbname: row.name }, { max: 1 });
  await seedModelAndRun(db.sql);
  const asOf = '2026-02-02';
  calls = {
    active: await seedRecommendation(db.sql, { symbol: 'AAPL' }),
    archived: await seedRecommendation(db.sql, { symbol: 'AAPL', asOf, isActive: false, archivedAt: asOf }),
  };
  await db.sql`
    INSERT INTO recommendation_outcomes (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct)
    VALUES (${calls.archived}, '2026-03-02', 100, 90, -10)`;
  await seedDayCounts(asOf);
  await db.sql`
    INSERT INTO outcome_revisions (recommendation_id, revision, exit_ts, entry_close, exit_close, realised_return_pct)
    VALUES (${calls.archived}, 1, '2026-03-02', 100, 91, -9)`;
  await db.sql`
    INSERT INTO track_record_market_returns (as_of, horizon_days, instruments, return_pct, open_return_pct)
    VALUES (${asOf}, 20, 2, -1, -2)`;
  await sealCalls(db.sql, [calls.archived]);
  await db.sql`INSERT INTO publication_copies VALUES (1)`;
  await db.sql`
    INSERT INTO call_changes (instrument_id, profile, kind, to_label, recommendation_id, as_of)
    SELECT instrument_id, profile, 'new', label, id, as_of FROM recommendations WHERE id = ${calls.active}`;
  await db.sql`
    INSERT INTO track_record_universes (sha256, day, stocks, fit, scores)
    VALUES (${'0'.repeat(64)}, ${asOf}, 2, '{}', '{-1,1}')`;
  columns = await readColumns();
  tables = [...new Set(columns.map(({ table }) => table))];
});
afterAll(() => superuser.end());

/** Stores twenty scored calls of a day, which is enough for a rank correlation. */
async function seedDayCounts(asOf: string): Promise<void> {
  const explanation = { score: 0.5, probabilities: { SELL: 0.2, HOLD: 0.3, BUY: 0.5 } };
  for (let i = 0; i < 20; i++) {
    const id = await seedRecommendation(db.sql, {
      symbol: `S${i}`,
      asOf,
      isActive: false,
      archivedAt: asOf,
      explanation,
    });
    await db.sql`
      INSERT INTO recommendation_outcomes (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct,
        realised_label)
      VALUES (${id}, '2026-03-02', 100, 101, 1, 'BUY')`;
  }
}

/**
 * The columns of recommendations, of every table that refers to it directly or not, of the publications, of the day
 * counts, and of the mark of the sample.
 */
function readColumns() {
  return db.sql<{ table: string; column: string; generated: boolean }[]>`
    WITH RECURSIVE record AS (
      SELECT 'recommendations'::regclass::oid AS oid
      UNION SELECT oid FROM pg_class 
        WHERE (relname LIKE 'track\\_record%' OR relname IN ('data_origin', 'publications')) AND relkind IN ('r', 'p', 'v', 'm')
      UNION SELECT k.conrelid FROM pg_constraint k JOIN record ON k.confrelid = record.oid WHERE k.contype = 'f'
    )
    SELECT c.relname AS table, a.attname AS column, a.attgenerated <> '' OR a.attidentity = 'a' AS generated
    FROM record JOIN pg_class c USING (oid)
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY 1, 2`;
}

/** Every row of the record. */
async function rows() {
  const all: Record<string, unknown[]> = {};
  for (const table of tables)
    all[table] = [...(await db.sql`SELECT * FROM ${db.sql(table)} AS each ORDER BY each::text`)];
  return all;
}

/** Runs a statement as a role, always rolls it back, and returns the error or 'done'. */
async function attempt(role: string, statement: string, { granted = false } = {}): Promise<string> {
  let answer = 'done';
  await superuser
    .begin(async (tx) => {
      if (granted) await tx.unsafe(`GRANT ALL ON ${tables.join(', ')} TO ${role}`);
      await tx.unsafe(`SET LOCAL ROLE ${role}`);
      await tx.unsafe(statement).catch((error) => {
        answer = `${error.code} ${error.message}`;
      });
      throw new Error('roll back');
    })
    .catch((error) => {
      if (answer === 'done' && error.message !== 'roll back') throw error;
    });
  return answer;
}

/** Every way to change a stored row, except the archiving of a call. */
function changes(): string[] {
  return [
    ...columns
      .filter(({ table, column }) => table !== 'recommendations' || !ARCHIVING.includes(column))
      .map(({ table, column, generated }) => {
        // An archived call is refused whatever the column.
        const which = table === 'recommendations' ? ' WHERE is_active' : '';
        return `UPDATE ${table} SET ${column} = ${generated ? 'DEFAULT' : column}${which}`;
      }),
    ...tables.flatMap((table) => [`DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`]),
  ];
}

describe('the track record', () => {
  test('consists of calls, their changes, publications, outcomes, the unscored, revisions, day counts, the market, universes and the mark of the sample', () => {
    expect(tables).toEqual([
      'call_changes',
      'data_origin',
      'outcome_revisions',
      'publication_calls',
      'publication_copies',
      'publications',
      'recommendation_outcomes',
      'recommendations',
      'track_record_bins',
      'track_record_days',
      'track_record_market_returns',
      'track_record_rank_ics',
      'track_record_universes',
      'unscored_recommendations',
    ]);
  });

  test('has a row in each table', async () => {
    for (const [table, found] of Object.entries(await rows())) expect(found, table).not.toHaveLength(0);
  });

  test.each(ROLES)('is closed to changes by %s, for each column and table', async (role) => {
    const before = await rows();
    for (const statement of changes()) {
      expect(await attempt(role, statement), statement).toMatch(
        role === 'postgres'
          ? new RegExp(`^${DENIED} .* is refused: `)
          : new RegExp(`^${DENIED} permission denied for`),
      );
    }
    expect(await rows()).toEqual(before);
  });

  test.each(Object.values(OTHERS))(
    'refuses changes by %s even with a grant too many, and says why',
    async (role) => {
      for (const statement of changes()) {
        expect(await attempt(role, statement, { granted: true }), statement).toMatch(
          new RegExp(`^${DENIED} (UPDATE|DELETE|TRUNCATE) of \\w+ is refused: \\w+`),
        );
      }
    },
  );

  test.each(ROLES)('lets triggers alone count days, and not %s', async (role) => {
    for (const counts of ['track_record_bins', 'track_record_days', 'track_record_rank_ics'])
      expect(
        await attempt(role, `INSERT INTO ${counts} SELECT * FROM ${counts}`, {
          granted: role !== 'postgres',
        }),
      ).toBe(`${DENIED} INSERT of ${counts} is refused: triggers count the outcomes`);
  });

  test.each(ROLES)('lets triggers alone list the calls without an outcome, and not %s', async (role) => {
    const insertion = 'INSERT INTO unscored_recommendations SELECT * FROM unscored_recommendations';
    expect(await attempt(role, insertion, { granted: role !== 'postgres' })).toBe(
      `${DENIED} INSERT of unscored_recommendations is refused: triggers list the calls without an outcome`,
    );
  });

  test('lists a call from its publication to its outcome', async () => {
    expect([...(await db.sql`SELECT recommendation_id AS id FROM unscored_recommendations`)]).toEqual([
      { id: calls.active },
    ]);
  });

  test.each(['pipeline', 'api', 'training'] as const)(
    'does not let %s act as the owner or switch triggers off',
    async (role) => {
      const client = db.client(role);
      expect(await outcomeOf(client, `SET ROLE ${OWNER}`)).toBe(DENIED);
      expect(await outcomeOf(client, 'SET session_replication_role = replica')).toBe(DENIED);
      expect(await outcomeOf(client, 'ALTER TABLE recommendations DISABLE TRIGGER ALL')).toBe(DENIED);
    },
  );

  test('dates outcomes and revisions by the database clock', async () => {
    for (const [table, key] of [
      ['recommendation_outcomes', 'recommendation_id'],
      ['outcome_revisions', 'recommendation_id, revision'],
    ])
      expect(
        await attempt(
          OTHERS.pipeline,
          `INSERT INTO ${table} (${key}, scored_at) SELECT ${key}, now() FROM ${table}`,
        ),
      ).toMatch(`${DENIED} permission denied for table ${table}`);
  });
});

describe('the pipeline', () => {
  const update = (call: keyof typeof calls, change: string) =>
    attempt(OTHERS.pipeline, `UPDATE recommendations SET ${change} WHERE id = '${calls[call]}'`);

  test('archives a call at the time of its transaction', async () => {
    expect(await update('active', 'is_active = false, archived_at = now()')).toBe('done');
  });

  test.each(['true', 'false'])('marks an active call as carried over: %s', async (value) => {
    expect(await update('active', `is_carried_over = ${value}`)).toBe('done');
  });

  test.each<[keyof typeof calls, string]>([
    ['active', 'is_active = false'],
    ['active', "is_active = false, archived_at = now() - interval '1 second'"],
    ['active', 'archived_at = now()'],
    ['archived', 'is_active = true, archived_at = NULL'],
    ['archived', 'archived_at = now()'],
    ['archived', 'is_carried_over = true'],
  ])('is refused to change an %s call with %s', async (call, change) => {
    expect(await update(call, change)).toBe(
      `${DENIED} UPDATE of recommendations is refused: an archived call stays archived, and archived_at is the time of its transaction`,
    );
  });
});
