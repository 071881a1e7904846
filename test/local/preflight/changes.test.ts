import { beforeEach, describe, expect, test } from 'vitest';
import type { SynthesisedStack, Template } from '../../../lib/templates.ts';
import { compareStacks } from '../../../local/preflight/changes.ts';
import { makeClients } from '../../../local/preflight/clients.ts';
import { readDeployedDatabases, readDeployedStacks } from '../../../local/preflight/deployed.ts';
import type { Finding } from '../../../local/preflight/findings.ts';
import { deployStacks, plan, REGION, removeInstance, resetAccount } from './preflight-support.ts';

const SCALE = { size: 'scale' };
const INSTANCE = 'physical-databaseinstanceaa8a5fde';
const REPLICA = 'physical-databasereplica3a6f4e05';

beforeEach(resetAccount);

/** Compares what is in the account with other settings, as the preflight does. */
async function changes(next: readonly Pick<SynthesisedStack, 'name' | 'template'>[]): Promise<Finding[]> {
  const clients = makeClients(REGION);
  const deployed = await readDeployedStacks(clients.cloudFormation, 'prod');
  const databases = await readDeployedDatabases(clients, deployed);
  return compareStacks({ stage: 'prod', deployed, databases, planned: next });
}

const nothing = [expect.objectContaining({ verdict: 'ok' })];

