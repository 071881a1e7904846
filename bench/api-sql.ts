import { connect } from '../functions/shared/database.ts';
import type { DatabaseSecret } from '../functions/shared/secrets.ts';
import type { LoadFigures } from './api-load.ts';
import type { Statement } from './api-statements.ts';
import { quantile } from './quantile.ts';

/** What to ask the database, how many at once, and for how long. */
export interface SqlLoad {
  login: DatabaseSecret;
  statement: Statement;
  connections: number;
  seconds: number;
}

/** Asks the database for the list alone, through the API's own client with its one connection. */
async function run({ login, statement, connections, seconds }: SqlLoad): Promise<LoadFigures> {
  const sql = connect(login);
  const latencies: number[] = [];
  const began = performance.now();
  const before = process.cpuUsage();
  const ends = began + seconds * 1000;
  const asker = async () => {
    while (performance.now() < ends) {
      const at = performance.now();
      await sql.unsafe(statement.text, statement.parameters, { prepare: true });
      latencies.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: connections }, asker));
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

process.stdout.write(`${JSON.stringify(await run(JSON.parse(process.argv[2] ?? '')))}\n`);
