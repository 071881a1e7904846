import autocannon, { type Result } from 'autocannon';
import { quantile } from './quantile.ts';

/** What to ask, how many at once, and for how long. */
export interface Load {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Paths to ask for in turn, instead of the URL's own. */
  paths?: string[];
  connections: number;
  seconds: number;
}

/** What came of it, in milliseconds and requests a second. */
export interface LoadFigures {
  p50: number;
  p99: number;
  perSecond: number;
  requests: number;
  /** Processor time that a request took of who answers it, in milliseconds: what else runs hardly changes it. */
  processor?: number;
}

/**
 * Asks as fast as it gets answers. Latencies are counted here, because autocannon's own are whole milliseconds.
 *
 * @throws Error if an answer was no success
 */
async function run({ paths, connections, seconds, ...request }: Load): Promise<LoadFigures> {
  const latencies: number[] = [];
  const began = performance.now();
  const { non2xx, errors } = await new Promise<Result>((done, fail) => {
    const instance = autocannon(
      {
        ...request,
        connections,
        duration: seconds,
        ...(paths && { requests: paths.map((path) => ({ path })) }),
      },
      (error, result) => (error ? fail(error) : done(result)),
    );
    instance.on('response', (_client, _status, _bytes, milliseconds) => latencies.push(milliseconds));
  });
  if (non2xx + errors > 0) throw new Error(`${request.url}: ${non2xx + errors} requests failed`);
  return {
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    perSecond: latencies.length / ((performance.now() - began) / 1000),
    requests: latencies.length,
  };
}

process.stdout.write(`${JSON.stringify(await run(JSON.parse(process.argv[2] ?? '')))}\n`);
