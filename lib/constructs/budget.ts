import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Stage } from '../settings.ts';

/** Percentages of the budget at which it notifies: of actual and of forecast spending. */
const THRESHOLDS = [
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'FORECASTED', threshold: 100 },
];

/**
 * A monthly budget for resources with the stage's tag. AWS counts a tag only after somebody activates it as a cost
 * allocation tag, as docs/operations.md describes.
 */
export function addBudget(scope: Construct, dollars: number, stage: Stage, topic: ITopic): void {
  const budget = new CfnBudget(scope, 'Budget', {
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
  // AWS may check whether the budget may publish to the topic.
  budget.node.addDependency(topic);
}