describe('the changes of a deployment', () => {
  test('are none before the first one', async () => {
    expect(await changes(plan().stacks)).toEqual([
      { check: 'Changes', verdict: 'ok', answer: 'nothing is deployed yet' },
    ]);
  });

  test.each([
    ['nothing', {}, {}],
    ['a larger size', {}, SCALE],
    ['a proxy and a replica', SCALE, { ...SCALE, proxy: 'on', replica: 'on' }],
    ['another processor', {}, { architecture: 'x86_64' }],
    ['intraday bars', {}, { intraday: 'on' }],
    ['more days of backups', {}, { backupDays: '30' }],
  ])('may be %s', async (_, before, after) => {
    deployStacks(plan(before).stacks, { instance: { AllocatedStorage: before === SCALE ? 100 : 20 } });
    expect(await changes(plan(after).stacks)).toEqual(nothing);
  });

  test('may not remove the proxy in one step, because the API imports its address', async () => {
    deployStacks(plan({ ...SCALE, proxy: 'on' }).stacks, { instance: { AllocatedStorage: 100 } });
    const [finding, ...others] = await changes(plan(SCALE).stacks);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      verdict: 'problem',
      answer: expect.stringMatching(/^boursomatic-prod-api import boursomatic-prod-data:\S*Proxy\S*, which/),
      remedy: 'First run: npx cdk deploy -c stage=prod --exclusively boursomatic-prod-api. Then deploy all.',
    });
  });

  test('may remove the proxy once the API no longer imports its address', async () => {
    const before = plan({ ...SCALE, proxy: 'on' }).stacks;
    const after = plan(SCALE).stacks;
    const mixed = before.map((stack) =>
      stack.name === 'boursomatic-prod-api' ? after.find(({ name }) => name === stack.name) : stack,
    );
    deployStacks(mixed as SynthesisedStack[], { instance: { AllocatedStorage: 100 } });
    expect(await changes(after)).toEqual(nothing);
  });

  test('may drop a stack only after the stacks that import from it', async () => {
    const before = plan({ retraining: 'on' }).stacks;
    deployStacks(before);
    const importer = importerOf(before);
    const after = before.filter(({ name }) => name !== importer.from);
    const [finding] = await changes(
      after.map((stack) =>
        stack.name === importer.name ? { ...stack, template: without(stack.template, importer.from) } : stack,
      ),
    );
    expect(finding?.remedy).toContain(
      `npx cdk deploy -c stage=prod --exclusively ${importer.name} && aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${importer.from} && aws cloudformation delete-stack --stack-name ${importer.from}`,
    );
  });

  test('do not change a stack that the settings no longer have, if no stack imports from it', async () => {
    deployStacks(plan().stacks);
    const [finding, ...others] = await changes(plan().stacks.filter(({ name }) => !name.endsWith('-ops')));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      verdict: 'note',
      answer: 'these settings have no stack boursomatic-prod-ops; a deployment does not change it',
    });
  });

  test('may not replace one export by another in use in one step', async () => {
    const producer = (name: string): Template => ({ Outputs: { A: { Export: { Name: name } } } });
    const consumer = (name: string): Template => ({
      Resources: { R: { Type: 'AWS::X::Y', Properties: { Of: { 'Fn::ImportValue': name } } } },
    });
    const stacks = (name: string) => [
      { name: 'boursomatic-prod-a', template: producer(name), bootstrapVersion: 6 },
      { name: 'boursomatic-prod-b', template: consumer(name), bootstrapVersion: 6 },
    ];
    deployStacks(stacks('old'));
    const [finding] = await changes(stacks('new'));
    expect(finding).toMatchObject({
      answer: expect.stringContaining('boursomatic-prod-b also need exports that do not exist yet'),
      remedy: expect.stringContaining('Change one setting at a time'),
    });
  });

  test('may not shrink the storage, which RDS may have extended', async () => {
    deployStacks(plan(SCALE).stacks, { instance: { AllocatedStorage: 140 } });
    const findings = await changes(plan().stacks);
    expect(findings).toContainEqual({
      check: 'Changes',
      verdict: 'problem',
      answer: `${INSTANCE} has 140 GB of storage and these settings declare 20: RDS cannot shrink storage`,
      remedy: expect.stringContaining('Keep "size": "scale" in stages/prod.json'),
    });
    deployStacks(plan().stacks, { instance: { AllocatedStorage: 120 } });
    expect((await changes(plan(SCALE).stacks))[0]?.answer).toContain('has 120 GB of storage');
    expect(await changes(plan().stacks)).toEqual(nothing);
  });

  const deletion = `aws rds delete-db-instance --db-instance-identifier ${REPLICA} --skip-final-snapshot`;

  test.each([
    [
      'a protected',
      true,
      `aws rds modify-db-instance --db-instance-identifier ${REPLICA} --no-deletion-protection --apply-immediately && ${deletion}`,
    ],
    ['an unprotected', false, deletion],
  ])('may not delete %s replica, which reports may use', async (_, DeletionProtection, commands) => {
    const instance = { AllocatedStorage: 100, DeletionProtection };
    deployStacks(plan({ ...SCALE, replica: 'on' }).stacks, { instance });
    expect(await changes(plan(SCALE).stacks)).toEqual([
      {
        check: 'Changes',
        verdict: 'problem',
        answer: `the deployment deletes the replica ${REPLICA}, and nothing brings it back under its address`,
        remedy: `If no report uses it, delete it, and deploy when it is gone: ${commands}`,
      },
    ]);
  });

  test('may forget a replica that an operator has deleted', async () => {
    deployStacks(plan({ ...SCALE, replica: 'on' }).stacks, { instance: { AllocatedStorage: 100 } });
    removeInstance(REPLICA);
    expect(await changes(plan(SCALE).stacks)).toEqual(nothing);
  });

  test('find that the database is gone', async () => {
    deployStacks(plan().stacks);
    removeInstance(INSTANCE);
    expect(await changes(plan().stacks)).toEqual([
      expect.objectContaining({
        verdict: 'problem',
        answer: expect.stringMatching(
          /^the database DatabaseInstance\w+ of boursomatic-prod-data no longer exists$/,
        ),
      }),
    ]);
  });

  test('name the stack whose creation failed and took its database with it', async () => {
    deployStacks(plan().stacks, { status: 'ROLLBACK_COMPLETE' });
    removeInstance(INSTANCE);
    const findings = await changes(plan().stacks);
    expect(findings).toHaveLength(plan().stacks.length);
    for (const { answer } of findings) expect(answer).toMatch(/^the stack \S+ is in ROLLBACK_COMPLETE$/);
  });

  test('may not remove the database', async () => {
    deployStacks(plan().stacks);
    const findings = await changes(plan({ database: 'external', databaseSecret: 'x' }).stacks);
    expect(findings).toContainEqual(
      expect.objectContaining({
        verdict: 'problem',
        answer: `the deployment removes the database ${INSTANCE} from boursomatic-prod-data`,
      }),
    );
  });

  test('may not remove a bucket', async () => {
    deployStacks(plan().stacks);
    const next = changed((resource) => (resource.Type === 'AWS::S3::Bucket' ? undefined : resource));
    expect((await changes(next)).map(({ answer }) => answer)).toContainEqual(
      expect.stringMatching(/^the deployment removes the bucket RawObjects\w+ from boursomatic-prod-data/),
    );
  });

  test('may not downgrade Postgres', async () => {
    deployStacks(plan().stacks, { instance: { EngineVersion: '19.2' } });
    expect((await changes(plan().stacks))[0]?.answer).toBe(
      `${INSTANCE} runs Postgres 19.2 and this version declares 18: RDS cannot downgrade`,
    );
  });

  test('may not replace the database', async () => {
    deployStacks(plan().stacks);
    const next = changed((resource) => ({
      ...resource,
      Properties: {
        ...resource.Properties,
        ...(resource.Properties?.DBName !== undefined && { DBName: 'x' }),
      },
    }));
    expect((await changes(next))[0]?.answer).toBe(
      `DBName of ${INSTANCE} change: CloudFormation would replace it with an empty database`,
    );
  });

  test('reports which backups RDS deletes with fewer days', async () => {
    deployStacks(plan().stacks);
    expect(await changes(plan({ backupDays: '1' }).stacks)).toEqual([
      {
        check: 'Changes',
        verdict: 'note',
        answer: `RDS deletes the automated backups of ${INSTANCE} that are older than 1 day; it keeps 7 days now`,
      },
    ]);
  });

  test.each([
    ['ROLLBACK_COMPLETE', 'aws cloudformation delete-stack --stack-name boursomatic-prod-network'],
    ['UPDATE_ROLLBACK_FAILED', 'continue-update-rollback --stack-name boursomatic-prod-network'],
    ['UPDATE_IN_PROGRESS', 'Wait until the other deployment has ended.'],
  ] as const)('wait for a stack in %s', async (status, remedy) => {
    deployStacks(plan().stacks, { status });
    const [finding] = await changes(plan().stacks);
    expect(finding).toMatchObject({
      verdict: 'problem',
      answer: `the stack boursomatic-prod-network is in ${status}`,
      remedy: expect.stringContaining(remedy),
    });
  });
});

