import { z } from 'zod';
import { checkOptions, readCommandLine } from '../../local/terminal/command-line.ts';
import { exitOnError } from '../../local/terminal/exit.ts';
import { Progress } from '../../local/terminal/progress.ts';
import { TRANSIENT_KINDS } from '../market/fault-draw.ts';
import { type CampaignVendor, VENDORS } from './campaign-vendors.ts';
import { runSideBySide } from './side-by-side.ts';

const HELP = `Usage: npm run test:faults [-- options]

Runs plan, fetch and load day after day against markets on a loopback address with random faults, in the formats of
several vendors. Checks after each run that no wrong bar is stored and that a fault explains every failure. Checks
in the end that one run without faults stores exactly the market's bars. The same seed gives the same faults.

  --faults N        faults before the campaign ends (default 10000)
  --seed N          seed of the random faults (default 1)
  --rate R          share of the requests with a fault (default 0.5)
  --instruments N   instruments of each market (default 40)
  --markets N       markets at once, which share the faults; their seeds count up from --seed (default 4)
  --timeout MS      how long clients wait for an answer; a busy machine needs more (default 5000)
  --vendors NAMES   vendors of the markets, in turn (default yahoo,alpaca,tiingo)
  --kinds NAMES     kinds of fault to draw from (default all; npm run market -- --list-faults lists them)
  --help            print this text
`;

const NAMES = Object.keys(VENDORS) as [CampaignVendor, ...CampaignVendor[]];

const whole = (least: number) =>
  z.coerce.number('is not a number').int('is not whole').min(least, `is below ${least}`);
const Options = z.object({
  help: z.boolean().default(false),
  faults: whole(1).default(10_000),
  seed: whole(0).default(1),
  rate: z.coerce.number('is not a number').gt(0, 'is not above 0').max(0.9, 'is above 0.9').default(0.5),
  instruments: whole(1).default(40),
  markets: whole(1).max(16, 'is above 16').default(4),
  timeout: whole(100).default(5000),
  vendors: z
    .string()
    .default(NAMES.join())
    .transform((names) => names.split(','))
    .pipe(z.array(z.enum(NAMES, `is not a list of ${NAMES.join(', ')}`))),
  kinds: z
    .string()
    .transform((names) => names.split(','))
    .pipe(z.array(z.enum(TRANSIENT_KINDS, 'is not a list of kinds of fault')))
    .optional(),
});

function readOptions() {
  const text = { type: 'string' } as const;
  const { values } = readCommandLine({
    options: {
      faults: text,
      seed: text,
      rate: text,
      instruments: text,
      markets: text,
      timeout: text,
      vendors: text,
      kinds: text,
      help: { type: 'boolean' },
    },
  });
  return checkOptions(Options, values);
}

await exitOnError(async () => {
  const { help, timeout: timeoutMs, ...options } = readOptions();
  if (help) return void process.stdout.write(HELP);
  const progress = new Progress();
  const began = performance.now();
  const tally = await runSideBySide({
    ...options,
    timeoutMs,
    onProgress: ({ runs, faults }) => progress.update(`Run ${runs}: ${faults} of ${options.faults} faults`),
  });
  const seconds = Math.round((performance.now() - began) / 1000);
  progress.line(`${tally.faults} faults in ${tally.requests} requests of ${tally.runs} runs, ${seconds} s`);
  process.stdout.write(`${JSON.stringify({ seed: options.seed, ...tally, seconds })}\n`);
});
