import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import { addBudget } from '../constructs/budget.ts';
import { addDatabaseAlarms } from '../constructs/database-alarms.ts';
import type { FunctionPlacement } from '../constructs/placement.ts';
import { Watch } from '../constructs/watch.ts';
import type { Settings } from '../settings.ts';
import type { AlertsStack } from './alerts.ts';
import type { ApiStack } from './api.ts';
import type { DataStack } from './data.ts';
import type { PipelineStack } from './pipeline.ts';
import type { TrainingStack } from './training.ts';

export interface OpsStackProps extends StackProps {
  readonly settings: Settings;
  readonly placement: FunctionPlacement;
  readonly data: DataStack;
  readonly pipeline: PipelineStack;
  readonly api: ApiStack;
  readonly alerts: AlertsStack;
  readonly training?: TrainingStack;
}

/** Limits of the alarms, as their texts state them. */
const LIMITS = {
  runHours: 26,
  silentHours: 2,
  failedPercent: 10,
  staleHours: 48,
  undeliveredMinutes: 60,
  errors: 5,
  slowSeconds: 3,
};

/** Monitoring for operators: dashboard, alarms with their topic, and budget. No other stack depends on it. */
export class OpsStack extends Stack {
  /** The topic of the alarms, to which an operator subscribes. */
  readonly alarmTopic: Topic;

  constructor(scope: Construct, id: string, props: OpsStackProps) {
    const { settings, placement, data, pipeline, api, alerts: delivery, training, ...rest } = props;
    super(scope, id, { description: 'Boursomatic: dashboard, alarms and budget', ...rest });

    this.alarmTopic = this.#topic(settings);
    const alarms = new Alarms(this, this.alarmTopic);
    const watch = new Watch(this, 'Watch', {
      login: data.secrets.pipeline,
      placement,
      stage: settings.stage,
      // A queue of its own would need an alarm of its own.
      deadLetters: pipeline.deadLetters,
    });

    alarms.addRunAlarms('Run', pipeline.stateMachine, 'run-failed');
    if (training) alarms.addRunAlarms('Retraining', training.stateMachine, 'retraining-failed');
    alarms.add('NoRun', {
      metric: watch.metric('hoursSinceRun'),
      description: `No daily run has published for ${LIMITS.runHours} weekday hours, or the watch function has not reported for ${LIMITS.silentHours} hours.`,
      entry: 'no-run',
      threshold: LIMITS.runHours,
      periods: LIMITS.silentHours,
      missing: 'breaching',
    });
    alarms.add('InstrumentsFailed', {
      metric: watch.metric('failedShare'),
      description: `More than ${LIMITS.failedPercent}% of the instruments failed in the last daily run.`,
      entry: 'instruments-failed',
      threshold: LIMITS.failedPercent / 100,
    });
    alarms.add('RecommendationsStale', {
      metric: watch.metric('recommendationAge'),
      description: `The active recommendations are older than ${LIMITS.staleHours} weekday hours.`,
      entry: 'recommendations-stale',
      threshold: LIMITS.staleHours,
    });
    alarms.add('ErasureFailed', {
      metric: watch.metric('erasureFailed'),
      description: 'The last run could not erase the personal data of deleted accounts.',
      entry: 'erasure-failed',
      threshold: 0,
    });
    alarms.add('MessagesUndelivered', {
      metric: watch.metric('undeliveredMinutes'),
      description: `No message has reached a user for ${LIMITS.undeliveredMinutes} minutes, although some are due.`,
      entry: 'messages-undelivered',
      threshold: LIMITS.undeliveredMinutes,
    });
    for (const [name, part] of Object.entries({
      Run: pipeline,
      Retraining: training,
      Api: api,
      Messages: delivery,
    })) {
      if (!part) continue;
      alarms.add(`${name}NotDelivered`, {
        metric: part.deadLetters.metricApproximateNumberOfMessagesVisible(),
        description: `${name}: a scheduled start or an event failed in every attempt.`,
        entry: 'not-delivered',
        threshold: 0,
      });
    }
    const period = Duration.minutes(5);
    const serverErrors = api.api.metricServerError({ period, statistic: 'Sum' });
    const slowest = api.api.metricLatency({ period, statistic: 'p99' });
    alarms.add('ApiErrors', {
      metric: serverErrors,
      description: `The API returned more than ${LIMITS.errors} server errors in ${period.toMinutes()} minutes.`,
      entry: 'api-errors',
      threshold: LIMITS.errors,
    });
    alarms.add('ApiSlow', {
      metric: slowest,
      description: `The slowest 1% of API requests have taken longer than ${LIMITS.slowSeconds} seconds for 15 minutes.`,
      entry: 'api-slow',
      threshold: LIMITS.slowSeconds * 1000,
      periods: 3,
    });
    const databaseMetrics = data.database ? addDatabaseAlarms(alarms, data.database, settings.size) : [];
    if (settings.budget !== undefined) addBudget(this, settings.budget, settings.stage, this.alarmTopic);

    const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 12 });
    new Dashboard(this, 'Dashboard', {
      dashboardName: `boursomatic-${settings.stage}`,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: alarms.all, width: 24, height: 4 })],
        [
          graph(
            'Runs',
            pipeline.stateMachine.metricSucceeded({ period: Duration.hours(1) }),
            pipeline.stateMachine.metricFailed({ period: Duration.hours(1) }),
          ),
          graph(
            'Hours since the last run, age of recommendations',
            watch.metric('hoursSinceRun'),
            watch.metric('recommendationAge'),
          ),
        ],
        [graph('Requests', api.api.metricCount({ period }), serverErrors), graph('Latency, p99', slowest)],
        databaseMetrics.map(({ label, metric }) => graph(label, metric)),
      ],
    });
    new CfnOutput(this, 'AlarmTopicArn', {
      value: this.alarmTopic.topicArn,
      description: 'Topic of the alarms and the budget',
    });
  }

  #topic({ alarmEmail }: Settings): Topic {
    const topic = new Topic(this, 'Alarms', { displayName: 'Boursomatic alarms', enforceSSL: true });
    for (const service of ['cloudwatch', 'budgets']) {
      topic.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
          actions: ['sns:Publish'],
          resources: [topic.topicArn],
          // Accepts only this account's alarms and budgets.
          conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
        }),
      );
    }
    if (alarmEmail) topic.addSubscription(new EmailSubscription(alarmEmail));
    return topic;
  }
}
