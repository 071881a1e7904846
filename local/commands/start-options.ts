import { resolve } from 'node:path';
import { z } from 'zod';
import { DATE_FORMATS } from '../../functions/ingest/bars-file/days.ts';
import { providerNames } from '../../functions/ingest/providers/choice.ts';
import { intervalsOf, vendorsOf } from '../../functions/ingest/providers/descriptor.ts';
import { PROVIDERS } from '../../functions/ingest/providers/registry.ts';
import { REFERENCES, type ReferenceName } from '../../functions/ingest/reference/reference.ts';
import { ADDERS, DEFAULT_ADDED_LIMIT, RUN_MODES } from '../../functions/shared/constants.ts';
import { CurrencyCode } from '../../functions/shared/currencies.ts';
import { toDay } from '../../functions/shared/days.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { Benchmark, Day, InstrumentSymbol } from '../../functions/shared/fields.ts';
import { canonicalSymbol } from '../../functions/shared/symbols.ts';
import { AddedLimit, type Choice, readChoice } from '../installation/chosen-data.ts';
import { machineTimeZone, readSchedule } from '../schedule/cron.ts';
import type { ScheduleOptions } from '../schedule/schedule.ts';
import { Host, Proxies, PublicUrls } from '../serving/reach.ts';
import {
  checkOptions,
  HELP_OPTION,
  readCommandLine,
  readVariables,
  variableOf,
} from '../terminal/command-line.ts';
import { alternatives, variablesHelp } from './provider-help.ts';

const DEFAULT_PROVIDER = 'sample';
const DEFAULT_REFERENCE: ReferenceName = 'basket';
const OTHERS = PROVIDERS.map(({ name }) => name).filter((name) => name !== DEFAULT_PROVIDER);
const VENDORS = vendorsOf(PROVIDERS);

/** Options that choose when runs are made. */
const SCHEDULE = ['schedule', 'intraday', 'retrain', 'backup'] as const;

/** Options that choose who may add stocks. */
const ADDING = ['add-stocks', 'most-added'] as const;

const TIME_ZONE = machineTimeZone();

export const HELP = `Usage: npm start -- [options]

Serves the page and the API until Ctrl-C, and runs the pipeline whenever a run is due: at the start if one was missed,
and after the followed markets close. The first run prints the recommendations.

  --once              make one run and exit; if a service runs on the data folder, it makes the run
  --run-now           make a run at the start, due or not
  --schedule WHEN     with a vendor: when daily runs are made: off, or a cron expression such as "30 18 * * 1-5" or
                      "TZ=Europe/Paris 0 20 * * 1-5" (default: after the followed markets close)
  --intraday on|off   with a vendor: fetch 15-minute bars every 15 minutes while a followed market trades (default off)
  --retrain WHEN      with a vendor: weekly or off (default off): train a model on the stored bars every Saturday, and
                      use it if it passes the gate
  --backup WHEN       nightly (default) or off: back up into the folder backups of the data folder, and keep the newest
                      of seven days and four weeks; the sample is not backed up
  --add-stocks WHO    with a vendor: who may add a stock by following its symbol: anyone (default), admins, or off
  --most-added N      with a vendor: the most stocks that users may add (default ${DEFAULT_ADDED_LIMIT})
  --json              end stdout with one JSON object: runId, status, counts, seconds, modelVersion
  --provider NAME     source of the bars: ${alternatives(OTHERS)}, or ${DEFAULT_PROVIDER};
                      "yahoo,stooq" uses Stooq for what Yahoo refuses. Later starts repeat a vendor with its reference,
                      its benchmark and its schedule (default: those of the last start, else the sample)
  --sample            the bundled sample, once; short for --provider sample
  --bars FILE         with csv: daily bars: a CSV or Parquet file, a folder or a zip
                      (docs/providers.md, "Your own file")
  --date-format F     with csv: order of dates such as 03/04/2015: ${DATE_FORMATS.join(', ')}
                      (default: the order that other dates show)
  --currency C        with csv: currency of prices for which the file names none: USD, EUR, GBX for pence, …
  --symbols A,B       only these instruments; with a vendor, new symbols are added
                      (npm run instruments adds whole lists)
  --reference LIST    with a vendor: stocks that all others are compared with, without calls of their own: basket
                      (default: 150 of the S&P 500), sp500, a CSV file of 50 or more symbols, or none
  --benchmark SYMBOL  the benchmark of the track record, or none (default: with a vendor, the stored one or SPY;
                      with a file, SPY if the file has it)
  --as-of DATE        run as of this day, YYYY-MM-DD, without any later data
                      (default: the last day of the bars; with a vendor, today)
  --model DIR         folder of the release to use (default models)
  --mode NAME         daily (default); backfill: fetch the whole history again; intraday: fetch 15-minute bars
  --replay RUN        load the raw records of an earlier run again, without fetching
  --port N            port of the page and the API (default 8787; 0 takes a free one)
  --host ADDRESS      IP address to listen on (default 127.0.0.1, which only this machine reaches); 0.0.0.0 or ::
                      for all of the machine's addresses
  --public-url URL    address of the service at a proxy with TLS, such as https://calls.example.org;
                      several are separated by commas
  --trust-proxy LIST  proxies that name the client's address in X-Forwarded-For: addresses and networks such as
                      10.0.0.0/8, separated by commas; loopback for a proxy on this machine, uniquelocal for private
                      networks
  --data-dir DIR      folder of the database, the secrets, the raw records and the copies of publications
                      (default .boursomatic)
  -h, --help          print this text

Vendors are ${alternatives(VENDORS.map(({ name }) => name)).replace(' or ', ' and ')}; sample and csv are files.

Exit codes of --once:
  0                   the run ended; a partial run names the instruments that failed
  1                   the run published nothing because of a systematic fault, or it could not run
  2                   an option or the bars file is invalid

Environment:
  BOURSOMATIC_…       any option with a value: BOURSOMATIC_DATA_DIR stands for --data-dir; options have priority
  DATABASE_URL        PostgreSQL 18 server to use instead of the embedded one; its login must be able to create roles
${variablesHelp(VENDORS)}
`;

