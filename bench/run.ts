import { BadInputError } from '../functions/shared/errors.ts';
import { exitOnError } from '../local/terminal/exit.ts';
import { benchApi } from './api.ts';
import { benchColdstart } from './coldstart.ts';
import { benchFeatures } from './features.ts';
import { benchIngest } from './ingest.ts';

/** What a benchmark gives: figures by name, the ratios first. */
export type Figures = Record<string, number>;

const BENCHES: Record<string, { about: string; run: () => Promise<Figures> }> = {
  api: {
    about:
      'the list over a million recommendations against its bare SQL and against Fastify with pg (vsSql: lower, vsFastify: higher is better)',
    run: benchApi,
  },
  coldstart: {
    about:
      "what each function of the API takes to start: its bundle's kilobytes, and the milliseconds of its import",
    run: benchColdstart,
  },
  features: {
    about:
      "all features of a bar against technicalindicators' five alone, on the bundled sample (ratio: lower is better)",
    run: benchFeatures,
  },
  ingest: {
    about:
      'first load of eight years of 500 instruments against a bare COPY of them (ratio: lower is better)',
    run: benchIngest,
  },
};

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const names = args.filter((arg) => !arg.startsWith('--'));
  if (args.includes('--help') || names.length === 0) {
    const list = Object.entries(BENCHES).map(([name, { about }]) => `  ${name.padEnd(10)} ${about}\n`);
    process.stdout.write(`Usage: npm run bench -- NAME [--json]\n\n${list.join('')}`);
    return;
  }
  const unknown = args.find((arg) => (arg.startsWith('--') ? arg !== '--json' : !(arg in BENCHES)));
  if (unknown) throw new BadInputError(`bench: ${unknown} is not known (--help lists the benchmarks)`);
  for (const name of names) {
    const figures = (await BENCHES[name]?.run()) ?? {};
    for (const [figure, value] of Object.entries(figures))
      process.stdout.write(`${name}.${figure} ${value}\n`);
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify(figures)}\n`);
  }
}

await exitOnError(main);
