import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Size } from '../settings.ts';
import type { Alarms } from './alarms.ts';
import { CONNECTIONS } from './connections.ts';
import type { ManagedDatabase } from './managed-database.ts';

const GIB = 1024 ** 3;

/**
 * Alarms for what a managed database runs out of.
 *
 * @returns its metrics, for a dashboard
 */
export function addDatabaseAlarms(
  alarms: Alarms,
  { instance }: ManagedDatabase,
  size: Size,
): { label: string; metric: IMetric }[] {
  const period = Duration.minutes(5);
  const storage = instance.metricFreeStorageSpace({ period, statistic: 'Minimum' });
  const connections = instance.metricDatabaseConnections({ period, statistic: 'Maximum' });
  const processor = instance.metricCPUUtilization({ period });
  alarms.add('DatabaseStorage', {
    metric: storage,
    says: 'The database has less than 4 GiB of storage left.',
    entry: 'database-storage',
    threshold: 4 * GIB,
    below: true,
  });
  alarms.add('DatabaseConnections', {
    metric: connections,
    says: 'More than nine tenths of the connections that the database allows are taken.',
    entry: 'database-connections',
    threshold: Math.floor(CONNECTIONS[size].max * 0.9),
    periods: 3,
  });
  // Only burstable classes have credits; what a larger one runs out of is the processor itself.
  if (size === 'small') {
    alarms.add('DatabaseCredits', {
      metric: instance.metric('CPUCreditBalance', { period, statistic: 'Minimum' }),
      says: 'The database is about to run out of processor credits, and then bills for more.',
      entry: 'database-credits',
      threshold: 20,
      below: true,
      periods: 3,
    });
  } else {
    alarms.add('DatabaseProcessor', {
      metric: processor,
      says: 'The database has been busy for half an hour.',
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
