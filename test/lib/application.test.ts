import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { connectionLimits } from '../../functions/migration/connection-limits.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { addStacks } from '../../lib/application.ts';
import { CONNECTIONS, SPARE_CONNECTIONS } from '../../lib/constructs/connections.ts';
import { DEFAULT_SETTINGS } from '../../lib/settings.ts';
import { newApp, type Resource, resources, synthesise } from './app.ts';

const templates = Object.entries(synthesise());
const every = (type: string) =>
  templates.flatMap(([stack, template]: [string, Template]) =>
    Object.entries(resources(template, type)).map(([id, { Properties }]) => ({
      name: `${stack}: ${id}`,
      Properties,
    })),
  );

/** Resources of the project: without the function that the CDK adds for triggers. */
const own = (type: string) => every(type).filter(({ name }) => !name.includes('AWSCDKTrigger'));

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

describe('addStacks', () => {
  test('includes the stage in stack names, so that one account can hold several stages', () => {
    const settings = { ...DEFAULT_SETTINGS, stage: 'staging', retraining: 'on' } as const;
    const stacks = Object.values(addStacks(newApp(), settings)).filter((stack) => stack !== undefined);
    expect(stacks.map((stack) => stack.stackName)).toEqual(
      ['network', 'data', 'migration', 'pipeline', 'api', 'training', 'web', 'alerts', 'ops'].map(
        (part) => `boursomatic-staging-${part}`,
      ),
    );
  });

  test('adds the trainer only with retraining on, so that no other deployment needs Docker', () => {
    expect(addStacks(newApp(), DEFAULT_SETTINGS)).not.toHaveProperty('training');
    expect(addStacks(newApp(), { ...DEFAULT_SETTINGS, retraining: 'on' })).toHaveProperty('training');
  });

  test('omits network, database and Fargate with an external database', () => {
    const settings = { ...DEFAULT_SETTINGS, databaseSecret: 'given' };
    const stacks: Record<string, Stack> = { ...addStacks(newApp(), settings) };
    expect(Object.keys(stacks)).toEqual(['data', 'migration', 'pipeline', 'api', 'web', 'alerts', 'ops']);
    for (const stack of Object.values(stacks)) {
      const types = Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, Resource>);
      expect(types.filter(({ Type }) => /::(EC2|RDS|ECS)::/.test(Type))).toEqual([]);
    }
  });

  test('protects every production stack against deletion', () => {
    for (const stage of ['prod', 'dev'] as const) {
      for (const stack of Object.values(addStacks(newApp(), { ...DEFAULT_SETTINGS, stage })))
        expect(stack.terminationProtection, stack.stackName).toBe(stage === 'prod');
    }
  });

  test('tags every stack with the application and its stage', () => {
    for (const stack of Object.values(addStacks(newApp(), DEFAULT_SETTINGS)))
      expect(stack.tags.tagValues()).toEqual({ application: 'boursomatic', stage: 'dev' });
  });

  test('creates every function for arm64 and Node 24, with tracing and its own log group', () => {
    const functions = own('AWS::Lambda::Function');
    expect(functions.length).toBeGreaterThan(12);
    for (const { name, Properties } of functions) {
      expect(Properties, name).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogGroup: expect.anything() },
        Timeout: expect.any(Number),
        MemorySize: expect.any(Number),
      });
    }
  });

  test('expires every log after 90 days', () => {
    for (const { name, Properties } of every('AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays, name).toBe(90);
    }
  });

  test('grants no action with a wildcard', () => {
    const policies = every('AWS::IAM::Policy');
    expect(policies.length).toBeGreaterThan(0);
    for (const { name, Properties } of policies) {
      for (const { Action } of statements(Properties)) {
        expect(
          [Action].flat().filter((action) => action.includes('*')),
          name,
        ).toEqual([]);
      }
    }
  });

  test('grants on all resources only traces, log delivery, ECR login and random passwords', () => {
    for (const { name, Properties } of every('AWS::IAM::Policy')) {
      const open = statements(Properties).filter(({ Resource, Condition }) => Resource === '*' && !Condition);
      for (const action of open.flatMap(({ Action }) => Action))
        expect(action, name).toMatch(
          /^(xray:|logs:|ecr:GetAuthorizationToken$|secretsmanager:GetRandomPassword$)/,
        );
    }
  });

  test.each(['small', 'scale'] as const)(
    'keeps the connections of size %s within the limit of its database',
    (size) => {
      let connections = 0;
      for (const template of Object.values(synthesise({ size }))) {
        for (const [id, { Properties }] of Object.entries(resources(template, 'AWS::Lambda::Function'))) {
          const logins = JSON.stringify(Properties).match(/"\w+_DATABASE_SECRET":/g)?.length ?? 0;
          // The rotation function connects too, with the login that Secrets Manager passes.
          if (logins === 0 && !id.startsWith('Rotate')) continue;
          // A function without reserved concurrency could use all connections.
          expect(Properties.ReservedConcurrentExecutions, id).toBeGreaterThan(0);
          // A container holds one connection per login.
          connections += Number(Properties.ReservedConcurrentExecutions) * Math.max(1, logins);
        }
      }
      expect(connections).toBeGreaterThan(CONNECTIONS[size].api / 2);
      expect(connections).toBeLessThanOrEqual(CONNECTIONS[size].max - SPARE_CONNECTIONS);
    },
  );

  test.each(['small', 'scale'] as const)(
    'gives every role of size %s the connections that its functions reserve',
    (size) => {
      const limits = connectionLimits(CONNECTIONS[size].max);
      const reserved = new Map<string, number>();
      for (const template of Object.values(synthesise({ size })))
        for (const { Properties } of Object.values(resources(template, 'AWS::Lambda::Function')))
          for (const [, role = ''] of JSON.stringify(Properties).matchAll(/"(\w+)_DATABASE_SECRET":/g))
            reserved.set(
              role.toLowerCase(),
              (reserved.get(role.toLowerCase()) ?? 0) + Number(Properties.ReservedConcurrentExecutions),
            );
      for (const [name, role] of Object.entries(DATABASE_ROLES)) {
        expect(reserved.get(name), name).toBeGreaterThan(0);
        // The trainer and the rotation of a password need one each.
        expect(reserved.get(name), name).toBeLessThanOrEqual(limits[role] - 2);
      }
    },
  );

  test('removes no export that other stacks need when retraining is turned off', () => {
    const outputsOf = (retraining: 'on' | 'off') => {
      const { network, data } = addStacks(newApp(), { ...DEFAULT_SETTINGS, retraining });
      return [network, data].map(
        (stack) => stack && Object.keys(Template.fromStack(stack).findOutputs('*')).sort(),
      );
    };
    expect(outputsOf('off')).toEqual(outputsOf('on'));
  });

  test('reserves no concurrency in an account that allows no reservations', () => {
    const app = newApp({ 'aws:cdk:bundling-stacks': [], concurrency: 'account' });
    for (const stack of Object.values(addStacks(app, DEFAULT_SETTINGS)))
      expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('ReservedConcurrent');
  });

  test('creates no NAT gateway', () => {
    expect(every('AWS::EC2::NatGateway')).toEqual([]);
  });

  test('deploys the migration before the stacks that need the schema', () => {
    const { migration, data, network, web, ...others } = addStacks(newApp(), DEFAULT_SETTINGS);
    for (const stack of Object.values(others))
      expect(stack.dependencies, stack.stackName).toContain(migration);
    // The page needs the API.
    Template.fromStack(web);
    expect(web.dependencies).toContain(others.api);
  });
});

function statements(properties: Record<string, unknown>): Statement[] {
  return (properties.PolicyDocument as { Statement: Statement[] }).Statement;
}
