import { spawnSync } from 'node:child_process';
import * as z from 'zod';
import { checkOptions, readCommandLine } from '../../../local/terminal/command-line.ts';
import { exitOnError } from '../../../local/terminal/exit.ts';

const HELP = `Usage: npm run test:alerts -- [options]

Publishes calls and delivers the messages about them to a receiver on a loopback address, and kills both processes at
random points. The receiver refuses some messages, and lets answers get lost. Fails if a change does not arrive at a
channel whose user wants it, arrives under two idempotency keys, or if two attempts of a message differ.

  --kills N   how many processes it kills (default 200)
  --seed N    seed of the random points (default 1)
  --help      this text
`;

const whole = (least: number) =>
  z.coerce.number('is not a number').int('is not whole').min(least, `is below ${least}`);
const Options = z.object({
  help: z.boolean().default(false),
  kills: whole(10).default(200),
  seed: whole(0).default(1),
});

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = readCommandLine({ options: { kills: text, seed: text, help: { type: 'boolean' } } });
  const { help, kills, seed } = checkOptions(Options, values);
  if (help) return void process.stdout.write(HELP);
  const env = { ...process.env, ALERT_KILLS: String(kills), ALERT_SEED: String(seed) };
  const { status } = spawnSync('npx', ['vitest', 'run', 'test/alerts/kills'], { env, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

await exitOnError(main);
