import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Size } from '../settings.ts';
import type { Alarms } from './alarms.ts';
import { CONNECTIONS } from './connections.ts';
import { DATABASE_SIZES, type ManagedDatabase } from './managed-database.ts';

const GIB = 1024 ** 3;

/** RDS extends the storage at this share of free space. */
const LOW_STORAGE_SHARE = 0.1;

const CONNECTIONS_PERCENT = 90;
const PROCESSOR_PERCENT = 85;

/**
 * Adds alarms for the resources that a managed database can run out of.
 *
 * @returns the metrics to graph on a dashboard
 */
export function addDatabaseAlarms(
  alarms: Alarms,
  { instance }: ManagedDatabase,
  size: Size,
): { label: string; metric: IMetric }[] {
  const period = Duration.minutes(5);
  const storage = instance.metricFreeStorageSpace({ period, statistic: 'Minimum' });
  const connections = instance.metricDatabaseConnections({ period, statistic: 'Maximum' });
  const cpu = instance.metricCPUUtilization({ period });
  const lowStorage = DATABASE_SIZES[size].allocatedStorage * LOW_STORAGE_SHARE;
  alarms.add('DatabaseStorage', {
    metric: storage,
    description: `The database has had less than ${lowStorage} GiB of free storage for 30 minutes.`,
    entry: 'database-storage',
    threshold: lowStorage * GIB,
    below: true,
    // RDS needs some of these to extend the storage.
    periods: 6,
  });
  alarms.add('DatabaseConnections', {
    metric: connections,
    description: `More than ${CONNECTIONS_PERCENT}% of the ${CONNECTIONS[size].max} database connections have been in use for 15 minutes.`,
    entry: 'database-connections',
    threshold: (CONNECTIONS[size].max * CONNECTIONS_PERCENT) / 100,
    periods: 3,
  });
  // Only burstable instance classes have CPU credits.
  if (size === 'small') {
    alarms.add('DatabaseCredits', {
      // A new instance has a balance of 0, and may borrow the credits that it earns in a day. AWS bills for more.
      metric: instance.metric('CPUSurplusCreditsCharged', { period, statistic: 'Maximum' }),
      description: 'The database has used more than 0 surplus CPU credits, for which AWS bills.',
      entry: 'database-credits',
      threshold: 0,
    });
  } else {
    alarms.add('DatabaseProcessor', {
      metric: cpu,
      description: `The database CPU has been above ${PROCESSOR_PERCENT}% for 30 minutes.`,
      entry: 'database-credits',
      threshold: PROCESSOR_PERCENT,
      periods: 6,
    });
  }
  return [
    { label: 'Database: free storage', metric: storage },
    { label: 'Database: connections', metric: connections },
  ];
}
