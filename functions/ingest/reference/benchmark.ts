import * as z from 'zod';
import { DEFAULT_BENCHMARK, ENV } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { readEnvironment } from '../../shared/environment.ts';
import { Benchmark } from '../../shared/fields.ts';
import { registerInstruments } from '../instruments.ts';

const Environment = z.object({ [ENV.benchmark]: Benchmark.optional() });

/**
 * The benchmark that the environment names: a symbol or `none`; undefined if the stored one stays.
 *
 * @throws ConfigurationError if it is not a symbol
 */
export function deployedBenchmark(): string | undefined {
  return readEnvironment(Environment)[ENV.benchmark];
}

/**
 * Makes an instrument the benchmark of the track record, and no other. A followed instrument keeps its calls. An
 * earlier benchmark that serves nothing else is deactivated. It keeps its history and its purpose, so that it never
 * enters the average of the stocks.
 *
 * @param benchmark - a symbol, or `none`
 */
export async function setBenchmark(sql: Sql, benchmark: string): Promise<void> {
  await sql`
    UPDATE instruments SET is_benchmark = false, is_active = is_active AND purpose <> 'benchmark'
    WHERE is_benchmark AND NOT (is_active AND symbol = ${benchmark})`;
  if (benchmark !== 'none') await registerInstruments(sql, [{ symbol: benchmark }], 'benchmark');
}

/** Makes {@link DEFAULT_BENCHMARK} the benchmark, unless there is one. */
export async function ensureBenchmark(sql: Sql): Promise<void> {
  const [stored] = await sql<{ id: string | null }[]>`SELECT benchmark_instrument() AS id`;
  if (!stored?.id) await setBenchmark(sql, DEFAULT_BENCHMARK);
}
