import { API_METRICS, METRICS } from '../../functions/shared/metrics.ts';
import type { Resource } from '../../lib/templates.ts';
import { BASELINE_PROCESSORS, FREE, HOURS, PRICES } from './prices.ts';
import type { Usage } from './usage.ts';

/** Metrics that functions write. CloudWatch bills each with its dimensions. */
const CUSTOM_METRICS = Object.keys(METRICS).length + API_METRICS.length;

/** Snapshots that operators keep: the runbook takes one before each migration. */
const SNAPSHOTS = 2;

/** Types of resources that AWS does not bill, or bills too little to show. */
const UNBILLED = [
  'AWS::Budgets::Budget',
  'AWS::CloudFront::OriginAccessControl',
  'AWS::CloudFront::ResponseHeadersPolicy',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::ECS::Cluster',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::RDS::DBParameterGroup',
  'AWS::RDS::DBProxyTargetGroup',
  'AWS::RDS::DBSubnetGroup',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SecretsManager::RotationSchedule',
  'AWS::SecretsManager::SecretTargetAttachment',
  'Custom::Trigger',
];

/**
 * The line of the bill for each type of resource. A test fails for a type that is not here: add it together with its
 * line in billOf().
 */
export const COST_OF_TYPES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(UNBILLED.map((type) => [type, 'not billed'])),
  'AWS::ApiGatewayV2::Api': 'HTTP API',
  'AWS::ApiGatewayV2::Integration': 'HTTP API',
  'AWS::ApiGatewayV2::Route': 'HTTP API',
  'AWS::ApiGatewayV2::Stage': 'HTTP API',
  'AWS::CloudFront::Distribution': 'CloudFront',
  'AWS::CloudFront::Function': 'CloudFront functions',
  'AWS::CloudWatch::Alarm': 'Alarms',
  'AWS::CloudWatch::Dashboard': 'Dashboard',
  'AWS::EC2::VPCEndpoint': 'Interface endpoints',
  'AWS::ECS::TaskDefinition': 'Trainer',
  'AWS::Lambda::Function': 'Lambda',
  'AWS::Logs::LogGroup': 'Logs',
  'AWS::RDS::DBInstance': 'Database',
  'AWS::RDS::DBProxy': 'RDS Proxy',
  'AWS::S3::Bucket': 'S3 storage',
  'AWS::Scheduler::Schedule': 'Scheduler',
  'AWS::SecretsManager::Secret': 'Secrets',
  'AWS::StepFunctions::StateMachine': 'Step Functions',
};

/** One line of the bill. */
export interface Item {
  item: string;
  /** Amount and unit, for display. */
  quantity: string;
  usd: number;
  /** The cost without free allowances. */
  listUsd: number;
}

type Resources = [id: string, resource: Resource][];

/** The monthly bill of the resources in the templates, with this usage. */
export function billOf(templates: Record<string, Resource>[], usage: Usage): Item[] {
  const all: Resources = templates.flatMap((template) => Object.entries(template));
  const of = (type: string) => all.filter(([, { Type }]) => Type === type);
  return [
    ...of('AWS::RDS::DBInstance').flatMap(([, resource]) => databaseItems(resource, usage)),
    ...of('AWS::RDS::DBProxy').map(() =>
      counted('RDS Proxy', 2, 'processors', PRICES.proxyProcessorHour * HOURS),
    ),
    counted(
      'Interface endpoints',
      endpointZones(of('AWS::EC2::VPCEndpoint')),
      'zones',
      PRICES.endpointHour * HOURS,
    ),
    // The database is in one zone, and half of the functions in the other one.
    counted('Traffic between zones', usage.databaseTrafficGb / 2, 'GB', PRICES.zoneGb),
    counted('Secrets', of('AWS::SecretsManager::Secret').length, 'secrets', PRICES.secret),
    counted('Secret reads', usage.secretCalls, 'calls', PRICES.secretCall),
    counted('Alarms', of('AWS::CloudWatch::Alarm').length, 'alarms', PRICES.alarm, FREE.alarms),
    counted('Custom metrics', CUSTOM_METRICS, 'metrics', PRICES.metric, FREE.metrics),
    counted(
      'Dashboard',
      of('AWS::CloudWatch::Dashboard').length,
      'dashboards',
      PRICES.dashboard,
      FREE.dashboards,
    ),
    counted('Logs', usage.logGb, 'GB', PRICES.logGb, FREE.logGb),
    ...lambdaItems(of('AWS::Lambda::Function'), usage),
    counted('Step Functions', usage.transitions, 'transitions', PRICES.transition, FREE.transitions),
    counted('Scheduler', usage.scheduled, 'starts', PRICES.scheduled, FREE.scheduled),
    counted('E-mails', usage.emails, 'e-mails', PRICES.email),
    counted('HTTP API', usage.requests, 'requests', PRICES.httpRequest),
    counted('S3 storage', usage.objectGb, 'GB', PRICES.objectGb),
    counted('S3 writes', usage.objectPuts, 'objects', PRICES.objectPut),
    counted('S3 reads', usage.objectGets, 'objects', PRICES.objectGet),
    counted('Traces', usage.requests * 0.05, 'traces', PRICES.trace, FREE.traces),
    ...of('AWS::CloudFront::Distribution').flatMap(() => edgeItems(usage)),
    ...of('AWS::ECS::TaskDefinition').map(([, resource]) => trainerItem(resource, usage.fargateHours)),
  ].filter(({ listUsd }) => listUsd >= 0.005);
}

