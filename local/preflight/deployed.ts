import {
  type CloudFormationClient,
  GetTemplateCommand,
  paginateDescribeStacks,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import {
  type DBInstance,
  DBInstanceNotFoundFault,
  DescribeDBInstancesCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { Template } from '../../lib/templates.ts';
import { call } from './findings.ts';

/** A stack in the account. */
export interface DeployedStack {
  readonly name: string;
  readonly status: string;
  readonly template: Template;
}

/** A database instance in the account. */
export interface DeployedDatabase {
  readonly stack: string;
  readonly logicalId: string;
  readonly name: string;
  /** Gigabytes, which may be more than the template declares: RDS extends storage. */
  readonly storage: number;
  readonly engineVersion: string;
  readonly isProtected: boolean;
}

/** The stacks of the stage that exist in the account, with their templates. */
export async function readDeployedStacks(
  client: CloudFormationClient,
  stage: string,
): Promise<DeployedStack[]> {
  const named = await call('cloudformation:DescribeStacks', async () => {
    const found = [];
    for await (const page of paginateDescribeStacks({ client }, {})) found.push(...(page.Stacks ?? []));
    return found.filter(({ StackName }) => StackName?.startsWith(`boursomatic-${stage}-`));
  });
  const stacks: DeployedStack[] = [];
  for (const { StackName: name, StackStatus: status } of named) {
    // A stack in review has no template yet.
    if (name === undefined || status === undefined || status === 'REVIEW_IN_PROGRESS') continue;
    const { TemplateBody: body = '{}' } = await call('cloudformation:GetTemplate', () =>
      client.send(new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' })),
    );
    stacks.push({ name, status, template: JSON.parse(body) });
  }
  return stacks;
}

/** The database instances of the stacks that exist: an operator, or a creation that failed, may have deleted one. */
export async function readDeployedDatabases(
  clients: { cloudFormation: CloudFormationClient; rds: RDSClient },
  stacks: readonly DeployedStack[],
): Promise<DeployedDatabase[]> {
  const databases: DeployedDatabase[] = [];
  for (const { name: stack, template } of stacks) {
    const resources = Object.values(template.Resources ?? {});
    if (!resources.some(({ Type }) => Type === 'AWS::RDS::DBInstance')) continue;
    const found = await call('cloudformation:ListStackResources', async () => {
      const all = [];
      const pages = paginateListStackResources({ client: clients.cloudFormation }, { StackName: stack });
      for await (const page of pages) all.push(...(page.StackResourceSummaries ?? []));
      return all;
    });
    for (const { LogicalResourceId: logicalId, PhysicalResourceId: name, ResourceType } of found) {
      if (ResourceType !== 'AWS::RDS::DBInstance' || !logicalId || !name) continue;
      const instance = await readInstance(clients.rds, name);
      if (!instance) continue;
      const {
        AllocatedStorage: storage = 0,
        EngineVersion: engineVersion = '',
        DeletionProtection,
      } = instance;
      databases.push({
        stack,
        logicalId,
        name,
        storage,
        engineVersion,
        isProtected: DeletionProtection === true,
      });
    }
  }
  return databases;
}

async function readInstance(rds: RDSClient, name: string): Promise<DBInstance | undefined> {
  try {
    const { DBInstances: [instance] = [] } = await call('rds:DescribeDBInstances', () =>
      rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name })),
    );
    return instance;
  } catch (error) {
    if (error instanceof DBInstanceNotFoundFault) return undefined;
    throw error;
  }
}