type Resource = NonNullable<Template['Resources']>[string];

/** The stacks with some resources changed or removed. */
function changed(change: (resource: Resource) => Resource | undefined) {
  return plan().stacks.map(({ name, template }) => {
    const entries = Object.entries(template.Resources ?? {}).flatMap(([id, resource]) => {
      const next = change(resource);
      return next ? [[id, next] as const] : [];
    });
    return { name, template: { ...template, Resources: Object.fromEntries(entries) } };
  });
}

/** A stack that imports from another one, on which no third stack depends. */
function importerOf(stacks: readonly SynthesisedStack[]): { name: string; from: string } {
  const pairs = stacks.flatMap(({ name, template }) =>
    stacks
      .filter((other) => JSON.stringify(template).includes(`"Fn::ImportValue":"${other.name}:`))
      .map((other) => ({ name, from: other.name })),
  );
  const only = pairs.find(({ from }) => pairs.filter((pair) => pair.from === from).length === 1);
  if (!only) throw new Error('no stack has only one importer');
  return only;
}

function without({ Resources = {}, ...template }: Template, from: string): Template {
  const kept = Object.entries(Resources).filter(
    ([, resource]) => !JSON.stringify(resource).includes(`"Fn::ImportValue":"${from}:`),
  );
  return { ...template, Resources: Object.fromEntries(kept) };
}