function counted(item: string, count: number, unit: string, price: number, free = 0): Item {
  return {
    item,
    quantity: `${round(count)} ${count === 1 ? unit.replace(/s$/, '') : unit}`,
    usd: Math.max(0, count - free) * price,
    listUsd: count * price,
  };
}

/** All traffic goes through CloudFront, which runs a function before each request. */
function edgeItems({ edgeRequests, transferGb }: Usage): Item[] {
  return [
    counted('CloudFront', edgeRequests, 'requests', PRICES.edgeRequest, FREE.edgeRequests),
    counted('CloudFront functions', edgeRequests, 'invocations', PRICES.edgeFunction, FREE.edgeFunctions),
    counted('Data transfer out', transferGb, 'GB', PRICES.transferGb, FREE.transferGb),
  ];
}

function databaseItems({ Properties }: Resource, usage: Usage): Item[] {
  const type = String(Properties.DBInstanceClass);
  const hour = PRICES.databaseHour[type];
  if (hour === undefined) throw new Error(`there is no price for ${type}: add it to local/cost/prices.ts`);
  const zones = Properties.MultiAZ ? 2 : 1;
  const isReplica = Properties.SourceDBInstanceIdentifier !== undefined;
  const name = isReplica ? 'Database replica' : 'Database';
  // RDS extends storage automatically; a fifth stays free.
  // A replica declares no storage; it is part of `scale`, whose database starts with 100 GB.
  const gb = Math.max(Number(Properties.AllocatedStorage ?? 100), Math.ceil(usage.databaseGb * 1.2));
  const server = hour * zones * HOURS;
  const storage = PRICES.databaseGb * zones * gb;
  return [
    { item: name, quantity: `${type}, ${zones} zone${zones > 1 ? 's' : ''}`, usd: server, listUsd: server },
    { item: `${name} storage`, quantity: `${gb} GB gp3`, usd: storage, listUsd: storage },
    ...(isReplica ? [] : [creditItem(type, usage), ...backupItems(Properties, gb, usage)]),
  ];
}

/** Days without runs save no credits for others: a class keeps those of one day. */
function creditItem(type: string, { dailyDatabaseHours, runDays }: Usage): Item {
  const baseline = BASELINE_PROCESSORS[type];
  const surplus = baseline === undefined ? 0 : Math.max(0, dailyDatabaseHours - baseline * 24);
  return counted('Database CPU credits', surplus * runDays, 'vCPU-hours', PRICES.creditHour);
}

/** Backups up to the size of the database's storage are free. */
function backupItems(properties: Resource['Properties'], storageGb: number, usage: Usage): Item[] {
  const changes = usage.dailyChangeGb * Number(properties.BackupRetentionPeriod);
  const kept = usage.databaseGb * (1 + SNAPSHOTS) + changes;
  const backups = counted('Database backups', kept, 'GB', PRICES.backupGb, storageGb);
  if (properties.AutomaticBackupReplicationRegion === undefined) return [backups];
  const usd =
    (usage.databaseGb + changes) * PRICES.backupGb + usage.dailyChangeGb * 30 * PRICES.backupTransferGb;
  const quantity = `${round(usage.databaseGb + changes)} GB`;
  return [backups, { item: 'Backup copies in another region', quantity, usd, listUsd: usd }];
}

function endpointZones(endpoints: Resources): number {
  return endpoints
    .filter(([, { Properties }]) => Properties.VpcEndpointType === 'Interface')
    .reduce((sum, [, { Properties }]) => sum + (Properties.SubnetIds as unknown[]).length, 0);
}

/** All functions together, because the free allowance applies to their sum. */
function lambdaItems(functions: Resources, { functions: used }: Usage): Item[] {
  let gbSeconds = 0;
  let invocations = 0;
  for (const [name, usage] of Object.entries(used)) {
    const memory = name === 'api' ? 512 : memoryOf(functions, name);
    gbSeconds += (usage.seconds * memory) / 1024;
    invocations += usage.invocations;
  }
  const work = Math.max(0, gbSeconds - FREE.lambdaGbSeconds) * PRICES.lambdaGbSecond;
  const calls = Math.max(0, invocations - FREE.lambdaRequests) * PRICES.lambdaRequest;
  return [
    {
      item: 'Lambda',
      quantity: `${round(gbSeconds)} GB-seconds, ${round(invocations)} invocations`,
      usd: work + calls,
      listUsd: gbSeconds * PRICES.lambdaGbSecond + invocations * PRICES.lambdaRequest,
    },
  ];
}

function memoryOf(functions: Resources, name: string): number {
  const found = functions.find(([id]) => id.toLowerCase().startsWith(`${name}function`));
  if (!found) throw new Error(`the templates have no function ${name}: update local/cost/usage.ts`);
  return Number(found[1].Properties.MemorySize);
}

function trainerItem({ Properties }: Resource, hours: number): Item {
  const processors = Number(Properties.Cpu) / 1024;
  const gb = Number(Properties.Memory) / 1024;
  const hour = processors * PRICES.fargateProcessorHour + gb * PRICES.fargateGbHour;
  // ECR stores the image, about a GB, even if the trainer never runs.
  const usd = hours * hour + PRICES.imageGb;
  return { item: 'Trainer', quantity: `${round(hours)} hours on Fargate, and the image`, usd, listUsd: usd };
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(2)));
}
