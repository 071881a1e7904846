/**
 * List prices of us-east-1 in US dollars, before tax, from public pages in the first half of 2026. Compare them with
 * https://aws.amazon.com/pricing before you rely on a sum. Regions differ by 10 to 20%.
 */
export const PRICES_OF = '2026-06-01';

/** Hours of a month in AWS's price estimates. */
export const HOURS = 730;

export const PRICES = {
  /** Postgres per hour in one zone, by class; two zones cost twice as much. */
  databaseHour: { 'db.t4g.micro': 0.016, 'db.m7g.large': 0.168 } as Record<string, number>,
  /** gp3 storage per GB and month, in one zone. */
  databaseGb: 0.115,
  /** Automated backups and snapshots per GB and month, beyond the free allowance. */
  backupGb: 0.095,
  /** Each change of an automated backup that RDS sends to another region, per GB. */
  backupTransferGb: 0.02,
  /** CPU credits beyond those of the class, per vCPU and hour (T4g, which RDS runs in unlimited mode). */
  creditHour: 0.075,
  /** Traffic between two zones, per GB; AWS bills each direction. */
  zoneGb: 0.02,
  /** RDS Proxy per hour and vCPU of the database. */
  proxyProcessorHour: 0.015,
  endpointHour: 0.01,
  secret: 0.4,
  secretCall: 0.05 / 10_000,
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1_000_000,
  transition: 0.025 / 1000,
  httpRequest: 1 / 1_000_000,
  scheduled: 1 / 1_000_000,
  email: 0.1 / 1000,
  objectGb: 0.023,
  objectPut: 0.005 / 1000,
  objectGet: 0.0004 / 1000,
  logGb: 0.5,
  alarm: 0.1,
  metric: 0.3,
  dashboard: 3,
  trace: 5 / 1_000_000,
  /** CloudFront to clients in North America and Europe, per GB; transfer to CloudFront is free. */
  transferGb: 0.085,
  edgeRequest: 1 / 1_000_000,
  edgeFunction: 0.1 / 1_000_000,
  fargateProcessorHour: 0.03238,
  fargateGbHour: 0.00356,
  imageGb: 0.1,
} as const;

/** Processors that a burstable class may use all the time without surplus credits. */
export const BASELINE_PROCESSORS: Readonly<Record<string, number>> = { 'db.t4g.micro': 0.2 };

/** Monthly free allowances of every account, beyond its first year. */
export const FREE = {
  lambdaGbSeconds: 400_000,
  lambdaRequests: 1_000_000,
  transitions: 4000,
  scheduled: 14_000_000,
  logGb: 5,
  alarms: 10,
  metrics: 10,
  dashboards: 3,
  traces: 100_000,
  transferGb: 1000,
  edgeRequests: 10_000_000,
  edgeFunctions: 2_000_000,
} as const;
