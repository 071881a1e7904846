import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** What to do about an alarm is in this document, under a heading of the alarm's name. */
export const RUNBOOK = 'docs/operations.md';

/** When an alarm goes off, and what it says. */
export interface AlarmRule {
  readonly metric: IMetric;
  /** One sentence: what has happened. */
  readonly says: string;
  /** The heading in {@link RUNBOOK}, as an anchor. */
  readonly entry: string;
  readonly threshold: number;
  /** Whether too little is what is wrong; otherwise too much is. */
  readonly below?: boolean;
  /** Periods in a row; 1 where none is given. */
  readonly periods?: number;
  /** Whether no data at all is as bad; otherwise it is as good as any. */
  readonly missing?: 'breaching';
}

/** Makes alarms that tell one topic, each with its entry in the runbook. */
export class Alarms {
  readonly #scope: Construct;
  readonly #action: SnsAction;
  readonly all: Alarm[] = [];

  constructor(scope: Construct, topic: ITopic) {
    this.#scope = scope;
    this.#action = new SnsAction(topic);
  }

  add(id: string, { metric, says, entry, threshold, below, periods, missing }: AlarmRule): void {
    const alarm = new Alarm(this.#scope, id, {
      alarmDescription: `${says} What to do: ${RUNBOOK}#${entry}`,
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

  /** For every way in which an execution can end badly. An alarm each: their sum would be billed as three. */
  addRunAlarms(what: string, stateMachine: StateMachine, entry: string): void {
    const period = Duration.minutes(5);
    const ends = {
      Failed: { metric: stateMachine.metricFailed({ period }), how: 'failed' },
      TimedOut: { metric: stateMachine.metricTimedOut({ period }), how: 'took too long' },
      Aborted: { metric: stateMachine.metricAborted({ period }), how: 'was stopped' },
    };
    for (const [end, { metric, how }] of Object.entries(ends))
      this.add(`${what}${end}`, { metric, says: `${what} ${how}.`, entry, threshold: 0 });
  }
}
