import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Stage } from '../settings.ts';

/** Shares of the budget, in percent, at which somebody is told: of what has been spent, and of what is forecast. */
const THRESHOLDS = [
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'FORECASTED', threshold: 100 },
];

/**
 * A monthly budget of what bears the stage's tag. The tag counts once it is activated for cost allocation in the
 * account's billing settings, which docs/operations.md asks for.
 */
export function addBudget(scope: Construct, dollars: number, stage: Stage, topic: ITopic): void {
  new CfnBudget(scope, 'Budget', {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: dollars, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:stage$${stage}`] },
    },
    notificationsWithSubscribers: THRESHOLDS.map((rule) => ({
      notification: { ...rule, comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE' },
      subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
    })),
  });
}
