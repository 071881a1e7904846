import { spawnSync } from 'node:child_process';
import * as z from 'zod';
import { checkOptions, readCommandLine } from '../../local/terminal/command-line.ts';
import { exitOnError } from '../../local/terminal/exit.ts';

/** In fewer days, some events or kills of some seeds do not happen, and the test requires each. */
const LEAST_DAYS = 250;

const HELP = `Usage: npm run test:record -- [options]

Plays live days with a clock that moves, through all steps of the pipeline except Infer. The vendor pays dividends, splits
shares, corrects closes and halts trading. Runs are killed at random points and repeated. Fails if the track record
differs from one that is computed apart from the calls and the vendor's bars, or if a changed call passes as unchanged.

  --days N    how many days (default 500, two years; at least ${LEAST_DAYS})
  --seed N    seed of the market and of the kills (default 1)
  --help      this text
`;

const Options = z.object({
  help: z.boolean().default(false),
  days: z.coerce
    .number('is not a number')
    .int('is not whole')
    .min(LEAST_DAYS, `is below ${LEAST_DAYS}`)
    .default(500),
  seed: z.coerce.number('is not a number').int('is not whole').min(0, 'is below 0').default(1),
});

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = readCommandLine({ options: { days: text, seed: text, help: { type: 'boolean' } } });
  const { help, days, seed } = checkOptions(Options, values);
  if (help) return void process.stdout.write(HELP);
  const env = { ...process.env, RECORD_DAYS: String(days), RECORD_SEED: String(seed) };
  const { status } = spawnSync('npx', ['vitest', 'run', 'test/record'], { env, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

await exitOnError(main);
