import { beforeAll, describe, expect, test } from 'vitest';
import { averageRanks, pearson } from '../../../functions/evaluate/correlation.ts';
import { inferRun } from '../../../functions/infer/infer.ts';
import { type Release, readRelease } from '../../../functions/infer/manifest.ts';
import { readPredictions } from '../../../functions/infer/predictions.ts';
import { recommend } from '../../../functions/infer/publish.ts';
import { bundledReference } from '../../../functions/ingest/reference/reference.ts';
import { LEAST_HISTORY_BARS } from '../../../functions/shared/constants.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import { useTestDatabase } from '../../support/database.ts';
import { seededRandom } from '../features/series.ts';
import { type Member, seedMarket } from './market-support.ts';
import { MemoryObjects, seedModel, seedRun } from './support.ts';

const DAY = '2026-03-02';

/** How many stocks are followed, and how often: another selection each time. */
const DRAWS = {
  basket: [
    [1, 60],
    [5, 12],
    [20, 6],
    [150, 2],
    [500, 1],
  ],
  sp500: [
    [1, 10],
    [5, 2],
    [20, 1],
    [150, 1],
    [500, 1],
  ],
} satisfies Record<string, [number, number][]>;

/** A stock's neutral score and its moderate call. */
interface Scored {
  symbol: string;
  score: number;
  label: string;
}

const db = useTestDatabase();
let pipeline: Sql;
let release: Release;
let market: Member[];
let full: Map<string, Scored>;
beforeAll(async () => {
  pipeline = db.client('pipeline');
  release = await readRelease(openObjects(BUNDLED_RELEASE.href), '.');
  await seedModel(db.sql, '.', release.manifest.version);
  market = await seedMarket(db.sql, DAY, LEAST_HISTORY_BARS);
  full = new Map((await score(market, market)).map((scored) => [scored.symbol, scored]));
});

let runs = 0;
/** Scores the followed stocks among themselves and the reference, with the pipeline's own step. */
async function score(followed: readonly Member[], reference: readonly Member[]): Promise<Scored[]> {
  const ids = (members: readonly Member[]) => db.sql.json(members.map(({ id }) => id));
  await db.sql`TRUNCATE features, universes CASCADE`;
  await db.sql`
    INSERT INTO features SELECT * FROM market
    WHERE instrument_id IN (SELECT jsonb_array_elements_text(${ids([...followed, ...reference])})::uuid)`;
  await db.sql`
    UPDATE instruments SET purpose = CASE
      WHEN id IN (SELECT jsonb_array_elements_text(${ids(followed)})::uuid) THEN 'both' ELSE 'reference' END`;
  const runId = `run-${++runs}`;
  await seedRun(db.sql, runId, { instruments: followed.length });
  const raw = new MemoryObjects();
  const stores = { raw, models: openObjects(BUNDLED_RELEASE.href) };
  const { scores, failed } = await inferRun({ runId, asOf: DAY }, pipeline, stores);
  expect(failed).toBe(0);
  const predictions = await readPredictions(raw, scores);
  const labels = new Map(
    [...recommend(predictions)]
      .filter(({ profile }) => profile === 'moderate')
      .map(({ instrument_id, label }) => [instrument_id, label]),
  );
  return predictions.instruments.map((instrument) => ({
    symbol: instrument.symbol,
    score: instrument.score,
    label: defined(labels.get(instrument.instrumentId), 'moderate call'),
  }));
}

/** A number of stocks, drawn without replacement. */
function draw(count: number, random: () => number): Member[] {
  const left = [...market];
  return Array.from({ length: count }, () =>
    defined(left.splice(Math.floor(random() * left.length), 1)[0], 'stock'),
  );
}

describe.each([
  ['basket', 0.95, 0.05],
  ['sp500', 0.98, 0.02],
] as const)('with the reference %s', (name, leastRho, mostDiffering) => {
  test.each(DRAWS[name])('%i followed stocks are scored as among all 500', async (followed, draws) => {
    const random = seededRandom(followed);
    const names = new Set(bundledReference(name).map(({ symbol }) => symbol));
    const reference = market.filter(({ symbol }) => names.has(symbol));
    const scored: Scored[] = [];
    for (let i = 0; i < draws; i++) scored.push(...(await score(draw(followed, random), reference)));
    const truth = scored.map(({ symbol }) => defined(full.get(symbol), symbol));
    const rho = pearson(
      averageRanks(scored.map(({ score }) => score)),
      averageRanks(truth.map(({ score }) => score)),
    );
    const differing = scored.filter(({ label }, i) => label !== truth[i]?.label).length / scored.length;
    expect(rho).toBeGreaterThanOrEqual(leastRho);
    expect(differing).toBeLessThanOrEqual(mostDiffering);
  });
});

test('the market has calls of each kind', () => {
  const calls = [...full.values()].map(({ label }) => label);
  expect(calls).toHaveLength(500);
  for (const label of ['BUY', 'SELL'])
    expect(calls.filter((call) => call === label).length).toBeGreaterThan(10);
});
