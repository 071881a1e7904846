import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
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

  test('are for all that an operator has to know', () => {
    expect(alarms.map(({ id }) => id).sort()).toEqual([
      'ApiErrors',
      'ApiSlow',
      'DatabaseConnections',
      'DatabaseCredits',
      'DatabaseStorage',
      'InstrumentsFailed',
      'KeysNotRenewed',
      'NoRun',
      'RecommendationsStale',
      'RetrainingAborted',
      'RetrainingFailed',
      'RetrainingNotStarted',
      'RetrainingTimedOut',
      'RunAborted',
      'RunFailed',
      'RunNotStarted',
      'RunTimedOut',
    ]);
  });

  test.each(alarms.map((alarm) => [alarm.id, alarm] as const))(
    '%s says what to do, and tells the topic',
    (_, alarm) => {
      const entry = /docs\/operations\.md#([\w-]+)$/.exec(alarm.AlarmDescription)?.[1] ?? '';
      const text = sectionOf(entry);
      for (const part of ['**Description.**', '**Investigation.**', '**Resolution.**'])
        expect(text).toContain(part);
      expect(alarm.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^Alarms/) }]);
      // One metric an alarm: an expression over several is billed for each.
      expect(alarm).not.toHaveProperty('Metrics');
    },
  );

  test('goes off when nobody can tell whether there was a run', () => {
    expect(resource(ops, 'AWS::CloudWatch::Alarm', 'NoRun').Properties).toMatchObject({
      Namespace: 'Boursomatic',
      MetricName: 'HoursSinceRun',
      Dimensions: [{ Name: 'Stage', Value: 'dev' }],
      Threshold: 26,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test('watches the processor in place of credits where there are none', () => {
    const ids = alarmsOf(synthesise({ size: 'scale' }).ops).map(({ id }) => id);
    expect(ids).toContain('DatabaseProcessor');
    expect(ids).not.toContain('DatabaseCredits');
  });

  test('leaves an external database to whoever runs it', () => {
    const ids = alarmsOf(of({ databaseSecret: 'x' })).map(({ id }) => id);
    expect(ids).not.toContainEqual(expect.stringMatching(/^(Database|Retraining)/));
  });
});

describe('the topic', () => {
  test('takes alarms and budgets of this account, and nothing in the clear', () => {
    const policy = JSON.stringify(resource(ops, 'AWS::SNS::TopicPolicy', 'Alarms').Properties);
    for (const text of [
      'cloudwatch.amazonaws.com',
      'budgets.amazonaws.com',
      'aws:SourceAccount',
      'aws:SecureTransport',
    ])
      expect(policy).toContain(text);
  });

  test('writes to the address that it is given', () => {
    ops.resourceCountIs('AWS::SNS::Subscription', 0);
    of({ alarmEmail: 'ops@example.com' }).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
  });
});

describe('the budget', () => {
  test('is of what bears the tag of the stage', () => {
    of({ budget: 40 }).hasResourceProperties('AWS::Budgets::Budget', {
      Budget: {
        BudgetLimit: { Amount: 40, Unit: 'USD' },
        CostFilters: { TagKeyValue: ['user:stage$dev'] },
      },
    });
  });

  test('is left out where there is to be none', () => {
    const { budget, ...settings } = DEFAULT_SETTINGS;
    expect(budget).toBe(35);
    Template.fromStack(addStacks(newApp(), settings).ops).resourceCountIs('AWS::Budgets::Budget', 0);
  });
});

test('asks for the vital signs every hour', () => {
  ops.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 hour)' });
  ops.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
});

function of(settings: Partial<Settings>): Template {
  return Template.fromStack(addStacks(newApp(), { ...DEFAULT_SETTINGS, ...settings }).ops);
}

/** The part of the runbook under a heading, by the anchor that the heading gets. */
function sectionOf(anchor: string): string {
  const sections = RUNBOOK.split(/^#+ /m);
  const found = sections.find((text) => {
    const heading = text.split('\n')[0] ?? '';
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
