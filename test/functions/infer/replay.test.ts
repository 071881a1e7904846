import { beforeAll, describe, expect, test } from 'vitest';
import { filesOf, readManifest } from '../../../functions/infer/manifest.ts';
import { ReplayError } from '../../../functions/infer/replay.ts';
import { replayCalls } from '../../../functions/infer/replay-calls.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import type { ObjectStore } from '../../../functions/shared/object-store.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { DAY, freshly, releasesOf, runDay, useSimulatedRun } from './replay-support.ts';
import { MemoryObjects } from './support.ts';

const STOCKS = 52;
const run = useSimulatedRun(STOCKS);
const { db, replayed } = run;

/** A BUY or SELL, so that each of its columns matters. */
let id: string;
let row: Record<string, unknown> & { explanation: Record<string, unknown> };
beforeAll(async () => {
  const [call] = await db.sql<(typeof row)[]>`
    SELECT * FROM recommendations WHERE label <> 'HOLD' ORDER BY label, profile LIMIT 1`;
  row = defined(call, 'call');
  id = String(row.id);
});

/** Replays the call while its row has other values, which only the owner can write. */
async function replayedWith(change: Record<string, unknown>) {
  const write = (values: Record<string, unknown>) =>
    db.sql`UPDATE recommendations SET ${db.sql(
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          typeof value === 'object' && !(value instanceof Date) ? db.sql.json(value as never) : value,
        ]),
      ) as never,
    )} WHERE id = ${id}`;
  await write(change);
  try {
    return await replayed(id);
  } finally {
    await write(Object.fromEntries(Object.keys(change).map((name) => [name, row[name]])));
  }
}

const obstacleOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error) => {
      if (error instanceof ReplayError) return error.obstacle;
      throw error;
    },
  );

/** The number with another digit, the last one that matters. */
function withOtherDigit(value: number): number {
  const text = String(value);
  for (let i = text.search(/e|$/) - 1; i >= 0; i--) {
    if (text[i] === '.') continue;
    const other = Number(
      `${text.slice(0, i)}${text[i] === '9' ? 8 : Number(text[i]) + 1}${text.slice(i + 1)}`,
    );
    if (other !== value) return other;
  }
  throw new Error(`${value} has no digit`);
}

