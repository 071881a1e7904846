/**
 * What AWS asks, in US dollars, in us-east-1, without tax: list prices as public pages had them in the first half of 2026. Compare
 * them with https://aws.amazon.com/pricing before you rely on a sum; regions differ by a tenth or two.
 */
export const PRICES_OF = '2026-06-01';

/** Hours of a month, as AWS counts them. */
export const HOURS = 730;

export const PRICES = {
  /** An hour of Postgres in one zone, by class; two zones are twice that. */
  databaseHour: { 'db.t4g.micro': 0.016, 'db.m7g.large': 0.168 } as Record<string, number>,
  /** A GB of gp3 and month, in one zone. */
  databaseGb: 0.115,
  /** A virtual processor of the database's and hour, behind RDS Proxy. */
  proxyProcessorHour: 0.015,
  endpointHour: 0.01,
  secret: 0.4,
  secretCall: 0.05 / 10_000,
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1_000_000,
  transition: 0.025 / 1000,
  httpRequest: 1 / 1_000_000,
  scheduled: 1 / 1_000_000,
  objectGb: 0.023,
  objectPut: 0.005 / 1000,
  objectGet: 0.0004 / 1000,
  logGb: 0.5,
  alarm: 0.1,
  metric: 0.3,
  dashboard: 3,
  trace: 5 / 1_000_000,
  /** CloudFront's, in North America and Europe; to CloudFront it costs nothing. */
  transferGb: 0.085,
  edgeRequest: 1 / 1_000_000,
  edgeFunction: 0.1 / 1_000_000,
  fargateProcessorHour: 0.03238,
  fargateGbHour: 0.00356,
  imageGb: 0.1,
} as const;

/** What every account has free each month, not only in its first year. */
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
