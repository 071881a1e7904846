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
  readonly training?: TrainingStack;
}

/** What an operator looks at and is told: dashboard, alarms and their topic, budget. No other stack needs this one. */
export class OpsStack extends Stack {
  /** Where alarms go; an operator subscribes to it. */
  readonly alarmTopic: Topic;

  constructor(scope: Construct, id: string, props: OpsStackProps) {
    const { settings, placement, data, pipeline, api, training, ...rest } = props;
    super(scope, id, { description: 'Boursomatic: dashboard, alarms and budget', ...rest });

    this.alarmTopic = this.#topic(settings);
    const alarms = new Alarms(this, this.alarmTopic);
    const watch = new Watch(this, 'Watch', {
      login: data.secrets.pipeline,
      placement,
      stage: settings.stage,
    });

    alarms.addRunAlarms('Run', pipeline.stateMachine, 'run-failed');
    if (training) alarms.addRunAlarms('Retraining', training.stateMachine, 'retraining-failed');
    alarms.add('NoRun', {
      metric: watch.metric('hoursSinceRun'),
      says: 'No daily run has succeeded for 26 hours of weekdays, or nothing can tell.',
      entry: 'no-run',
      threshold: 26,
      periods: 2,
      missing: 'breaching',
    });
    alarms.add('InstrumentsFailed', {
      metric: watch.metric('failedShare'),
      says: 'More than a tenth of the instruments of the last daily run failed.',
      entry: 'instruments-failed',
      threshold: 0.1,
    });
    alarms.add('RecommendationsStale', {
      metric: watch.metric('recommendationAge'),
      says: 'The active recommendations are older than two days of the week.',
      entry: 'recommendations-stale',
      threshold: 48,
    });
    for (const [name, queue] of Object.entries({ Run: pipeline, Retraining: training })) {
      if (!queue) continue;
      alarms.add(`${name}NotStarted`, {
        metric: queue.deadLetters.metricApproximateNumberOfMessagesVisible(),
        says: `${name}: a schedule could not start it.`,
        entry: 'not-started',
        threshold: 0,
      });
    }
    const period = Duration.minutes(5);
    const serverErrors = api.api.metricServerError({ period, statistic: 'Sum' });
    const slowest = api.api.metricLatency({ period, statistic: 'p99' });
    alarms.add('ApiErrors', {
      metric: serverErrors,
      says: 'The API answered with errors of its own.',
      entry: 'api-errors',
      threshold: 5,
    });
    alarms.add('ApiSlow', {
      metric: slowest,
      says: 'One request in a hundred takes longer than three seconds.',
      entry: 'api-slow',
      threshold: 3000,
      periods: 3,
    });
    alarms.add('KeysNotRenewed', {
      metric: api.renewal.metricErrors({ period: Duration.hours(1) }),
      says: 'The keys that sign access tokens could not be brought up to date.',
      entry: 'keys-not-renewed',
      threshold: 0,
    });
    const ofDatabase = data.database ? addDatabaseAlarms(alarms, data.database, settings.size) : [];
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
          graph('Hours', watch.metric('hoursSinceRun'), watch.metric('recommendationAge')),
        ],
        [graph('Requests', api.api.metricCount({ period }), serverErrors), graph('Latency, p99', slowest)],
        ...(ofDatabase.length > 0
          ? [[...ofDatabase.map((metric) => graph(metric.label, metric.metric))]]
          : []),
      ],
    });
    new CfnOutput(this, 'AlarmTopicArn', { value: this.alarmTopic.topicArn });
  }

  #topic({ alarmEmail }: Settings): Topic {
    const topic = new Topic(this, 'Alarms', { displayName: 'Boursomatic alarms', enforceSSL: true });
    for (const service of ['cloudwatch', 'budgets']) {
      topic.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
          actions: ['sns:Publish'],
          resources: [topic.topicArn],
          // Only this account's alarms and budgets.
          conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
        }),
      );
    }
    if (alarmEmail) topic.addSubscription(new EmailSubscription(alarmEmail));
    return topic;
  }
}
