import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { succeed, typeCommand } from '../shell.ts';
import { NotShown, type Step, type TestBed } from '../test-bed.ts';
import { RUNBOOK } from './runbook.ts';

/** The values that an operator puts in place of the capitals of the runbook. */
const VALUES: Readonly<Record<string, string>> = {
  NAME: 'bourse',
  SUBNETS: 'subnets',
  GROUP: 'sg-0a1b2c3d',
  PARAMETERS: 'parameters',
  CLASS: 'db.m7g.large',
  MAXIMUM: '1000',
  SNAPSHOT: 'snapshot',
  PROXY: 'proxy',
  REPLICA: 'bourse-replica',
  DAYS: '30',
  MASTER: 'master',
  REGION: 'eu-central-1',
  ARN: 'arn:aws:rds:eu-west-1:000000000000:db:bourse',
  KEY: 'arn:aws:kms:eu-central-1:000000000000:key/0a1b2c3d',
};

/** A database with a replica, a proxy and a snapshot, as CloudFormation and RDS would have created them. */
const DATABASE = `
  aws rds create-db-subnet-group --db-subnet-group-name subnets --db-subnet-group-description test --subnet-ids $(aws ec2 describe-subnets --query 'Subnets[].SubnetId' --output text)
  aws rds create-db-parameter-group --db-parameter-group-name parameters --db-parameter-group-family postgres18 --description test
  aws rds create-db-instance --db-instance-identifier bourse --db-instance-class db.m7g.large --engine postgres --engine-version 18 --allocated-storage 100 --max-allocated-storage 1000 --master-username boursomatic_master --master-user-password before-restore --db-subnet-group-name subnets --vpc-security-group-ids sg-0a1b2c3d --db-parameter-group-name parameters --multi-az --no-publicly-accessible
  aws rds create-db-snapshot --db-instance-identifier bourse --db-snapshot-identifier snapshot
  aws rds create-db-instance-read-replica --db-instance-identifier bourse-replica --source-db-instance-identifier bourse
  aws rds create-db-proxy --db-proxy-name proxy --engine-family POSTGRESQL --auth AuthScheme=SECRETS,SecretArn=arn:aws:secretsmanager:eu-west-1:000000000000:secret:api --role-arn arn:aws:iam::000000000000:role/proxy --vpc-subnet-ids $(aws ec2 describe-subnets --query 'Subnets[].SubnetId' --output text)
  aws rds register-db-proxy-targets --db-proxy-name proxy --db-instance-identifiers bourse
  aws secretsmanager create-secret --name master --secret-string '{"password":"of-the-secret"}'`;

/** Commands that ministack does not know. A version that knows one fails this step, so that somebody uses it. */
const UNKNOWN = ['restore-db-instance-to-point-in-time', 'start-db-instance-automated-backups-replication'];

/** The blocks of commands in the runbook's section on restores, with the values of an operator. */
export async function restoreCommands(): Promise<string[][]> {
  const text = await readFile(RUNBOOK, 'utf8');
  const [section = ''] = /^## Restore from backup$[\s\S]*?(?=^## )/m.exec(text) ?? [];
  const placeholder = new RegExp(`\\b(?:${Object.keys(VALUES).join('|')})\\b`, 'g');
  // Adjacent commands are one block.
  return [...section.matchAll(/(?:^ *aws .*\n)+/gm)].map(([block]) =>
    block
      .trim()
      .split('\n')
      .map((line) => line.trim().replaceAll(placeholder, (name) => VALUES[name] ?? name)),
  );
}

/**
 * Types the commands of a restore. The emulator has no server behind its instances: this shows that the AWS CLI parses
 * each command and that the service accepts its options.
 */
export const restored: Step = {
  title: 'the AWS CLI and RDS accept the commands of a restore',
  run: async (bed) => {
    if (!bed.isMinistack) return new NotShown('the free plan of LocalStack has no RDS');
    for (const command of DATABASE.trim().split('\n')) await succeed(bed, command);
    const unknown: string[] = [];
    let accepted = 0;
    for (const block of await restoreCommands()) {
      for (const command of block) {
        const { code, stderr } = await typeCommand(bed, command);
        if (stderr.includes('InvalidAction')) {
          unknown.push(/^aws rds (\S+)/.exec(command)?.[1] ?? command);
          // The next commands of this block need the result.
          break;
        }
        assert.equal(code, 0, `${command}\n${stderr}`);
        accepted += 1;
      }
    }
    assert.deepEqual(unknown, UNKNOWN);
    await expectResult(bed);
    return `${accepted} commands accepted; ministack lacks ${unknown.join(' and ')}, and renames no instance`;
  },
};

async function expectResult(bed: TestBed): Promise<void> {
  const read = async (command: string) => JSON.parse(await succeed(bed, `aws rds ${command} --output json`));
  const instance = (name: string, query: string) =>
    read(`describe-db-instances --db-instance-identifier ${name} --query 'DBInstances[0].${query}'`);
  // The emulator leaves the groups, the parameters and the protection out of a restored instance.
  assert.deepEqual(
    await instance(
      'bourse-restored',
      '[DBSubnetGroup.DBSubnetGroupName,DBInstanceClass,MultiAZ,MaxAllocatedStorage,PubliclyAccessible]',
    ),
    ['subnets', 'db.m7g.large', true, 1000, false],
  );
  assert.equal(await instance('bourse', 'BackupRetentionPeriod'), 30);
  assert.equal(await instance('bourse-replica', 'ReadReplicaSourceDBInstanceIdentifier'), 'bourse');
  assert.deepEqual(
    await read("describe-db-proxy-targets --db-proxy-name proxy --query 'Targets[].RdsResourceId'"),
    ['bourse'],
  );
}
