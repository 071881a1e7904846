import type { VpcPlacement } from './service-function.ts';

/** Where functions that talk to the database are put: inside the VPC, or nowhere special. */
export interface Surroundings {
  readonly placement: VpcPlacement | Record<never, never>;
}

/** With an external database there is no VPC: functions reach it as they reach anything else. */
export const NO_NETWORK: Surroundings = { placement: {} };
