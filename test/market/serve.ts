import { openSampleProvider } from '../../functions/ingest/providers/sample/sample-provider.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { exitOnError } from '../../local/terminal/exit.ts';
import { marketFromBarsFile } from './bars-file-market.ts';
import { FAST_TIMING } from './delivery.ts';
import { FAULT_KINDS, FAULTS, type FaultKind } from './faults.ts';
import type { Market } from './market.ts';
import { HELP, parseServeOptions, type ServeOptions } from './serve-options.ts';
import { type MarketServer, startMarket } from './server.ts';

await exitOnError(async () => {
  const options = parseServeOptions(process.argv.slice(2));
  if (options.help || options['list-faults']) {
    process.stdout.write(options.help ? HELP : faultList());
    return;
  }
  const kinds = options.kinds?.map(kindOf);
  const server = await start(options, await readMarket(options));
  if (options.faults > 0) {
    server.faults.random({ rate: options.faults, seed: options.seed, ...(kinds && { kinds }) });
  }
  process.stdout.write(directions(server, options));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
});

async function readMarket({ bars, clock, seed }: ServeOptions): Promise<Market> {
  // Only the sample has descriptions of its instruments.
  const sample = await openSampleProvider(bars).catch(() => undefined);
  const market = marketFromBarsFile(bars, {
    seed,
    ...(clock !== undefined && clock !== 'now' && { clock }),
    ...(sample && { listings: sample.listings() }),
  });
  if (clock === 'now') market.setClock();
  return market;
}

async function start(options: ServeOptions, market: Market): Promise<MarketServer> {
  try {
    return await startMarket({
      market,
      port: options.port,
      ...(options['stooq-key'] !== undefined && { stooqKey: options['stooq-key'] }),
      timing: { ...(options.fast && FAST_TIMING), delayMs: options.delay },
    });
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isTaken ? new BadInputError(`--port: ${options.port} is in use`) : error;
  }
}

function directions({ origin, market }: MarketServer, { faults, seed, clock }: ServeOptions): string {
  const symbols = market.symbols();
  const few = symbols.slice(0, 3).join();
  const now = new Date(market.now()).toISOString();
  const asOf = clock === 'now' ? '' : ` --as-of ${now.slice(0, 10)}`;
  const share = faults > 0 ? `faults in ${faults * 100} % of requests (seed ${seed})` : 'no faults';
  return `Market of ${symbols.length} instruments at ${origin}, clock ${now}, ${share}. Ctrl-C stops it.

  YAHOO_ORIGIN=${origin} npm start -- --provider yahoo --symbols ${few} --reference none${asOf}
  STOOQ_ORIGIN=${origin} npm start -- --provider stooq --symbols ${few}${asOf}
`;
}

function faultList(): string {
  const width = Math.max(...FAULT_KINDS.map((kind) => kind.length));
  const line = (kind: FaultKind) => {
    const { category, persistent, expected, about } = FAULTS[kind];
    const lasts = persistent ? ', persistent' : '';
    return `${kind.padEnd(width)}  ${category}${lasts}; ${about} (${expected.join(' or ')})\n`;
  };
  return FAULT_KINDS.map(line).join('');
}

function kindOf(name: string): FaultKind {
  const kind = FAULT_KINDS.find((known) => known === name);
  if (!kind) throw new BadInputError(`--kinds: unknown kind ${name} (--list-faults prints them)`);
  return kind;
}
