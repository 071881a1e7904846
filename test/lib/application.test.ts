import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { addStacks } from '../../lib/application.ts';
import { DEFAULTS, newApp, resources, synthesise } from './app.ts';

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
    const { network, data, pipeline, api, training } = addStacks(newApp(), { ...DEFAULTS, stage: 'staging' });
    expect([network, data, pipeline, api, training].map(({ stackName }) => stackName)).toEqual([
      'boursomatic-staging-network',
      'boursomatic-staging-data',
      'boursomatic-staging-pipeline',
      'boursomatic-staging-api',
      'boursomatic-staging-training',
    ]);
  });

  it('protects the data of production from a deleted stack', () => {
    expect(addStacks(newApp(), { ...DEFAULTS, stage: 'prod' }).data.terminationProtection).toBe(true);
    expect(addStacks(newApp(), DEFAULTS).data.terminationProtection).toBe(false);
  });

  it('makes every function arm64 on Node 24, traced, with a log group of its own', () => {
    const functions = every('AWS::Lambda::Function');
    expect(functions).toHaveLength(15);
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
