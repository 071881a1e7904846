import autocannon, { type Result } from 'autocannon';
import { defined } from '../functions/shared/invariant.ts';
import { quantile } from './quantile.ts';

/** Requests to send, on how many connections, and for how long. */
export interface Load {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Paths to request in turn, instead of the URL's own. */
  paths?: string[];
  connections: number;
  seconds: number;
  /** Requests per second of all connections; as many as possible without it. */
  perSecond?: number;
}

/** Latencies in milliseconds, and requests per second. */
export interface LoadFigures {
  p50: number;
  p99: number;
  perSecond: number;
  requests: number;
  /** The server's processor time per request in milliseconds, which other processes hardly affect. */
  processor?: number;
}

/**
 * Sends requests without a pause. It measures latencies itself, because autocannon rounds them to milliseconds.
 *
 * @throws Error if a response has an error status
 */
async function run({ paths, connections, seconds, perSecond, ...request }: Load): Promise<LoadFigures> {
  const latencies: number[] = [];
  const began = performance.now();
  const { non2xx, errors } = await new Promise<Result>((done, fail) => {
    const instance = autocannon(
      {
        ...request,
        connections,
        duration: seconds,
        ...(perSecond !== undefined && { overallRate: perSecond }),
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

process.stdout.write(`${JSON.stringify(await run(JSON.parse(defined(process.argv[2], 'load argument'))))}\n`);
