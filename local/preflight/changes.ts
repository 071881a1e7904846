import type { Resource, SynthesisedStack, Template } from '../../lib/templates.ts';
import { counted } from '../terminal/paragraph.ts';
import type { DeployedDatabase, DeployedStack } from './deployed.ts';
import type { Finding } from './findings.ts';

const CHECK = 'Changes';
const RUNBOOK = 'docs/operations.md, "Changes that AWS refuses"';

/** Resources that hold data: a deployment never removes them. */
const STATEFUL = ['AWS::RDS::DBInstance', 'AWS::S3::Bucket'];

/** CloudFormation replaces a database whose value of one of these changes. */
const REPLACING = [
  'AvailabilityZone',
  'DBName',
  'DBSubnetGroupName',
  'Engine',
  'KmsKeyId',
  'MasterUsername',
  'Port',
  'SourceDBInstanceIdentifier',
  'StorageEncrypted',
];

/** The stacks of a stage: deployed now, and planned. */
export interface Comparison {
  readonly stage: string;
  readonly deployed: readonly DeployedStack[];
  readonly databases: readonly DeployedDatabase[];
  readonly planned: readonly Pick<SynthesisedStack, 'name' | 'template'>[];
}

/** Finds changes that CloudFormation or RDS would refuse, and changes that would lose data. */
export function compareStacks(comparison: Comparison): Finding[] {
  const { deployed } = comparison;
  if (deployed.length === 0) return [{ check: CHECK, verdict: 'ok', answer: 'nothing is deployed yet' }];
  const findings = [
    ...deployed.flatMap(stuckStack),
    ...removedExports(comparison),
    ...deployed.flatMap((stack) => changedResources(stack, comparison)),
  ];
  if (findings.length > 0) return findings;
  return [{ check: CHECK, verdict: 'ok', answer: 'none that AWS would refuse, or that would lose data' }];
}

/** Reports a stack that does not accept an update. */
function stuckStack({ name, status }: DeployedStack): Finding[] {
  const stuck = (remedy: string): Finding[] => [
    { check: CHECK, verdict: 'problem', answer: `the stack ${name} is in ${status}`, remedy },
  ];
  if (status.endsWith('_CLEANUP_IN_PROGRESS')) return [];
  if (status.endsWith('_IN_PROGRESS')) return stuck('Wait until the other deployment has ended.');
  if (status === 'UPDATE_ROLLBACK_FAILED')
    return stuck(
      `Remove the cause, and run: aws cloudformation continue-update-rollback --stack-name ${name}`,
    );
  if (status === 'ROLLBACK_COMPLETE' || /^(CREATE|ROLLBACK|DELETE)_FAILED$/.test(status))
    return stuck(`Remove the cause, and run: ${deletionOf({ name })}`);
  return [];
}

/**
 * CloudFormation refuses to remove an export that a stack imports, and the CDK deploys the exporting stack first. So the
 * importing stacks must be deployed first, alone.
 */
function removedExports({ stage, deployed, planned }: Comparison): Finding[] {
  const kept = new Set(planned.flatMap(({ template }) => exportsOf(template)));
  const existing = new Set(deployed.flatMap(({ template }) => exportsOf(template)));
  const isRemoved = (name: string) => existing.has(name) && !kept.has(name);
  const importing = deployed.filter(({ template }) => importsOf(template).some(isRemoved));
  const dropped = deployed.filter(({ name }) => planned.every((stack) => stack.name !== name));
  if (importing.length === 0) return dropped.map(droppedStack);
  const names = importing.map(({ name }) => name);
  const removed = importing.flatMap(({ template }) => importsOf(template).filter(isRemoved));
  const next = names.map((name) => planned.find((stack) => stack.name === name));
  const answer = `${names.join(' and ')} import ${[...new Set(removed)].join(', ')}, which this deployment removes: CloudFormation refuses that`;
  const remaining = next.filter((stack) => stack !== undefined);
  const needsNew = remaining.filter(({ template }) =>
    importsOf(template).some((name) => !existing.has(name)),
  );
  if (needsNew.length > 0) {
    return [
      {
        check: CHECK,
        verdict: 'problem',
        answer: `${answer}. ${needsNew.map(({ name }) => name).join(' and ')} also need exports that do not exist yet`,
        remedy: `Change one setting at a time: ${RUNBOOK}.`,
      },
    ];
  }
  const alone = remaining.map(({ name }) => name).join(' ');
  const steps = [
    ...(alone === '' ? [] : [`npx cdk deploy -c stage=${stage} --exclusively ${alone}`]),
    ...dropped.map(deletionOf),
  ];
  return [
    {
      check: CHECK,
      verdict: 'problem',
      answer,
      remedy: `First run: ${steps.join(' && ')}. Then deploy all.`,
    },
  ];
}

/** Commands that delete a stack. In production, stacks have termination protection. */
function deletionOf({ name }: Pick<DeployedStack, 'name'>): string {
  return `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name} && aws cloudformation delete-stack --stack-name ${name}`;
}

