import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { defined } from '../../../functions/shared/invariant.ts';
import { addStacks } from '../../../lib/application.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../lib/settings.ts';
import { newApp, resource, resources, synthesise } from '../app.ts';

const { ops } = synthesise();
const RUNBOOK = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

interface AlarmProperties {
  AlarmDescription: string;
  AlarmActions: unknown[];
  Metrics?: unknown;
  TreatMissingData: string;
}
const alarmsOf = (template: Template) =>
  Object.entries(resources(template, 'AWS::CloudWatch::Alarm')).map(([id, { Properties }]) => ({
    id: id.replace(/[0-9A-F]{8}$/, ''),
    ...(Properties as unknown as AlarmProperties),
  }));

describe('the alarms', () => {
  const alarms = alarmsOf(ops);

  test('cover runs, data, API, keys and database', () => {
    expect(alarms.map(({ id }) => id).sort()).toEqual([
      'ApiErrors',
      'ApiNotDelivered',
      'ApiSlow',
      'DatabaseConnections',
      'DatabaseCredits',
      'DatabaseStorage',
      'InstrumentsFailed',
      'NoRun',
      'RecommendationsStale',
      'RetrainingAborted',
      'RetrainingFailed',
      'RetrainingNotDelivered',
      'RetrainingTimedOut',
      'RunAborted',
      'RunFailed',
      'RunNotDelivered',
      'RunTimedOut',
    ]);
  });

  test.each(alarms.map((alarm) => [alarm.id, alarm] as const))(
    'link %s to a complete runbook entry, and notify the topic',
    (_, alarm) => {
      const [, entry] = /docs\/operations\.md#([\w-]+)$/.exec(alarm.AlarmDescription) ?? [];
      const text = sectionOf(defined(entry, 'link to the runbook'));
      for (const part of ['**Description.**', '**Investigation.**', '**Resolution.**'])
        expect(text).toContain(part);
      expect(alarm.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^Alarms/) }]);
      // AWS bills an alarm on an expression once for each metric.
      expect(alarm).not.toHaveProperty('Metrics');
    },
  );

  test('treat missing data about runs as a failure', () => {
    expect(resource(ops, 'AWS::CloudWatch::Alarm', 'NoRun').Properties).toMatchObject({
      Namespace: 'Boursomatic',
      MetricName: 'HoursSinceRun',
      Dimensions: [{ Name: 'Stage', Value: 'dev' }],
      Threshold: 26,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test('watch the CPU instead of CPU credits in size scale', () => {
    const ids = alarmsOf(synthesise({ size: 'scale' }).ops).map(({ id }) => id);
    expect(ids).toContain('DatabaseProcessor');
    expect(ids).not.toContain('DatabaseCredits');
  });

  test('omit the database if it is external', () => {
    const ids = alarmsOf(of({ databaseSecret: 'x' })).map(({ id }) => id);
    expect(ids).not.toContainEqual(expect.stringMatching(/^(Database|Retraining)/));
  });
});

describe('the topic', () => {
  test('accepts only alarms and budgets of this account, over TLS', () => {
    const policy = JSON.stringify(resource(ops, 'AWS::SNS::TopicPolicy', 'Alarms').Properties);
    for (const text of [
      'cloudwatch.amazonaws.com',
      'budgets.amazonaws.com',
      'aws:SourceAccount',
      'aws:SecureTransport',
    ])
      expect(policy).toContain(text);
  });

  test('sends email to the configured address', () => {
    ops.resourceCountIs('AWS::SNS::Subscription', 0);
    of({ alarmEmail: 'ops@example.com' }).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
  });
});

describe('the budget', () => {
  test('counts resources with the tag of the stage', () => {
    of({ budget: 40 }).hasResourceProperties('AWS::Budgets::Budget', {
      Budget: {
        BudgetLimit: { Amount: 40, Unit: 'USD' },
        CostFilters: { TagKeyValue: ['user:stage$dev'] },
      },
    });
  });

  test('is optional', () => {
    const { budget, ...settings } = DEFAULT_SETTINGS;
    expect(budget).toBe(35);
    Template.fromStack(addStacks(newApp(), settings).ops).resourceCountIs('AWS::Budgets::Budget', 0);
  });
});

test('the vital signs are published every hour', () => {
  ops.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 hour)' });
  ops.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
});

function of(settings: Partial<Settings>): Template {
  return Template.fromStack(addStacks(newApp(), { ...DEFAULT_SETTINGS, ...settings }).ops);
}

/** The section of the runbook whose heading has this anchor. */
function sectionOf(anchor: string): string {
  const sections = RUNBOOK.split(/^#+ /m);
  const found = sections.find((text) => {
    const [heading = ''] = text.split('\n');
    return (
      heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-') === anchor
    );
  });
  if (!found) throw new Error(`the runbook has no entry ${anchor}`);
  return found;
}
