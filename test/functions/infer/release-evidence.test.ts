import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { evaluateMembers } from '../../../functions/evaluate/evaluate-members.ts';
import { parseMembership } from '../../../functions/evaluate/membership.ts';
import {
  type Manifest,
  PREDICTIONS_FILE,
  type Release,
  readRelease,
  SERVING_FILES,
} from '../../../functions/infer/manifest.ts';
import { promote, register } from '../../../functions/infer/registry.ts';
import { evidenceFrom, NO_PREDICTIONS } from '../../../functions/infer/release-evidence.ts';
import { show } from '../../../functions/infer/versions.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import { useTestDatabase } from '../../support/database.ts';
import { FIXTURE, FIXTURE_PREDICTIONS, FIXTURE_RULE } from '../evaluate/measures-support.ts';
import { changed, measuredManifest } from './gate-support.ts';
import { MemoryObjects, seedBars, seedInstruments } from './support.ts';

const db = useTestDatabase();
let training: Sql;
let objects: MemoryObjects;
/** Its models can be loaded; the releases of these tests have its files and other predictions. */
let bundled: Release;

beforeAll(async () => {
  training = db.client('training');
  bundled = await readRelease(openObjects(BUNDLED_RELEASE.href), '.');
  await seedFixture(db.sql);
});
beforeEach(async () => {
  await db.sql`TRUNCATE model_versions CASCADE`;
  objects = new MemoryObjects();
});

/** Stores the bars and the features of the fixture's market. */
async function seedFixture(sql: Sql): Promise<void> {
  const { days, symbols, closes, columns, firstDay } = FIXTURE;
  const ids = await seedInstruments(sql, symbols);
  for (const [column, id] of ids.entries()) {
    const bars = days.flatMap((day, row) => {
      const close = closes[row]?.[column];
      return close == null ? [] : [{ day, close, row }];
    });
    await seedBars(sql, id, bars);
    const features = bars.map(({ day, row }) => ({
      instrument_id: id,
      ts: day,
      ...Object.fromEntries(
        Object.entries(columns).map(([name, rows]) => [name, rows[row - firstDay]?.[column] ?? null]),
      ),
    }));
    await sql`INSERT INTO features ${sql(features)}`;
  }
  await sql`ANALYZE`;
}

/** The manifest of the bundled model with the fixture's predictions, or others, and their measures. */
function manifestOf(version = 'v1.0.0', options: Parameters<typeof measuredManifest>[1] = {}): Manifest {
  const { features, neutralTo, files } = bundled.manifest;
  const measured = measuredManifest(version, options);
  const predictions = measured.files[PREDICTIONS_FILE];
  return { ...measured, features, neutralTo, files: { ...files, [PREDICTIONS_FILE]: predictions } };
}

/** Stores a release with predictions. */
function place(manifest: Manifest, predictions: Uint8Array = FIXTURE_PREDICTIONS): void {
  const { version } = manifest;
  for (const name of SERVING_FILES) objects.bodies.set(`${version}/${name}`, bundled.files[name]);
  objects.bodies.set(`${version}/${PREDICTIONS_FILE}`, predictions);
  objects.bodies.set(`${version}/manifest.json`, Buffer.from(JSON.stringify(manifest)));
}

/** Registers a release of the store. */
function registerPlaced(manifest: Manifest) {
  return register(training, manifest, manifest.version, { evidence: evidenceFrom(objects) });
}

function registered(manifest: Manifest, predictions?: Uint8Array) {
  place(manifest, predictions);
  return registerPlaced(manifest);
}

/** Promotes as the command line does: what is out of date is measured again. */
const promoteMeasured = (version: string, force?: string) =>
  promote(training, objects, version, { force, evidence: evidenceFrom(objects) });

/** Replaces a file of a stored release, and its hash in the manifest, as a forger would. */
function forge(manifest: Manifest, name: (typeof SERVING_FILES)[number], body: Uint8Array): Manifest {
  const sha256 = createHash('sha256').update(body).digest('hex');
  const forged = changed(manifest, 'files', { ...manifest.files, [name]: { sha256, bytes: body.length } });
  objects.bodies.set(`${manifest.version}/${name}`, body);
  objects.bodies.set(`${manifest.version}/manifest.json`, Buffer.from(JSON.stringify(forged)));
  return forged;
}

/** Predictions with some lines replaced or left out. */
function rewritten(replace: (line: string, day: string, i: number) => string | undefined): Uint8Array {
  const [header = '', ...lines] = FIXTURE.predictions.trimEnd().split('\n');
  let [day, written] = ['', ''];
  const kept = lines.flatMap((line, i) => {
    day = line.slice(0, line.indexOf(',')) || day;
    const changed = replace(line.slice(line.indexOf(',') + 1), day, i);
    if (changed === undefined) return [];
    const first = day === written ? '' : day;
    written = day;
    return [`${first},${changed}`];
  });
  return gzipSync(`${[header, ...kept].join('\n')}\n`);
}