/** Reports a stack that the settings no longer have. No deployment deletes it. */
function droppedStack(stack: DeployedStack): Finding {
  return {
    check: CHECK,
    verdict: 'note',
    answer: `these settings have no stack ${stack.name}; a deployment does not change it`,
    remedy: `To delete it: ${deletionOf(stack)}`,
  };
}

function changedResources(stack: DeployedStack, comparison: Comparison): Finding[] {
  const next = comparison.planned.find(({ name }) => name === stack.name)?.template.Resources ?? {};
  return Object.entries(stack.template.Resources ?? {}).flatMap(([id, resource]) => {
    if (!STATEFUL.includes(resource.Type)) return [];
    const database = comparison.databases.find(
      ({ stack: name, logicalId }) => name === stack.name && logicalId === id,
    );
    const planned = next[id];
    if (planned === undefined) return removedResource(stack.name, id, resource, database);
    if (resource.Type !== 'AWS::RDS::DBInstance') return [];
    if (!database) return stuckStack(stack).length > 0 ? [] : [missingDatabase(stack.name, id)];
    return changedDatabase(resource, planned, database, comparison.stage);
  });
}

function removedResource(
  stack: string,
  id: string,
  { Type, Properties }: Resource,
  database: DeployedDatabase | undefined,
): Finding[] {
  if (Type === 'AWS::S3::Bucket') {
    return [
      {
        check: CHECK,
        verdict: 'problem',
        answer: `the deployment removes the bucket ${id} from ${stack}: its objects would stay, and nothing would use them`,
        remedy: `Keep the bucket: deploy the version and the settings that have it (${RUNBOOK}).`,
      },
    ];
  }
  if (Properties.SourceDBInstanceIdentifier !== undefined) {
    // Once an operator has deleted the replica, the deployment only forgets it.
    if (!database) return [];
    const { name, isProtected } = database;
    const unprotect = `aws rds modify-db-instance --db-instance-identifier ${name} --no-deletion-protection --apply-immediately && `;
    return [
      {
        check: CHECK,
        verdict: 'problem',
        answer: `the deployment deletes the replica ${name}, and nothing brings it back under its address`,
        remedy: `If no report uses it, delete it, and deploy when it is gone: ${isProtected ? unprotect : ''}aws rds delete-db-instance --db-instance-identifier ${name} --skip-final-snapshot`,
      },
    ];
  }
  return [
    {
      check: CHECK,
      verdict: 'problem',
      answer: `the deployment removes the database ${database?.name ?? id} from ${stack}`,
      remedy: `Keep "database": "managed", or move the data first: ${RUNBOOK}.`,
    },
  ];
}

function missingDatabase(stack: string, id: string): Finding {
  return {
    check: CHECK,
    verdict: 'problem',
    answer: `the database ${id} of ${stack} no longer exists`,
    remedy: 'Restore it under its name: docs/operations.md, "Restore from backup".',
  };
}

function changedDatabase(
  { Properties: now }: Resource,
  { Properties: next }: Resource,
  { name, storage: existing, engineVersion: version }: DeployedDatabase,
  stage: string,
): Finding[] {
  const findings: Finding[] = [];
  const refuse = (answer: string, remedy: string) =>
    findings.push({ check: CHECK, verdict: 'problem', answer, remedy });
  const storage = Number(next.AllocatedStorage);
  const current = Math.max(existing, Number(now.AllocatedStorage));
  if (storage !== Number(now.AllocatedStorage) && storage < current) {
    refuse(
      `${name} has ${current} GB of storage and these settings declare ${storage}: RDS cannot shrink storage`,
      `Keep "size": "scale" in stages/${stage}.json, or move the data to a new stage: ${RUNBOOK}.`,
    );
  }
  if (major(next.EngineVersion) < major(version)) {
    refuse(
      `${name} runs Postgres ${version} and this version declares ${String(next.EngineVersion)}: RDS cannot downgrade`,
      'Deploy a version of Boursomatic for the newer Postgres.',
    );
  }
  const replacing = REPLACING.filter((key) => JSON.stringify(now[key]) !== JSON.stringify(next[key]));
  if (replacing.length > 0) {
    refuse(
      `${replacing.join(' and ')} of ${name} change: CloudFormation would replace it with an empty database`,
      `Keep the value, or move the data to a new stage: ${RUNBOOK}.`,
    );
  }
  const days = [Number(now.BackupRetentionPeriod), Number(next.BackupRetentionPeriod)] as const;
  if (days[1] < days[0]) {
    findings.push({
      check: CHECK,
      verdict: 'note',
      answer: `RDS deletes the automated backups of ${name} that are older than ${counted(days[1], 'day')}; it keeps ${counted(days[0], 'day')} now`,
    });
  }
  return findings;
}

const major = (version: unknown) => Number.parseInt(String(version), 10);

function exportsOf({ Outputs = {} }: Template): string[] {
  return Object.values(Outputs).flatMap(({ Export }) =>
    typeof Export?.Name === 'string' ? [Export.Name] : [],
  );
}

function importsOf(template: Template): string[] {
  const names = [...JSON.stringify(template).matchAll(/"Fn::ImportValue":"([^"]+)"/g)];
  return [...new Set(names.flatMap(([, name]) => (name === undefined ? [] : [name])))];
}
