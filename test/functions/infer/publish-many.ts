/**
 * Publishes predictions of all instruments of a database, copies the publication, and prints how many calls and copies
 * were made and the peak memory in MB.
 */
import { MODEL_INPUT_NAMES } from '../../../functions/features/model-inputs.ts';
import { type Predictions, readPredictions, writePredictions } from '../../../functions/infer/predictions.ts';
import { publishRun } from '../../../functions/infer/publish.ts';
import { copyPublications } from '../../../functions/publications/copies.ts';
import { database } from '../../../functions/shared/database.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { peakMb } from '../../support/peak-memory.ts';
import { inferResult, predictionsOf } from './publish-support.ts';

const [secret = '', objectsUrl = '', runId = '', modelId = ''] = process.argv.slice(2);
const objects = openObjects(objectsUrl);

/** As many inputs and contributions as a release has, of different values. */
function many(ids: readonly string[]): Predictions {
  return {
    ...predictionsOf(modelId, []),
    instruments: ids.map((id, i) => {
      const inputs = MODEL_INPUT_NAMES.map(
        (name, f) => [name, Math.fround(Math.abs(Math.sin(i + f)))] as const,
      );
      const [one] = predictionsOf(modelId, [id], {
        inputs: { ...Object.fromEntries(inputs), close_price: 100 + i / 7, atr_14: 4, vol_20d: 0.2 },
        contributions: Object.fromEntries(inputs.slice(0, 28).map(([name, value]) => [name, value / 1000])),
      }).instruments;
      return one as Predictions['instruments'][number];
    }),
  };
}

const sql = await database(secret);
const ids = await sql<{ id: string }[]>`SELECT id FROM instruments ORDER BY symbol`;
if (process.argv.includes('--write')) {
  await writePredictions(objects, runId, many(ids.map(({ id }) => id)));
} else {
  const run = inferResult(runId);
  const predictions = await readPredictions(objects, run.scores);
  const { activated } = await publishRun(run, predictions, sql);
  const copies = await copyPublications(sql, objects);
  process.stdout.write(JSON.stringify({ activated, copies, peakMb: peakMb() }));
}
await sql.end();
