import { connect } from '../functions/shared/database.ts';
import { defined } from '../functions/shared/invariant.ts';
import type { DatabaseSecret } from '../functions/shared/secrets.ts';
import type { LoadFigures } from './api-load.ts';
import type { Statement } from './api-statements.ts';
import { quantile } from './quantile.ts';

/** The statement to run, how many at once, and for how long. */
export interface SqlLoad {
  login: DatabaseSecret;
  statement: Statement;
  /** Parameters to use in turn, instead of the statement's own. */
  ids?: string[];
  connections: number;
  seconds: number;
}

/** Runs only one statement, through the API's client with its one connection. */
async function run({ login, statement, ids, connections, seconds }: SqlLoad): Promise<LoadFigures> {
  const sql = connect(login);
  const latencies: number[] = [];
  const began = performance.now();
  const before = process.cpuUsage();
  const ends = began + seconds * 1000;
  const worker = async () => {
    while (performance.now() < ends) {
      const at = performance.now();
      const parameters = ids ? [defined(ids[latencies.length % ids.length], 'id')] : statement.parameters;
      await sql.unsafe(statement.text, parameters, { prepare: true });
      latencies.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const { user, system } = process.cpuUsage(before);
  await sql.end();
  return {
    processor: (user + system) / 1000 / latencies.length,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    perSecond: latencies.length / ((performance.now() - began) / 1000),
    requests: latencies.length,
  };
}

process.stdout.write(`${JSON.stringify(await run(JSON.parse(defined(process.argv[2], 'load argument'))))}\n`);
