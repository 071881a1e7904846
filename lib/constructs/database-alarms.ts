import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Size } from '../settings.ts';
import type { Alarms } from './alarms.ts';
import { CONNECTIONS } from './connections.ts';
import type { ManagedDatabase } from './managed-database.ts';

const GIB = 1024 ** 3;

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
  alarms.add('DatabaseStorage', {
    metric: storage,
    description: 'The database has less than 4 GiB of free storage.',
    entry: 'database-storage',
    threshold: 4 * GIB,
    below: true,
  });
  alarms.add('DatabaseConnections', {
    metric: connections,
    description: 'More than 90% of the database connections are in use.',
    entry: 'database-connections',
    threshold: Math.floor(CONNECTIONS[size].max * 0.9),
    periods: 3,
  });
  // Only burstable instance classes have CPU credits.
  if (size === 'small') {
    alarms.add('DatabaseCredits', {
      metric: instance.metric('CPUCreditBalance', { period, statistic: 'Minimum' }),
      description:
        'The database is about to run out of CPU credits; AWS bills for any that it uses beyond them.',
      entry: 'database-credits',
      threshold: 20,
      below: true,
      periods: 3,
    });
  } else {
    alarms.add('DatabaseProcessor', {
      metric: cpu,
      description: 'The database CPU has been above 85% for half an hour.',
      entry: 'database-credits',
      threshold: 85,
      periods: 6,
    });
  }
  return [
    { label: 'Database: free storage', metric: storage },
    { label: 'Database: connections', metric: connections },
  ];
}
