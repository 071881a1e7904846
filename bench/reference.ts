import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { averageRanks, pearson } from '../functions/evaluate/correlation.ts';
import { inputValue } from '../functions/features/model-inputs.ts';
import { DayScores, type Prediction } from '../functions/infer/day-scores.ts';
import { readRelease } from '../functions/infer/manifest.ts';
import { Model } from '../functions/infer/model.ts';
import { decide, PROFILE_RULES } from '../functions/infer/profiles.ts';
import { rankInUniverse, readDayValues, storeUniverse } from '../functions/infer/universe.ts';
import type { Sql, Transaction } from '../functions/shared/database.ts';
import { defined } from '../functions/shared/invariant.ts';
import { openObjects } from '../functions/shared/objects.ts';
import { withLogin } from '../local/installation/installation.ts';
import { BUNDLED_RELEASE, installRelease } from '../local/installation/release-folder.ts';
import { removeDataFolder } from '../local/installation/scratch-installation.ts';
import { Progress } from '../local/terminal/progress.ts';
import { withBarsDatabase } from '../local/training/bars-database.ts';

/** Stocks of the sample, as in the basket. */
const SAMPLE = 150;

/** Month ends that are measured: the last ones of the bars. */
const MONTHS = 24;

interface Stock {
  id: string;
  values: number[];
  volatility: number;
}

/**
 * Scores the stocks of a file outside an even sample alone, against the universe of the sample, and compares them with
 * their scores among all stocks.
 */
export async function benchReference(bars: string): Promise<Record<string, number>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-reference-'));
  try {
    return await measure(bars, dataDir);
  } finally {
    await removeDataFolder(dataDir);
  }
}

async function measure(bars: string, dataDir: string): Promise<Record<string, number>> {
  const model = await Model.load(await readRelease(openObjects(BUNDLED_RELEASE.href), '.'));
  const alone: Prediction[] = [];
  const among: Prediction[] = [];
  let differing = 0;
  await withBarsDatabase(
    { bars, dateFormat: undefined, currency: 'USD', dataDir },
    new Progress(),
    async ({ installation, load }) => {
      await load();
      await installRelease(installation, BUNDLED_RELEASE);
      await withLogin(installation, 'migrator', async (sql) => {
        for (const day of await monthEnds(sql)) {
          for (const { one, other, volatility } of await compareDay(sql, model, day)) {
            alone.push(one);
            among.push(other);
            if (callOf(one, volatility) !== callOf(other, volatility)) differing++;
          }
        }
      });
    },
  );
  const ranks = (predictions: Prediction[]) => averageRanks(predictions.map(({ score }) => score));
  return {
    rho: pearson(ranks(alone), ranks(among)),
    differing: differing / alone.length,
    scores: alone.length,
  };
}

async function monthEnds(sql: Sql): Promise<Date[]> {
  const rows = await sql<{ ts: Date }[]>`
    SELECT max(ts) AS ts FROM features GROUP BY date_trunc('month', ts) ORDER BY 1 DESC LIMIT ${MONTHS}`;
  return rows.map(({ ts }) => ts);
}

/** Thrown to undo the changes of a day. */
class Undo extends Error {}

/** Each stock outside the sample with its prediction alone, and that among all stocks. */
async function compareDay(
  sql: Sql,
  model: Model,
  day: Date,
): Promise<{ one: Prediction; other: Prediction; volatility: number }[]> {
  const { features } = model.manifest;
  let compared: { one: Prediction; other: Prediction; volatility: number }[] = [];
  await sql
    .begin(async (tx) => {
      const all = await readStocks(tx, day, features);
      const { predictions: amongAll } = await DayScores.of(
        model,
        all.map(({ values }) => values),
      );
      const inSample = (i: number) =>
        Math.floor(((i + 1) * SAMPLE) / all.length) > Math.floor((i * SAMPLE) / all.length);
      const others = all.filter((_, i) => !inSample(i));
      const ids = others.map(({ id }) => id);
      const [active] = await tx<{ id: string }[]>`SELECT id FROM model_versions WHERE is_active`;
      await tx`CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM features WHERE ts = ${day}`;
      await tx`
        DELETE FROM features WHERE ts = ${day}
          AND instrument_id NOT IN (SELECT jsonb_array_elements_text(${tx.json(all.filter((_, i) => inSample(i)).map(({ id }) => id))})::uuid)`;
      const sample = await readStocks(tx, day, features);
      const { day: scores } = await DayScores.of(
        model,
        sample.map(({ values }) => values),
      );
      const time = day.getTime();
      const stored = await readDayValues(tx, time);
      const modelVersionId = defined(active, 'active model').id;
      await storeUniverse(tx, { ...stored, time, modelVersionId, stocks: sample.length, scores });
      await tx`INSERT INTO features SELECT * FROM kept k WHERE NOT EXISTS (SELECT FROM features f WHERE f.id = k.id)`;
      const ranks = await rankInUniverse(tx, { ids, time, universe: time });
      const predictions = await scores.predict(
        others.map(({ id }) => features.map((name) => inputValue(name, defined(ranks.get(id), 'ranks')))),
      );
      compared = others.map((stock, i) => ({
        one: defined(predictions[i], 'prediction'),
        other: defined(amongAll[all.indexOf(stock)], 'prediction'),
        volatility: stock.volatility,
      }));
      throw new Undo();
    })
    .catch((error) => {
      if (!(error instanceof Undo)) throw error;
    });
  return compared;
}

/** The stocks of a day that have all inputs, in the order of their symbols. */
async function readStocks(tx: Transaction, day: Date, features: readonly string[]): Promise<Stock[]> {
  const rows = await tx<({ id: string; vol_20d: number } & Record<string, unknown>)[]>`
    SELECT i.id, m.* FROM model_inputs m JOIN instruments i ON i.id = m.instrument_id WHERE m.ts = ${day}
    ORDER BY i.symbol`;
  return rows
    .map((row) => ({
      id: row.id,
      values: features.map((name) => inputValue(name, row)),
      volatility: row.vol_20d,
    }))
    .filter(({ values }) => values.every(Number.isFinite));
}

/** The call of the moderate profile. */
function callOf({ probabilities, place, expectedExcess }: Prediction, volatility: number): string {
  const outlook = { probabilities, place, expectedExcessPct: expectedExcess * 100, volatility };
  return decide({ ...outlook, baseRates: [0.3, 0.4, 0.3], close: 100, atr: 1 }, PROFILE_RULES.moderate).label;
}
