import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** The runbook: it has an entry for every alarm. */
const RUNBOOK = 'docs/operations.md';

/** The condition of an alarm and the text that it sends. */
export interface AlarmRule {
  readonly metric: IMetric;
  /** The event in one sentence. */
  readonly description: string;
  /** The anchor of the entry's heading in {@link RUNBOOK}. */
  readonly entry: string;
  readonly threshold: number;
  /** Alarms below the threshold instead of above it. */
  readonly below?: boolean;
  /** Consecutive periods beyond the threshold; defaults to 1. */
  readonly periods?: number;
  /** Treats missing data as a breach; by default missing data does not breach. */
  readonly missing?: 'breaching';
}

/** Creates alarms that notify one topic and link to their entry in the runbook. */
export class Alarms {
  readonly #scope: Construct;
  readonly #action: SnsAction;
  readonly all: Alarm[] = [];

  constructor(scope: Construct, topic: ITopic) {
    this.#scope = scope;
    this.#action = new SnsAction(topic);
  }

  add(id: string, { metric, description, entry, threshold, below, periods, missing }: AlarmRule): void {
    const alarm = new Alarm(this.#scope, id, {
      alarmDescription: `${description} What to do: ${RUNBOOK}#${entry}`,
      metric,
      threshold,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods ?? 1,
      treatMissingData: missing ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.#action);
    this.all.push(alarm);
  }

  /**
   * Adds an alarm for each way in which an execution can fail. An alarm on the sum of the three metrics would be
   * billed as three alarms.
   */
  addRunAlarms(name: string, stateMachine: StateMachine, entry: string): void {
    const period = Duration.minutes(5);
    const failures = {
      Failed: { metric: stateMachine.metricFailed({ period }), verb: 'failed' },
      TimedOut: { metric: stateMachine.metricTimedOut({ period }), verb: 'timed out' },
      Aborted: { metric: stateMachine.metricAborted({ period }), verb: 'was stopped' },
    };
    for (const [failure, { metric, verb }] of Object.entries(failures))
      this.add(`${name}${failure}`, { metric, description: `${name} ${verb}.`, entry, threshold: 0 });
  }
}
