import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { addStacks } from '../../lib/application.ts';
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

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

describe('addStacks', () => {
  it('names the stacks of a stage, so that several stages fit in one account', () => {
    const stacks = Object.values(addStacks(newApp(), { ...DEFAULT_SETTINGS, stage: 'staging' }));
    expect(stacks.map((stack) => stack.stackName)).toEqual(
      ['network', 'data', 'migration', 'pipeline', 'api', 'training', 'ops'].map(
        (part) => `boursomatic-staging-${part}`,
      ),
    );
  });

  it('leaves network, database and Fargate out with an external database', () => {
    const settings = { ...DEFAULT_SETTINGS, databaseSecret: 'given' };
    const stacks: Record<string, Stack> = { ...addStacks(newApp(), settings) };
    expect(Object.keys(stacks)).toEqual(['data', 'migration', 'pipeline', 'api', 'ops']);
    for (const stack of Object.values(stacks)) {
      const types = Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, Resource>);
      expect(types.filter(({ Type }) => /::(EC2|RDS|ECS)::/.test(Type))).toEqual([]);
    }
  });

  it('protects every stack of production from being deleted', () => {
    for (const stage of ['prod', 'dev'] as const) {
      for (const stack of Object.values(addStacks(newApp(), { ...DEFAULT_SETTINGS, stage })))
        expect(stack.terminationProtection, stack.stackName).toBe(stage === 'prod');
    }
  });

  it('tags every stack with the application and its stage', () => {
    for (const stack of Object.values(addStacks(newApp(), DEFAULT_SETTINGS)))
      expect(stack.tags.tagValues()).toEqual({ application: 'boursomatic', stage: 'dev' });
  });

  it('makes every function arm64 on Node 24, traced, with a log group of its own', () => {
    const functions = every('AWS::Lambda::Function');
    expect(functions).toHaveLength(11);
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

  it('lets every log expire', () => {
    for (const { name, Properties } of every('AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays, name).toBe(90);
    }
  });

  it('allows no action by wildcard', () => {
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

  it('grants on any resource only what cannot be narrowed: traces, delivery of logs, login to ECR', () => {
    for (const { name, Properties } of every('AWS::IAM::Policy')) {
      const open = statements(Properties).filter(({ Resource, Condition }) => Resource === '*' && !Condition);
      for (const action of open.flatMap(({ Action }) => Action))
        expect(action, name).toMatch(/^(xray:|logs:|ecr:GetAuthorizationToken$)/);
    }
  });
});

function statements(properties: Record<string, unknown>): Statement[] {
  return (properties.PolicyDocument as { Statement: Statement[] }).Statement;
}