/** The same predictions with the scores of the worst first. */
const REVERSED = rewritten((line) => line.replace(',', ',-').replace(',--', ','));

describe('the gate on the bars of the database', () => {
  test('passes a release whose manifest has the measures of training', async () => {
    const { verdict, activated } = await registered(manifestOf());
    expect(verdict.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(activated).toBe(true);
    expect(verdict.checks).toContainEqual({
      name: 'predictions',
      passed: true,
      detail: `all ${FIXTURE.metrics.rows} rows of ${FIXTURE.metrics.days} days have their bars in the database`,
    });
  });

  test('compares with the active model on the rows of both', async () => {
    await registered(manifestOf('v1.0.0'));
    const half = rewritten((line, _, i) => (i % 2 === 0 ? line : undefined));
    await registered(manifestOf('v1.1.0', { predictions: half }), half);
    await promote(training, objects, 'v1.1.0', { force: 'a test' });
    const { verdict } = await promoteMeasured('v1.0.0');
    const rows = FIXTURE.predictions.trimEnd().split('\n').length - 1;
    expect(verdict.checks.at(-1)).toMatchObject({ name: 'incumbent', passed: true });
    expect(verdict.checks.at(-1)?.detail).toMatch(
      new RegExp(
        `^on ${Math.ceil(rows / 2)} rows that v1.1.0 predicted too, .* differs by 0, .* not below 0$`,
      ),
    );
  });

  test('refuses a release that is worse than the active one', async () => {
    await registered(manifestOf('v1.0.0'));
    const { verdict } = await registered(manifestOf('v1.1.0', { predictions: REVERSED }), REVERSED);
    const failed = verdict.checks.filter(({ passed }) => !passed).map(({ name }) => name);
    expect(failed).toEqual(['metrics', 'e5_rank_ic', 'incumbent']);
  });

  test.each([
    ['the first day', '2020-09-30', /^the database lacks what 1 of the \d+ predictions of 2020-09-30 /],
    ['a later day', '2020-10-20', /^the database lacks what 1 of the \d+ predictions of 2020-10-20 /],
  ])('says that bars are missing on %s', async (_, from, detail) => {
    const foreign = rewritten((line, day) => (day >= from ? line.replace(/^S33,/, 'T33,') : line));
    const { verdict } = await registered(manifestOf('v1.0.0', { predictions: foreign }), foreign);
    expect(verdict.checks.at(-1)).toMatchObject({ name: 'predictions', passed: false });
    expect(verdict.checks.at(-1)?.detail).toMatch(detail);
  });

  test.each<[string, object]>([
    [
      'other exposures',
      {
        exposures: ['no_such_rank'],
        kind: 'cross-sectional-neutral',
        tail: 0.3,
        volatilityFeature: 'vol_20d',
      },
    ],
    ['labels by bands', { bandWidth: 0.5, volatilityFeature: 'vol_20d' }],
  ])('fails a release with %s', async (_, label) => {
    const { verdict } = await registered(manifestOf('v1.0.0', { change: { label } }));
    expect(verdict.checks.at(-1)).toMatchObject({ name: 'predictions', passed: false });
  });
});

describe('an edited release', () => {
  const refusal = (version = 'v1.0.0') => promoteMeasured(version).catch((error: Error) => error.message);

  beforeEach(async () => {
    await registered(manifestOf('v0.9.0'));
    await registered(manifestOf('v1.0.0'));
  });

  test('is promoted while it is not edited', async () => {
    expect(await promoteMeasured('v1.0.0')).toMatchObject({ changed: true });
  });

  test('is refused with other predictions', async () => {
    objects.bodies.set(`v1.0.0/${PREDICTIONS_FILE}`, REVERSED);
    expect(await refusal()).toContain(
      'model v1.0.0/predictions.csv.gz: is not the file that the manifest names',
    );
    objects.bodies.delete(`v1.0.0/${PREDICTIONS_FILE}`);
    expect(await refusal()).toBe('model v1.0.0/predictions.csv.gz: is missing');
  });

  test.each(SERVING_FILES)('is refused with another %s', async (name) => {
    objects.bodies.set(`v1.0.0/${name}`, Buffer.from('another file'));
    expect(await refusal()).toContain(`v1.0.0/${name}: is not the file that the manifest names`);
  });

  test('is refused with another file, also if the manifest names its hash', async () => {
    forge(manifestOf('v1.0.0'), 'trees.json', Buffer.from('another file'));
    expect(await refusal()).toBe('model v1.0.0/manifest.json is not the registered one');
  });

  test.each([
    ['metrics.e5_rank_ic.value', 0.7],
    ['calibration.direction.slope', 5],
    ['training.universeSize', 1000],
    ['parity.scoreMaxAbsDiff', 0],
  ])('is refused with a manifest whose %s is another than the registered one', async (path, value) => {
    place(changed(manifestOf('v1.0.0'), path, value));
    expect(await refusal()).toBe('model v1.0.0/manifest.json is not the registered one');
  });

  test('is refused if the manifest was edited before it was registered', async () => {
    await registered(changed(manifestOf('v1.1.0'), 'metrics.e5_rank_ic.value', 0.7));
    expect(await refusal('v1.1.0')).toMatch(
      /^model v1.1.0 fails the gate: metrics: measured again, e5_rank_ic.value is 0.\d+, not 0.7$/,
    );
  });

  test('is refused if predictions and hash were edited before they were registered', async () => {
    await registered(manifestOf('v1.1.0', { predictions: REVERSED }), REVERSED);
    expect(await refusal('v1.1.0')).toContain('metrics: measured again, e5_rank_ic.value is -0.');
  });

  test('is refused if the trees and their hash were edited before they were registered', async () => {
    const trees = JSON.parse(Buffer.from(bundled.files['trees.json']).toString());
    trees.trees[0].leafValue = trees.trees[0].leafValue.map((value: number) => value + 1e-4);
    place(manifestOf('v1.1.0'));
    await registerPlaced(forge(manifestOf('v1.1.0'), 'trees.json', Buffer.from(JSON.stringify(trees))));
    expect(await refusal('v1.1.0')).toMatch(
      /^model v1.1.0 fails the gate: onnx: score.onnx differs from trees.json by at most 0\.0001\d* \(limit 0.00001\)/,
    );
  });

  test('is refused if the ONNX file and its hash were edited before they were registered', async () => {
    const leaf = JSON.parse(Buffer.from(bundled.files['trees.json']).toString()).trees[0].leafValue[0];
    const [bytes, edited] = [Buffer.alloc(4), Buffer.from(bundled.files['score.onnx'])];
    bytes.writeFloatLE(leaf);
    const at = edited.indexOf(bytes);
    expect(at).toBeGreaterThan(0);
    edited.writeFloatLE(leaf + 0.5, at);
    place(manifestOf('v1.1.0'));
    await registerPlaced(forge(manifestOf('v1.1.0'), 'score.onnx', edited));
    expect(await refusal('v1.1.0')).toMatch(/^model v1.1.0 fails the gate: onnx: score.onnx differs from /);
  });
});

describe('the stored evidence', () => {
  beforeEach(async () => {
    await registered(manifestOf('v0.9.0'));
    await registered(manifestOf('v1.0.0'));
  });

  test('decides a promotion that measures nothing', async () => {
    await db.sql`ALTER TABLE price_bars RENAME TO hidden_bars`;
    try {
      expect(await promote(training, objects, 'v1.0.0')).toMatchObject({
        changed: true,
        verdict: { passed: true },
      });
    } finally {
      await db.sql`ALTER TABLE hidden_bars RENAME TO price_bars`;
    }
  });

  test('has the figures, the hashes of the measured files and the version of the comparison', async () => {
    const [row] = await db.sql`
      SELECT e.evidence, e.manifest, a.version AS active FROM model_evidence e
      JOIN model_versions v ON v.id = e.model_version_id LEFT JOIN model_versions a ON a.id = e.active_version_id
      WHERE v.version = 'v1.0.0'`;
    expect(row?.evidence.measures.rows).toBe(FIXTURE.metrics.rows);
    expect(row?.evidence.onnx).toMatchObject({ rows: 1000, day: null });
    expect(row?.manifest.files).toEqual(manifestOf('v1.0.0').files);
    expect(row?.active).toBe('v0.9.0');
  });

  test('is out of date when another version became active, until it is measured again', async () => {
    await registered(manifestOf('v1.1.0'));
    await promote(training, objects, 'v1.1.0');
    await expect(promote(training, objects, 'v1.0.0')).rejects.toThrow(
      'model v1.0.0 fails the gate: incumbent: the release was compared with v0.9.0, and v1.1.0 is active now; ' +
        'compare it again with npm run model, or on AWS with the Operate function',
    );
    expect(await promoteMeasured('v1.0.0')).toMatchObject({ changed: true, previous: 'v1.1.0' });
  });

  test('is measured again by another registration only where it is out of date', async () => {
    const measured = async () => {
      const [row] = await db.sql`
        SELECT measured_at::text AS at FROM model_evidence e JOIN model_versions v ON v.id = e.model_version_id
        WHERE v.version = 'v1.0.0'`;
      return row?.at;
    };
    const before = await measured();
    await registerPlaced(manifestOf('v1.0.0'));
    expect(await measured()).toBe(before);
    await registered(manifestOf('v1.1.0'));
    await promote(training, objects, 'v1.1.0');
    await registerPlaced(manifestOf('v1.0.0'));
    expect(await measured()).not.toBe(before);
    expect(await promote(training, objects, 'v1.0.0')).toMatchObject({ changed: true });
  });
});

test('a release without predictions is registered, shown, and promoted by force only', async () => {
  await registered(manifestOf('v0.9.0'));
  const { [PREDICTIONS_FILE]: _, ...files } = bundled.manifest.files;
  const bare = { ...manifestOf('v1.0.0'), files };
  place(bare);
  objects.bodies.delete(`v1.0.0/${PREDICTIONS_FILE}`);
  const { added, activated, verdict } = await registerPlaced(bare);
  expect([added, activated, verdict.passed]).toEqual([true, false, false]);
  const shown = await show(training, 'v1.0.0');
  expect(shown.metrics).toEqual(bare.metrics);
  expect(shown.verdict?.checks.filter(({ passed }) => !passed)).toEqual([
    { name: 'predictions', passed: false, detail: NO_PREDICTIONS },
  ]);
  await expect(promoteMeasured('v1.0.0')).rejects.toThrow(NO_PREDICTIONS);
  expect(await promoteMeasured('v1.0.0', 'no better one')).toMatchObject({ changed: true });
  expect((await show(training, 'v1.0.0')).history.at(-1)).toMatchObject({ forcedReason: 'no better one' });
  // Nothing can be compared with it.
  expect(await promoteMeasured('v0.9.0')).toMatchObject({ changed: true });
});

describe('evaluateMembers', () => {
  const { everyone: _, ...rule } = FIXTURE_RULE;
  const features = ['mom_12_1_rank', 'vol_60d_rank', 'ret_5d_rank'];
  const probabilities = (inputs: number[][]) => inputs.map(() => [0.3, 0.4, 0.3] as [number, number, number]);
  const byMomentum = async (inputs: number[][]) => ({
    score: inputs.map(([rank]) => rank as number),
    probabilities: probabilities(inputs),
  });
  const momentum = FIXTURE.metrics.baselines as Record<string, Record<string, { value: number }>>;

  test('measures a score as training does, and hands out every predicted row', async () => {
    let predicted = 0;
    const { metrics: measures } = await training.begin((tx) =>
      evaluateMembers(tx, {
        features,
        rule,
        predict: byMomentum,
        onDay: async ({ symbols }) => {
          predicted += symbols.length;
        },
      }),
    );
    expect(measures.rows).toBe(FIXTURE.metrics.rows);
    for (const name of ['e5_rank_ic', 'n20_rank_ic', 'direction_auc', 'top_5_excess'])
      expect((measures[name] as { value: number }).value).toBeCloseTo(
        momentum.momentum_12_1?.[name]?.value ?? Number.NaN,
        6,
      );
    expect(predicted).toBeGreaterThan(measures.rows);
  });

  test('scores members alone, within a range', async () => {
    const membership = parseMembership(
      Buffer.from(
        `month,symbol,rank\n${FIXTURE.symbols
          .slice(0, 20)
          .map((symbol, i) => `2020-01-01,${symbol},${i + 1}`)
          .join('\n')}`,
      ),
      'members.csv',
    );
    const seen = new Set<string>();
    const range = { from: '2020-10-05', to: '2020-10-20' };
    const { metrics: measures, ...rows } = await training.begin((tx) =>
      evaluateMembers(tx, {
        features,
        rule,
        membership,
        range,
        predict: byMomentum,
        onDay: async ({ day, symbols }) => {
          seen.add(day);
          expect(symbols.every((symbol) => symbol < 'S20')).toBe(true);
        },
      }),
    );
    expect([...seen].sort()).toHaveLength(16);
    expect(measures.days).toBe(16);
    expect(rows).toEqual({
      ...range,
      instruments: 20,
      horizonDays: 20,
      shortHorizonDays: 5,
    });
    const none = parseMembership(Buffer.from('month,symbol,rank\n2020-01-01,NONE,1'), 'members.csv');
    await expect(
      training.begin((tx) => evaluateMembers(tx, { features, rule, membership: none, predict: byMomentum })),
    ).rejects.toThrow('names no symbol of the bars');
    await expect(
      training.begin((tx) =>
        evaluateMembers(tx, { features, rule, range: { to: '2020-05-01' }, predict: byMomentum }),
      ),
    ).rejects.toThrow('no rows to measure to 2020-05-01: a row needs all 3 inputs');
  });
});
