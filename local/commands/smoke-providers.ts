import { openProvider } from '../../functions/ingest/providers/index.ts';
import { ProviderEnvironment, providerOptions } from '../../functions/ingest/providers/options.ts';
import { type Bar, type Provider, ProviderError } from '../../functions/ingest/providers/provider.ts';
import { ENV, type ProviderName } from '../../functions/shared/constants.ts';
import { DAY_MS, toDay } from '../../functions/shared/days.ts';
import { readEnvironment } from '../../functions/shared/environment.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { table } from '../terminal/table.ts';

const HELP = `Usage: npm run smoke:providers [-- options]

Asks the real providers for a little and looks at what comes: a few days of daily bars and of 15-minute bars, and what
an instrument is. It makes three requests to Yahoo and, where a key is named, one to Stooq; nothing is stored.
Exit 1 if an answer is a refusal or not as expected.

  --symbol S        instrument to ask for (default AAPL)
  --help            this text

Environment: STOOQ_KEY_SECRET (a file: URL or a Secrets Manager id), YAHOO_ORIGIN, STOOQ_ORIGIN.
`;

/** Ten days hold at least five sessions, whatever the holidays. */
const DAYS = 10;
const LEAST_SESSIONS = 5;

interface Check {
  Provider: string;
  Asked: string;
  '': 'ok' | 'FAILS';
  Answer: string;
}

async function checked(provider: Provider, asked: string, ask: () => Promise<string>): Promise<Check> {
  const { name } = provider;
  try {
    return { Provider: name, Asked: asked, '': 'ok', Answer: await ask() };
  } catch (error) {
    if (!(error instanceof ProviderError) && !(error instanceof BoursomaticError)) throw error;
    return { Provider: name, Asked: asked, '': 'FAILS', Answer: `${error.code}: ${error.message}` };
  }
}

/** @throws BoursomaticError if bars are fewer than there were sessions, or no bars at all */
function described(bars: readonly Bar[], least: number): string {
  const last = bars.at(-1);
  const found = `${bars.length} bars`;
  if (!last || bars.length < least)
    throw new BoursomaticError('too_few', `${found}, at least ${least} expected`);
  const isSound = bars.every(
    ({ o, h, l, c, v }) => l > 0 && l <= Math.min(o, c) && h >= Math.max(o, c) && v >= 0,
  );
  if (!isSound) throw new BoursomaticError('unsound', `${found}, of which some are not possible`);
  return `${found}, the last at ${new Date(last.ts).toISOString()}: close ${last.c.toFixed(2)}`;
}

async function smoke(name: ProviderName, symbol: string): Promise<Check[]> {
  process.env[ENV.provider] = name;
  const provider = await openProvider(providerOptions(readEnvironment(ProviderEnvironment)));
  const to = Date.now();
  const days = { symbol, from: toDay(to - DAYS * DAY_MS), to: toDay(to) };
  const checks = [
    await checked(provider, `${symbol} daily`, async () =>
      described((await provider.fetchBars({ ...days, interval: 'daily' })).bars, LEAST_SESSIONS),
    ),
  ];
  if (name !== 'yahoo') return checks;
  checks.push(
    await checked(provider, `${symbol} 15m`, async () =>
      described((await provider.fetchBars({ ...days, interval: '15m' })).bars, LEAST_SESSIONS * 10),
    ),
    await checked(provider, `${symbol} itself`, async () =>
      JSON.stringify(await provider.describe?.(symbol)),
    ),
  );
  return checks;
}

async function main(): Promise<void> {
  const { values } = readCommandLine({ options: { symbol: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  process.env.LOG_LEVEL ??= 'warn';
  const symbol = values.symbol ?? 'AAPL';
  const checks = await smoke('yahoo', symbol);
  if (process.env[ENV.stooqKeySecret]) checks.push(...(await smoke('stooq', symbol)));
  process.stdout.write(`${table(checks.map((check) => ({ ...check })))}\n`);
  if (!process.env[ENV.stooqKeySecret])
    process.stdout.write(`Stooq was not asked: ${ENV.stooqKeySecret} is not set.\n`);
  const failed = checks.filter((check) => check[''] === 'FAILS').length;
  if (failed > 0)
    throw new BoursomaticError('smoke', `${failed} of ${checks.length} answers are not as expected`);
}

await exitOnError(main);
