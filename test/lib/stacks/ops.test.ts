import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { defined } from '../../../functions/shared/invariant.ts';
import { addStacks } from '../../../lib/application.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../lib/settings.ts';
import { newApp, resource, resources, synthesise } from '../app.ts';

const { ops } = synthesise();
const { ops: scale } = synthesise({ size: 'scale' });
const RUNBOOK = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

const GIB = 1024 ** 3;
const HOUR = 60;

/** What an alarm's text says of its metric. `minutes` is how long the condition lasts. */
interface Stated {
  MetricName: string;
  Statistic?: string;
  ExtendedStatistic?: string;
  /** 0 where the text only says that something happened. */
  Threshold?: number;
  minutes?: number;
  ComparisonOperator?: 'LessThanThreshold';
}

/** The texts, and how to read them. Every text needs an entry. */
const STATEMENTS: [RegExp, (...numbers: number[]) => Stated][] = [
  [
    /^The last run could not erase the personal data of deleted accounts\.$/,
    () => ({ MetricName: 'ErasureFailed', Statistic: 'Maximum' }),
  ],
  [/^(?:Run|Retraining) failed\.$/, () => ({ MetricName: 'ExecutionsFailed', Statistic: 'Sum' })],
  [/^(?:Run|Retraining) timed out\.$/, () => ({ MetricName: 'ExecutionsTimedOut', Statistic: 'Sum' })],
  [/^(?:Run|Retraining) was stopped\.$/, () => ({ MetricName: 'ExecutionsAborted', Statistic: 'Sum' })],
  [
    /^(?:Run|Retraining|Api|Messages): a scheduled start or an event failed in every attempt\.$/,
    () => ({ MetricName: 'ApproximateNumberOfMessagesVisible', Statistic: 'Maximum' }),
  ],
  [
    /^No daily run has published for (\d+) weekday hours, or the watch function has not reported for (\d+) hours\.$/,
    (hours, silent) => ({
      MetricName: 'HoursSinceRun',
      Statistic: 'Maximum',
      Threshold: hours,
      minutes: silent * HOUR,
    }),
  ],
  [
    /^More than (\d+)% of the instruments failed in the last daily run\.$/,
    (share) => ({ MetricName: 'FailedShare', Statistic: 'Maximum', Threshold: share / 100 }),
  ],
  [
    /^No message has reached a user for (\d+) minutes, although some are due\.$/,
    (minutes) => ({ MetricName: 'UndeliveredMinutes', Statistic: 'Maximum', Threshold: minutes }),
  ],
  [
    /^The active recommendations are older than (\d+) weekday hours\.$/,
    (hours) => ({ MetricName: 'RecommendationAgeHours', Statistic: 'Maximum', Threshold: hours }),
  ],
  [
    /^The API returned more than (\d+) server errors in (\d+) minutes\.$/,
    (errors, minutes) => ({ MetricName: '5xx', Statistic: 'Sum', Threshold: errors, minutes }),
  ],
  [
    /^The slowest (\d+)% of API requests have taken longer than (\d+) seconds for (\d+) minutes\.$/,
    (share, seconds, minutes) => ({
      MetricName: 'Latency',
      ExtendedStatistic: `p${100 - share}`,
      Threshold: seconds * 1000,
      minutes,
    }),
  ],
  [
    /^The database has had less than (\d+) GiB of free storage for (\d+) minutes\.$/,
    (free, minutes) => ({
      MetricName: 'FreeStorageSpace',
      Statistic: 'Minimum',
      Threshold: free * GIB,
      minutes,
      ComparisonOperator: 'LessThanThreshold',
    }),
  ],
  [
    /^More than (\d+)% of the (\d+) database connections have been in use for (\d+) minutes\.$/,
    (share, all, minutes) => ({
      MetricName: 'DatabaseConnections',
      Statistic: 'Maximum',
      Threshold: (share * all) / 100,
      minutes,
    }),
  ],
  [
    /^The database has used more than (\d+) surplus CPU credits, for which AWS bills\.$/,
    (credits) => ({ MetricName: 'CPUSurplusCreditsCharged', Statistic: 'Maximum', Threshold: credits }),
  ],
  [
    /^The database CPU has been above (\d+)% for (\d+) minutes\.$/,
    (share, minutes) => ({ MetricName: 'CPUUtilization', Statistic: 'Average', Threshold: share, minutes }),
  ],
];

interface AlarmProperties extends Omit<Stated, 'minutes' | 'ComparisonOperator'> {
  AlarmDescription: string;
  ComparisonOperator: string;
  EvaluationPeriods: number;
  DatapointsToAlarm?: number;
  Period: number;
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
      'ErasureFailed',
      'InstrumentsFailed',
      'MessagesNotDelivered',
      'MessagesUndelivered',
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

  test.each([...alarms, ...alarmsOf(scale)].map((alarm) => [alarm.id, alarm] as const))(
    '%s is raised exactly by what its text says',
    (_, alarm) => {
      const [text = ''] = alarm.AlarmDescription.split(' What to do: ');
      const [pattern, read] = defined(
        STATEMENTS.find(([known]) => known.test(text)),
        `statement for "${text}"`,
      );
      const { minutes, ...stated } = read(...(pattern.exec(text)?.slice(1).map(Number) ?? []));
      expect(alarm).toMatchObject({ ComparisonOperator: 'GreaterThanThreshold', Threshold: 0, ...stated });
      expect(alarm).not.toHaveProperty('DatapointsToAlarm');
      if (minutes === undefined) expect(alarm.EvaluationPeriods).toBe(1);
      else expect(alarm.EvaluationPeriods * alarm.Period).toBe(minutes * 60);
    },
  );

  test.each([...alarms, ...alarmsOf(scale)].map((alarm) => [alarm.id, alarm] as const))(
    'the runbook entry of %s has the numbers of its text',
    (_, { AlarmDescription }) => {
      const [, text = '', entry = ''] = /^(.*) What to do: \S*#(.*)$/.exec(AlarmDescription) ?? [];
      const [, description = ''] = /\*\*Description\.\*\* ([\s\S]*?)\n\n/.exec(sectionOf(entry)) ?? [];
      const numbers = (words: string) => words.match(/\b\d+\b/g) ?? [];
      // "More than 0" needs no number.
      const stated = numbers(text).filter((number) => number !== '0');
      expect(numbers(description)).toEqual(expect.arrayContaining(stated));
    },
  );

  test('stay silent about a new database, whose balance of CPU credits is 0', () => {
    const { MetricName, TreatMissingData } = defined(
      alarms.find(({ id }) => id === 'DatabaseCredits'),
      'alarm of the credits',
    );
    // AWS counts here only the credits that it bills: those beyond what the instance earns in a day.
    expect(MetricName).toBe('CPUSurplusCreditsCharged');
    expect(TreatMissingData).toBe('notBreaching');
  });

  test.each([
    ['small', ops, 20],
    ['scale', scale, 100],
  ] as const)('warn of little storage in size %s where RDS extends it: at a tenth', (_, template, gib) => {
    const { Properties } = resource(template, 'AWS::CloudWatch::Alarm', 'DatabaseStorage');
    expect(Properties.Threshold).toBe((gib / 10) * GIB);
  });

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
    const ids = alarmsOf(scale).map(({ id }) => id);
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
