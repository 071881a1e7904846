import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { RANKED_INPUTS } from '../../../functions/features/model-inputs.ts';
import { readRelease } from '../../../functions/infer/manifest.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import {
  readSampleUniverses,
  SAMPLE_UNIVERSES,
  type SampleUniverses,
  storeSampleUniverses,
} from '../../../local/installation/sample-universes.ts';
import { useTestDatabase } from '../../support/database.ts';
import { SAMPLE_DAY } from '../../support/sample.ts';

const db = useTestDatabase();
let content: SampleUniverses;
beforeAll(async () => {
  content = await readSampleUniverses();
});

describe('the bundled universes', () => {
  test('are those of the bundled release (if not: npm run sample:universes)', async () => {
    const { manifest } = await readRelease(openObjects(BUNDLED_RELEASE.href), '.');
    expect(content.model).toEqual({ version: manifest.version, paramsHash: manifest.paramsHash });
  });

  test('begin with the last day of the sample, and are statistics of hundreds of stocks', () => {
    expect(content.days[0]?.day).toBe(SAMPLE_DAY);
    for (const { stocks, scores, values } of content.days) {
      expect(stocks).toBeGreaterThan(400);
      for (const numbers of [scores, ...values.map(({ quantiles }) => quantiles)]) {
        expect(numbers).toHaveLength(100);
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      }
      expect(values.map(({ input }) => input).sort()).toEqual([...RANKED_INPUTS.keys()].sort());
    }
  });

  test('take at most 100 KB', async () => {
    expect((await stat(fileURLToPath(SAMPLE_UNIVERSES))).size).toBeLessThanOrEqual(100_000);
  });
});

describe('storeSampleUniverses', () => {
  const stored = () => db.sql`
    SELECT to_char(u.ts, 'YYYY-MM-DD') AS day, u.stocks, v.input, v.currency, v.negated_values::text AS negated
    FROM universes u JOIN universe_values v ON v.ts = u.ts ORDER BY u.ts DESC, v.input`;

  test('stores nothing for another model', async () => {
    await db.sql`
      INSERT INTO model_versions (version, trained_at, params_hash, metrics_json, model_path, is_active)
      VALUES (${content.model.version}, '2026-01-01', 'other', '{}', '.', true)`;
    await storeSampleUniverses(db.client('pipeline'));
    expect(await stored()).toEqual([]);
  });

  test('stores each day, and the same rows again', async () => {
    await db.sql`UPDATE model_versions SET params_hash = ${content.model.paramsHash}`;
    await storeSampleUniverses(db.client('pipeline'));
    const once = [...(await stored())];
    expect(once).toHaveLength(content.days.length * RANKED_INPUTS.size);
    const [first] = once;
    const quantiles = content.days[0]?.values.find(({ input }) => input === first?.input)?.quantiles ?? [];
    expect(JSON.parse(`[${first?.negated.slice(1, -1)}]`)).toEqual(
      quantiles.map((value) => -value).reverse(),
    );
    await storeSampleUniverses(db.client('pipeline'));
    expect([...(await stored())]).toEqual(once);
    expect((await db.sql`SELECT FROM universes WHERE NOT is_bundled`).count).toBe(0);
  });
});
