import { DATABASE_ROLES } from '../shared/constants.ts';

type RoleName = (typeof DATABASE_ROLES)[keyof typeof DATABASE_ROLES];

/** Connections that no role may take: for Postgres superusers, RDS itself, and operators. */
const SPARE = { most: 15, share: 0.15 };

/** The pipeline and the migrator need this many connections, whatever the size of the server. */
const PIPELINE = { most: 24, share: 0.3 };
const MIGRATOR = { most: 12, share: 0.15 };

/** Training's share of the remaining connections. The API gets the others. */
const TRAINING_SHARE = 0.25;

/**
 * The most connections of each role on a server. Their sum stays below the server's limit, so an administrator and the
 * migration can always connect, however many functions run. A role above its limit gets SQLSTATE 53300, for which the
 * API answers 503 and the state machine retries.
 *
 * @param max - `max_connections` of the server
 */
export function connectionLimits(max: number): Record<RoleName, number> {
  const usable = max - Math.min(SPARE.most, Math.ceil(max * SPARE.share));
  const pipeline = Math.min(PIPELINE.most, Math.ceil(usable * PIPELINE.share));
  const migrator = Math.min(MIGRATOR.most, Math.ceil(usable * MIGRATOR.share));
  const rest = usable - pipeline - migrator;
  const training = Math.ceil(rest * TRAINING_SHARE);
  return {
    [DATABASE_ROLES.pipeline]: pipeline,
    [DATABASE_ROLES.migrator]: migrator,
    [DATABASE_ROLES.training]: training,
    [DATABASE_ROLES.api]: rest - training,
  };
}
