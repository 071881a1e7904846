import type { Sql } from '../../functions/shared/database.ts';
import type { MarketServer } from '../market/server.ts';
import type { Cdk, Outputs } from './cdk.ts';
import type { AwsClients } from './clients.ts';

/** The services and helpers of a test step. */
export interface TestBed {
  /** The address of the emulator. */
  url: string;
  /** Whether the emulator is ministack; another one is LocalStack. */
  isMinistack: boolean;
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

/** The reason why the emulator cannot show what a step's title says. */
export class NotShown {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** A test step. It throws if its title does not hold. */
export interface Step {
  title: string;
  /** Needs the API or the page, which some emulators cannot deploy. */
  needsEdge?: boolean;
  /** @returns a short summary for the report, or why the emulator cannot show this */
  run(bed: TestBed): Promise<string | NotShown>;
}
