import type { Sql } from '../../functions/shared/database.ts';
import type { MarketServer } from '../market/server.ts';
import type { Cdk, Outputs } from './cdk.ts';
import type { AwsClients } from './clients.ts';

/** The services and helpers of a test step. */
export interface TestBed {
  /** The address of the emulator. */
  url: string;
  cdk: Cdk;
  aws: AwsClients;
  market: MarketServer;
  /** A connection as the owner of the database. */
  admin: Sql;
  /** Outputs of the stacks; empty before the first deployment. */
  outputs: Outputs;
  /** Returns the output with this name from any stack. */
  output(name: string): string;
}

/** A test step. It throws if its title does not hold. */
export interface Step {
  title: string;
  /** @returns a short summary for the report */
  run(bed: TestBed): Promise<string>;
}