const Options = z.object({
  help: z.boolean().default(false),
  once: z.boolean().default(false),
  json: z.boolean().default(false),
  'run-now': z.boolean().default(false),
  schedule: z.string().min(1, 'is empty').optional(),
  intraday: z.enum(['on', 'off'], 'must be on or off').optional(),
  retrain: z.enum(['weekly', 'off'], 'must be weekly or off').optional(),
  backup: z.enum(['nightly', 'off'], 'must be nightly or off').optional(),
  'add-stocks': z.enum(ADDERS, `must be one of ${ADDERS.join(', ')}`).optional(),
  'most-added': AddedLimit.optional(),
  provider: z.string().pipe(providerNames(PROVIDERS)).optional(),
  sample: z.boolean().default(false),
  bars: z.string().optional(),
  'date-format': z.enum(DATE_FORMATS, `must be one of ${DATE_FORMATS.join(', ')}`).optional(),
  currency: CurrencyCode.optional(),
  symbols: z
    .string()
    .transform((list) => [...new Set(list.split(',').map(canonicalSymbol))])
    .pipe(z.array(InstrumentSymbol).min(1))
    .optional(),
  reference: z.string().min(1, 'is empty').optional(),
  benchmark: Benchmark.optional(),
  'as-of': Day.optional(),
  mode: z.enum(RUN_MODES, { error: `must be one of ${RUN_MODES.join(', ')}` }).optional(),
  replay: z.string().min(1, 'is empty').optional(),
  model: z.string().min(1, 'is empty').optional(),
  port: z
    .string()
    .regex(/^\d{1,5}$/, 'is not a port number')
    .transform(Number)
    .pipe(z.number().max(65535, 'is above 65535'))
    .default(8787),
  host: Host,
  'public-url': PublicUrls,
  'trust-proxy': Proxies,
  'data-dir': z.string().min(1, 'is empty').default('.boursomatic'),
});
type Provider = NonNullable<z.output<typeof Options>['provider']>;

/** The options of a start. Those that the command line omits may be remembered ones. */
export type Options = Omit<z.output<typeof Options>, 'provider' | 'sample'> & { provider: Provider };

/** Where the options come from that the command line omits. */
interface OptionSources {
  choiceOf?: typeof readChoice;
  environment?: Record<string, string | undefined>;
}

/**
 * Parses the command line of `npm start`. Without a provider, the start uses the data that the data folder is for.
 *
 * @param from - `choiceOf` reads the choice of a data folder; `environment` has further options, such as
 * `BOURSOMATIC_DATA_DIR` for `--data-dir`, unless they are given
 * @throws BadInputError that names an option that is unknown, malformed, or incompatible with another
 * @throws ConfigurationError if the folder's choice is damaged
 */
