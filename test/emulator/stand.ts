import type { Sql } from '../../functions/shared/database.ts';
import type { MarketServer } from '../market/index.ts';
import type { Cdk, Outputs } from './cdk.ts';
import type { AwsClients } from './clients.ts';

/** All that a step of the test works with. */
export interface Stand {
  /** The emulator's address. */
  url: string;
  cdk: Cdk;
  aws: AwsClients;
  market: MarketServer;
  /** The owner of the database behind the stacks. */
  admin: Sql;
  /** Outputs of the stacks, from the first deployment on. */
  outputs: Outputs;
  /** The output of a name, of whichever stack. */
  output(name: string): string;
}

/** One step: what it shows, and how. It throws where that does not hold. */
export interface Step {
  shows: string;
  /** @returns a few words with numbers, for the report */
  run(stand: Stand): Promise<string>;
}
