import { readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, platform } from 'node:os';
import { BENCHMARKS, type Figures, type PageRow } from './benchmarks.ts';

/** The figures of one run of a benchmark. */
export interface Result {
  /** The day of the run. */
  date: string;
  /** The kind of machine, such as "2 cores, linux x64". */
  machine: string;
  figures: Figures;
}

/** The last result of each benchmark by name. */
export type Results = Record<string, Result>;

const PAGE = new URL('../docs/benchmarks.md', import.meta.url);
const RESULTS = new URL('results.json', import.meta.url);

const BEGIN = '<!-- begin of the figures: npm run bench -- all writes them -->';
const END = '<!-- end of the figures -->';

/** Reads the stored results. */
export function readResults(): Results {
  return JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;
}

/** Stores a result, and writes the page. */
export function recordResult(name: string, figures: Figures): void {
  const cores = availableParallelism();
  const machine = `${cores} ${cores === 1 ? 'core' : 'cores'}, ${platform()} ${arch()}`;
  const results = {
    ...readResults(),
    [name]: { date: new Date().toISOString().slice(0, 10), machine, figures },
  };
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(PAGE, withFigures(readFileSync(PAGE, 'utf8'), results));
}

/**
 * The page with a table of results between its markers.
 *
 * @throws Error if the page has no markers
 */
export function withFigures(page: string, results: Results): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error('docs/benchmarks.md has no markers');
  return `${before}${BEGIN}\n\n${table(results)}\n\n${END}${after}`;
}

function table(results: Results): string {
  const rows = Object.entries(BENCHMARKS).flatMap(([name, { needsBars, page }]) =>
    page.map((row, at) => {
      const result = results[name];
      const command = at === 0 ? `\`npm run bench -- ${name}${needsBars ? ' --bars FILE' : ''}\`` : '';
      const figure = `${shown(row, result?.figures[row.figure])} (\`${row.figure}\`)`;
      const run = at === 0 && result ? `${result.date}, ${result.machine}` : '';
      return `| ${[command, row.measured, row.against, figure, row.goal ?? '', run].join(' | ')} |`;
    }),
  );
  return [
    '| command | measured | compared with | result | goal | run |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function shown({ unit }: PageRow, value: number | undefined): string {
  if (value === undefined) return 'not measured';
  const text = (digits: number) => value.toLocaleString('en', { maximumFractionDigits: digits });
  switch (unit) {
    case 'times':
      return `${text(2)} times`;
    case 'share':
      return `${(100 * value).toFixed(1)}%`;
    case 'bytes':
      return `${(value / 1e6).toFixed(0)} MB`;
    default:
      return `${text(value < 10 ? 2 : 0)} ${unit}`;
  }
}
