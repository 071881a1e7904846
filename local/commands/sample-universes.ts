import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { inferRun } from '../../functions/infer/infer.ts';
import { closeDatabases, type Sql } from '../../functions/shared/database.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { openObjects } from '../../functions/shared/objects.ts';
import { prepareRun } from '../installation/prepare-run.ts';
import { BUNDLED_RELEASE, installRelease, releaseStore } from '../installation/release-folder.ts';
import { SAMPLE_UNIVERSES, type SampleUniverses } from '../installation/sample-universes.ts';
import { openScratchInstallation } from '../installation/scratch-installation.ts';
import { openSource } from '../installation/source.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';
import { HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { Progress } from '../terminal/progress.ts';

const HELP = `Usage: npm run sample:universes -- --bars FILE

Computes the statistics that the stocks of the bundled sample are compared with, and writes
local/sample/universes.json.gz. Repeat it after each new release in models/.

  --bars FILE   daily bars of at least 50 US stocks in dollars, from 2008 to March 2013
  -h, --help    print this text
`;

/** The last trading day of each month from June 2012, and the last Fridays of the sample: the newest comes first. */
const DAYS = [
  ...['2013-03-01', '2013-02-22', '2013-02-15', '2013-01-31', '2012-12-31', '2012-11-30', '2012-10-31'],
  ...['2012-09-28', '2012-08-31', '2012-07-31', '2012-06-29'],
];
const [LAST_DAY = ''] = DAYS;

/** Values of each input that the file has of a day. */
const QUANTILES = 100;

/** Significant digits of a value. */
const DIGITS = 6;

type SampleDay = SampleUniverses['days'][number];

async function main(): Promise<void> {
  const { values } = readCommandLine({ options: { bars: { type: 'string' }, ...HELP_OPTION } });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (values.bars === undefined) throw new BadInputError('sample:universes needs --bars FILE');
  process.env.LOG_LEVEL ??= 'warn';
  const progress = new Progress();
  const source = await openSource({ provider: ['csv'], bars: values.bars, currency: 'USD', asOf: LAST_DAY });
  const installation = await openScratchInstallation('boursomatic-universes-', source.database);
  try {
    const sql = await prepareRun(installation, source, progress);
    await installRelease(installation, BUNDLED_RELEASE);
    await runPipeline({ mode: 'backfill', to: LAST_DAY }, progress);
    const stores = {
      raw: openObjects(defined(process.env.RAW_OBJECTS_URL, 'store')),
      models: releaseStore(installation),
    };
    for (const day of DAYS) {
      progress.update(`Scoring the stocks of ${day}…`);
      const runId = `universe-${day}`;
      await sql`INSERT INTO pipeline_runs (id, input, as_of) VALUES (${runId}, '{}', ${day})`;
      await inferRun({ runId, asOf: day }, sql, stores);
    }
    const [model] = await sql<SampleUniverses['model'][]>`
      SELECT version, params_hash AS "paramsHash" FROM model_versions WHERE is_active`;
    const content: SampleUniverses = {
      model: { ...defined(model, 'active model') },
      days: await readDays(sql),
    };
    const body = gzipSync(JSON.stringify(content), { level: 9 });
    await writeFile(SAMPLE_UNIVERSES, body);
    const stocks = content.days.map(({ day, stocks }) => `${day} ${stocks}`).join(', ');
    process.stdout.write(
      `wrote local/sample/universes.json.gz, ${body.length} bytes; stocks by day: ${stocks}\n`,
    );
  } finally {
    await closeDatabases();
    await installation.close();
  }
}

/** Reads the stored universes at quantiles, newest first. */
async function readDays(sql: Sql): Promise<SampleDay[]> {
  const days = await sql<(Omit<SampleDay, 'fit'> & SampleDay['fit'])[]>`
    SELECT to_char(u.ts, 'YYYY-MM-DD') AS day, u.stocks, u.market, to_jsonb(u.scores) AS scores, u.mean_score AS "meanScore",
      jsonb_build_array(u.first_mean, u.second_mean) AS "meanInputs",
      jsonb_build_array(u.first_slope, u.second_slope) AS slopes, u.deviation,
      (SELECT jsonb_agg(jsonb_build_object('input', v.input, 'currency', v.currency,
          'quantiles', (SELECT jsonb_agg(-value ORDER BY -value) FROM unnest(v.negated_values) AS value))
        ORDER BY v.input, v.currency) FROM universe_values v WHERE v.ts = u.ts) AS values
    FROM universes u ORDER BY u.ts DESC`;
  return days.map(({ day, stocks, market, scores, values, meanScore, meanInputs, slopes, deviation }) => ({
    day,
    stocks,
    fit: { meanScore, meanInputs, slopes, deviation },
    scores: quantiles(scores),
    market: Object.fromEntries(
      Object.entries(market).map(([name, value]) => [name, value === null ? null : rounded(value)]),
    ),
    values: values.map((input) => ({ ...input, quantiles: quantiles(input.quantiles) })),
  }));
}

/** The values in the middle of equal shares of sorted values. */
function quantiles(sorted: readonly number[]): number[] {
  if (sorted.length <= QUANTILES) return sorted.map(rounded);
  return Array.from({ length: QUANTILES }, (_, i) =>
    rounded(defined(sorted[Math.floor(((i + 0.5) / QUANTILES) * sorted.length)], 'quantile')),
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

await exitOnError(main);
