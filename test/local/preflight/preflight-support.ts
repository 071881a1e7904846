import { AccountClient, GetRegionOptStatusCommand } from '@aws-sdk/client-account';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import { CloudFrontClient, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DBInstanceNotFoundFault,
  DescribeDBInstancesCommand,
  DescribeOrderableDBInstanceOptionsCommand,
  DescribeSourceRegionsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetAccountCommand, GetEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { SynthesisedStack } from '../../../lib/templates.ts';
import { makeClients } from '../../../local/preflight/clients.ts';
import type { Finding } from '../../../local/preflight/findings.ts';
import { makeTarget, preflight } from '../../../local/preflight/preflight.ts';
import type { Target } from '../../../local/preflight/target.ts';
import { useMockClient } from '../../support/mock-client.ts';

export const REGION = 'eu-west-1';

/** AWS's clients, which answer as a paid account without stacks and with the usual quotas would. */
export const aws = {
  account: useMockClient(AccountClient),
  cloudFormation: useMockClient(CloudFormationClient),
  cloudFront: useMockClient(CloudFrontClient),
  lambda: useMockClient(LambdaClient),
  quotas: useMockClient(ServiceQuotasClient),
  rds: useMockClient(RDSClient),
  secrets: useMockClient(SecretsManagerClient),
  ses: useMockClient(SESv2Client),
  ssm: useMockClient(SSMClient),
  sts: useMockClient(STSClient),
};

export function resetAccount(): void {
  for (const client of Object.values(aws)) client.reset();
  aws.account.on(GetRegionOptStatusCommand).resolves({ RegionOptStatus: 'ENABLED_BY_DEFAULT' });
  aws.cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [] });
  aws.cloudFront.on(ListDistributionsCommand).resolves({
    DistributionList: { Quantity: 1, Marker: '', MaxItems: 1, IsTruncated: false },
  });
  setLambdaLimit(1000);
  aws.quotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: 30 } });
  offerInstances({ EngineVersion: '18.1', StorageType: 'gp3', MultiAZCapable: true });
  aws.rds.on(DescribeSourceRegionsCommand).resolves({
    SourceRegions: [{ RegionName: REGION, SupportsDBInstanceAutomatedBackupsReplication: true }],
  });
  aws.secrets.on(DescribeSecretCommand).resolves({});
  aws.ses.on(GetEmailIdentityCommand).resolves({ VerifiedForSendingStatus: true });
  aws.ses.on(GetAccountCommand).resolves({ ProductionAccessEnabled: true, SendingEnabled: true });
  aws.ssm.on(GetParameterCommand).resolves({ Parameter: { Value: '27' } });
  aws.sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: '111122223333', Arn: 'arn:aws:sts::111122223333:assumed-role/Admin/ada' });
}

/** Sets Lambda's limit, and how much of it other functions do not reserve. */
export function setLambdaLimit(limit: number, unreserved = limit): void {
  aws.lambda.on(GetAccountSettingsCommand).resolves({
    AccountLimit: { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved },
  });
}

export function offerInstances(
  ...options: { EngineVersion: string; StorageType: string; MultiAZCapable: boolean }[]
): void {
  aws.rds.on(DescribeOrderableDBInstanceOptionsCommand).resolves({ OrderableDBInstanceOptions: options });
}

/** Puts a stage's stacks into the account, with these properties of every database instance. */
export function deployStacks(
  stacks: readonly SynthesisedStack[],
  {
    status = 'UPDATE_COMPLETE',
    instance = {},
  }: {
    status?: StackStatus;
    instance?: { AllocatedStorage?: number; EngineVersion?: string; DeletionProtection?: boolean };
  } = {},
): void {
  aws.cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: stacks.map(({ name }) => ({
      StackName: name,
      StackStatus: status,
      CreationTime: new Date(0),
    })),
  });
  for (const { name, template } of stacks) {
    aws.cloudFormation
      .on(GetTemplateCommand, { StackName: name })
      .resolves({ TemplateBody: JSON.stringify(template) });
    aws.cloudFormation.on(ListStackResourcesCommand, { StackName: name }).resolves({
      StackResourceSummaries: Object.entries(template.Resources ?? {}).map(([id, { Type }]) => ({
        LogicalResourceId: id,
        PhysicalResourceId: `physical-${id.toLowerCase()}`,
        ResourceType: Type,
        LastUpdatedTimestamp: new Date(0),
        ResourceStatus: 'UPDATE_COMPLETE',
      })),
    });
  }
  aws.rds.on(DescribeDBInstancesCommand).resolves({
    DBInstances: [{ AllocatedStorage: 20, EngineVersion: '18.1', DeletionProtection: true, ...instance }],
  });
}

/** Deletes a database instance that the stacks of the account still list. */
export function removeInstance(name: string): void {
  aws.rds
    .on(DescribeDBInstancesCommand, { DBInstanceIdentifier: name })
    .rejects(new DBInstanceNotFoundFault({ message: `${name} not found`, $metadata: {} }));
}

const targets = new Map<string, Target>();

/** The stacks of a stage with these settings in place of its file's. Each synthesis takes seconds, so it is kept. */
export function plan(context: Record<string, string> = {}): Target {
  const key = JSON.stringify(context);
  const target = targets.get(key) ?? makeTarget({ stage: 'prod', ...context }, REGION).target;
  targets.set(key, target);
  return target;
}

/** Runs every check for a stage with these settings. */
export async function findingsOf(context: Record<string, string> = {}): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const finding of preflight(plan(context), makeClients(REGION))) findings.push(finding);
  return findings;
}