/** The paths of the numbers and texts within a JSON value. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]));
}

/** A copy of an object in which the value at a path is changed. */
function changedAt(value: unknown, [key, ...rest]: string[], change: (before: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const inner = value as Record<string, unknown>;
  return { ...inner, [key]: changedAt(inner[key], rest, change) };
}

describe('a replay of a real run', () => {
  test('equals each call to the bit, words included', async () => {
    const calls = await db.sql<{ id: string }[]>`SELECT id FROM recommendations ORDER BY id`;
    expect(calls).toHaveLength(3 * STOCKS);
    for (const call of calls) {
      expect(await replayed(call.id)).toEqual({
        id: call.id,
        modelVersion: 'v1.0.0',
        isEqual: true,
        differences: [],
        place: 'recomputed',
        hasEqualWords: true,
      });
    }
  });

  test.each([
    ['confidence', 'confidence'],
    ['expected_return_pct', 'expectedReturnPct'],
    ['horizon_days', 'horizonDays'],
    ['stop_loss', 'stopLoss'],
    ['take_profit', 'takeProfit'],
    ['close', 'close'],
    ['atr', 'atr'],
  ])('names the column %s if one digit of it changes', async (column, field) => {
    const published = withOtherDigit(row[column] as number);
    const { isEqual, differences } = await replayedWith({ [column]: published });
    expect({ isEqual, differences }).toEqual({
      isEqual: false,
      differences: [{ field, published, replayed: row[column] }],
    });
  });

  test('names another label', async () => {
    const { differences } = await replayedWith({ label: 'HOLD' });
    expect(differences).toEqual([{ field: 'label', published: 'HOLD', replayed: row.label }]);
  });

  test('names each value of the explanation of which one digit changes', async () => {
    const paths = pathsOf(row.explanation).filter(
      (path) => !['release', 'sha256'].includes(path.at(-1) ?? ''),
    );
    expect(paths.length).toBeGreaterThan(30);
    for (const path of paths) {
      const explanation = changedAt(row.explanation, path, (value) =>
        typeof value === 'number' ? withOtherDigit(value) : String(value).replace(/\d$/, '9'),
      );
      const { differences } = await replayedWith({ explanation });
      expect(differences.map(({ field }) => field)).toEqual([path.join('.')]);
    }
  });

  test('names what a changed input of the snapshot changes', async () => {
    const close = withOtherDigit((row.features_snapshot as Record<string, number>).close_price as number);
    const { differences } = await replayedWith({
      features_snapshot: { ...(row.features_snapshot as object), close_price: close },
    });
    expect(differences.map(({ field }) => field)).toContain('close');
  });

  test('notices another profile, and a call for another model', async () => {
    const other = row.profile === 'aggressive' ? 'moderate' : 'aggressive';
    const [model] = await db.sql<{ id: string }[]>`
      INSERT INTO model_versions (version, trained_at, params_hash, metrics_json, model_path)
      VALUES ('v9.9.9', now(), 'other', '{}', 'v9.9.9') RETURNING id`;
    expect(await obstacleOf(replayedWith({ model_version_id: model?.id }))).toBe('release_missing');
    // The active call of the other profile is in the way of the unique index.
    const { differences } = await replayedWith({ profile: other, is_active: false });
    expect(differences.map(({ field }) => field)).toEqual(expect.arrayContaining(['stopLoss', 'takeProfit']));
  });

  test.each([
    ['justification', 'A sure thing.'],
    ['currency', 'EUR'],
  ])('says that the words differ if only the %s is changed', async (column, value) => {
    expect(await replayedWith({ [column]: value })).toMatchObject({ isEqual: true, hasEqualWords: false });
  });
});

describe('a call that cannot be replayed', () => {
  test.each([
    ['universe_missing', ['universe', 'sha256']],
    ['release_changed', ['release']],
  ])('is refused as %s if its explanation has another hash', async (obstacle, path) => {
    const explanation = changedAt(row.explanation, path, (hash) => String(hash).replace(/.$/, 'x'));
    expect(await obstacleOf(replayedWith({ explanation }))).toBe(obstacle);
  });

  test('is refused if the universe of the record was changed', async () => {
    await db.sql`UPDATE track_record_universes SET stocks = stocks + 1`;
    expect(await obstacleOf(replayed(id))).toBe('universe_changed');
    await db.sql`UPDATE track_record_universes SET stocks = stocks - 1`;
    expect(await obstacleOf(replayed(id))).toBe('none');
  });

  test.each(['{}', 'null', '{"meanScore": 0, "meanInputs": 1, "slopes": [1, 2], "deviation": 1}'])(
    'is refused if the fit of its universe is %s',
    async (fit) => {
      const [kept] = await db.sql`SELECT fit FROM track_record_universes`;
      await db.sql`UPDATE track_record_universes SET fit = ${fit}::text::jsonb`;
      const obstacle = await obstacleOf(replayed(id)).catch(String);
      await db.sql`UPDATE track_record_universes SET fit = ${db.sql.json(kept?.fit)}`;
      expect(obstacle).toBe('universe_changed');
    },
  );

  test.each(['ret_1d_rank', 'vol_20d', 'close_price'])(
    'is refused with the name of the input if its snapshot lacks %s',
    async (name) => {
      const { [name]: _, ...features_snapshot } = row.features_snapshot as Record<string, number>;
      await expect(replayedWith({ features_snapshot })).rejects.toMatchObject({
        obstacle: 'older_inputs',
        reason: `the snapshot has no value for ${name}`,
      });
    },
  );

  test.each(['infinity', '2026-03-03 BC', '12026-03-03'])(
    'is refused if it has the date %s',
    async (date) => {
      for (const column of ['as_of', 'generated_at']) {
        await db.sql.unsafe(`UPDATE recommendations SET ${column} = '${date}' WHERE id = '${id}'`);
        const obstacle = await obstacleOf(replayed(id)).catch(String);
        await db.sql`UPDATE recommendations SET ${db.sql({ [column]: row[column] as Date })} WHERE id = ${id}`;
        expect(obstacle, column).toBe('call_changed');
      }
    },
  );

  test('is refused if it is of a version without explanations', async () => {
    expect(await obstacleOf(replayedWith({ explanation: {} }))).toBe('older_explanation');
  });
});

describe('a release in the store', () => {
  /** A copy of the release in memory, as it was changed. */
  async function storeWith(change: (store: MemoryObjects, path: string) => void): Promise<ObjectStore> {
    const store = new MemoryObjects();
    const releases = openObjects(releasesOf(db));
    const path = 'v1.0.0';
    for (const name of ['manifest.json', ...filesOf(await readManifest(releases, path))])
      await store.put(`${path}/${name}`, defined(await releases.get(`${path}/${name}`), name));
    change(store, path);
    return store;
  }

  const edited = (store: MemoryObjects, key: string, edit: (body: Buffer) => Buffer) =>
    store.bodies.set(key, edit(Buffer.from(defined(store.bodies.get(key), key))));

  test.each<[string, string, (store: MemoryObjects, path: string) => void]>([
    ['none', 'is complete', () => {}],
    ['release_missing', 'is gone', (store) => store.bodies.clear()],
    ['release_missing', 'lacks a file', (store, path) => store.bodies.delete(`${path}/move.onnx`)],
    [
      'release_changed',
      'has an edited ONNX file',
      (store, path) =>
        edited(store, `${path}/score.onnx`, (body) => {
          body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
          return body;
        }),
    ],
    [
      'release_changed',
      'has an edited calibration',
      (store, path) =>
        edited(store, `${path}/manifest.json`, (body) => {
          const manifest = JSON.parse(body.toString());
          manifest.calibration.excess.slope *= 2;
          return Buffer.from(JSON.stringify(manifest));
        }),
    ],
    [
      'release_format',
      'has a format of an earlier version',
      (store, path) => store.bodies.set(`${path}/manifest.json`, Buffer.from('{}')),
    ],
  ])('gives %s if it %s', async (obstacle, _, change) => {
    expect(await obstacleOf(replayed(id, await storeWith(change)))).toBe(obstacle);
  });
});

describe('a call of an earlier version, without the hashes of release and universe', () => {
  const earlier = () => {
    const { release: _, ...explanation } = row.explanation;
    const { day, stocks } = explanation.universe as Record<string, unknown>;
    return { ...explanation, universe: { day, stocks } };
  };

  test('is replayed with the recorded score and place', async () => {
    expect(await replayedWith({ explanation: earlier() })).toMatchObject({
      isEqual: true,
      place: 'recorded',
    });
  });

  test('is still compared in what follows from the score', async () => {
    const explanation = { ...earlier(), score: withOtherDigit(row.explanation.score as number) };
    const { differences } = await replayedWith({ explanation });
    expect(differences.map(({ field }) => field)).toContain('expectedReturnPct');
  });
});

describe('replayCalls', () => {
  test('counts the calls of a day, and gives the suspect ones', async () => {
    const load = freshly(openObjects(releasesOf(db)));
    const sql = run.api;
    expect(await replayCalls(sql, load, { day: '2020-01-01' })).toMatchObject({ calls: 0 });
    await db.sql`UPDATE recommendations SET stop_loss = stop_loss + 1 WHERE id = ${id}`;
    const suspects: unknown[] = [];
    const counts = await replayCalls(sql, load, {
      day: DAY,
      onCall: (_, suspect) => suspect && suspects.push(suspect),
    });
    await db.sql`UPDATE recommendations SET stop_loss = ${row.stop_loss as number} WHERE id = ${id}`;
    expect(counts).toEqual({
      calls: 3 * STOCKS,
      equal: 3 * STOCKS - 1,
      recorded: 0,
      different: 1,
      notReplayable: {},
    });
    expect(suspects).toMatchObject([{ id, replay: { differences: [{ field: 'stopLoss' }] } }]);
  });
});

test('a repeated run publishes nothing anew, and calls of one day share a universe', async () => {
  const counts = () => db.sql`
    SELECT (SELECT count(*)::int FROM recommendations) AS calls, count(*)::int AS universes, min(stocks) AS stocks
    FROM track_record_universes`;
  expect(await counts()).toMatchObject([{ calls: 3 * STOCKS, universes: 1, stocks: STOCKS }]);
  // As if an earlier version had published the calls.
  await db.sql`UPDATE recommendations SET explanation = explanation - 'release'`;
  await runDay(DAY);
  expect(await counts()).toMatchObject([{ calls: 3 * STOCKS, universes: 1 }]);
});