export function parseOptions(
  args: string[],
  { choiceOf = readChoice, environment = process.env }: OptionSources = {},
): Options {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  const named = {
    provider: text,
    bars: text,
    'date-format': text,
    currency: text,
    symbols: text,
    reference: text,
    benchmark: text,
    'as-of': text,
    mode: text,
    replay: text,
    model: text,
    port: text,
    host: text,
    'public-url': text,
    'trust-proxy': text,
    schedule: text,
    intraday: text,
    retrain: text,
    backup: text,
    'add-stocks': text,
    'most-added': text,
    'data-dir': text,
  };
  const { values } = readCommandLine({
    args,
    options: {
      ...HELP_OPTION,
      once: flag,
      json: flag,
      'run-now': flag,
      sample: flag,
      ...named,
    },
  });
  const variables = readVariables(Object.keys(named), environment);
  // The command line wins over the environment.
  if (values.sample)
    for (const name of ['provider', 'reference', ...SCHEDULE, ...ADDING]) delete variables[name];
  const given = { ...variables, ...values };
  const checked = checkOptions(Options, given, (option) =>
    option in values ? `--${option}` : variableOf(option),
  );
  const options = withChoice(checked, checked.help ? () => undefined : choiceOf);
  const [first] = options.provider;
  const isCsv = first === 'csv';
  if (isCsv && !options.bars) throw new BadInputError('--provider csv needs --bars FILE');
  for (const name of ['bars', 'date-format', 'currency'] as const) {
    if (!isCsv && options[name]) throw new BadInputError(`--${name} goes only with --provider csv`);
  }
  for (const name of ['reference', 'schedule', 'intraday', 'retrain', ...ADDING] as const) {
    if (options[name] !== undefined && !isVendor(options))
      throw new BadInputError(`--${name} goes only with a vendor`);
  }
  if (options.intraday === 'on' && !intervalsOf(chosen(options)).includes('15m')) {
    throw new BadInputError(
      `--intraday on needs 15-minute bars, which ${options.provider.join()} does not have: use another provider`,
    );
  }
  if (options.schedule) readSchedule(options.schedule, TIME_ZONE);
  if (options.replay && options.mode)
    throw new BadInputError('--mode does not go with --replay, which uses the mode of the earlier run');
  const asOf = options['as-of'];
  const today = toDay(new Date());
  if (asOf && asOf > today) throw new BadInputError(`--as-of ${asOf} is in the future`);
  return isVendor(options) ? { reference: DEFAULT_REFERENCE, ...options } : options;
}

/** Completes the options with those that the data folder remembers. */
function withChoice({ sample, ...options }: z.output<typeof Options>, choiceOf: typeof readChoice): Options {
  if (sample && options.provider) throw new BadInputError('--sample does not go with --provider');
  if (sample) return { ...options, provider: [DEFAULT_PROVIDER] };
  const choice = choiceOf(resolve(options['data-dir']));
  if (options.provider) {
    const typed = { ...options, provider: options.provider };
    // Another vendor has another reference; the schedule and who may add stocks are the installation's.
    return isVendor(typed) ? { ...keptPart(choice?.start), ...typed } : typed;
  }
  if (choice?.data !== 'real') return { ...options, provider: [DEFAULT_PROVIDER] };
  if (!choice.start)
    throw new BadInputError(
      `${options['data-dir']} holds real data: name their vendor, as in npm start -- --provider yahoo, or use --sample`,
    );
  return { ...choice.start, ...options, provider: choice.start.provider };
}

function keptPart(start: Partial<Options> = {}): Partial<Options> {
  return Object.fromEntries(
    [...SCHEDULE, ...ADDING].flatMap((name) => (start[name] === undefined ? [] : [[name, start[name]]])),
  );
}

function chosen({ provider }: Options) {
  return PROVIDERS.filter(({ name }) => provider.includes(name));
}

function isVendor({ provider }: Options): boolean {
  return VENDORS.some(({ name }) => name === provider[0]);
}

/** The choice that a start leaves in its data folder; undefined for one that uses a file. */
export function choiceOfStart(options: Options): Choice | undefined {
  if (!isVendor(options)) return undefined;
  const { provider, reference, benchmark, schedule, intraday, retrain, backup } = options;
  const { 'add-stocks': adders, 'most-added': mostAdded } = options;
  const isBundled = REFERENCES.some((name) => name === reference);
  return {
    data: 'real',
    start: {
      provider,
      ...(reference && { reference: isBundled ? reference : resolve(reference) }),
      ...(benchmark && { benchmark }),
      ...(schedule && { schedule }),
      ...(intraday && { intraday }),
      ...(retrain && { retrain }),
      ...(backup && { backup }),
      ...(adders && { 'add-stocks': adders }),
      ...(mostAdded !== undefined && { 'most-added': mostAdded }),
    },
  };
}

/** When the runs of a start are made. */
export function scheduleOf({ schedule, intraday, retrain, backup }: Options): ScheduleOptions {
  return {
    daily: schedule === undefined ? 'markets' : readSchedule(schedule, TIME_ZONE),
    intraday: intraday === 'on',
    retraining: retrain === 'weekly',
    backup: backup !== 'off',
    timeZone: TIME_ZONE,
  };
}
