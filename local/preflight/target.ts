import type { Settings } from '../../lib/settings.ts';
import type { Resource, SynthesisedStack } from '../../lib/templates.ts';

/** What is about to be deployed, and where. */
export interface Target {
  readonly settings: Settings;
  readonly region: string;
  readonly stacks: readonly SynthesisedStack[];
}

/** All resources of a type in the stacks. */
export function resourcesOf(stacks: readonly Pick<SynthesisedStack, 'template'>[], type: string): Resource[] {
  return stacks
    .flatMap(({ template }) => Object.values(template.Resources ?? {}))
    .filter(({ Type }) => Type === type);
}

/** The concurrent executions that the functions of some stacks reserve. */
export function reservedConcurrency(stacks: readonly Pick<SynthesisedStack, 'template'>[]): number {
  return resourcesOf(stacks, 'AWS::Lambda::Function').reduce(
    (sum, { Properties }) => sum + Number(Properties.ReservedConcurrentExecutions ?? 0),
    0,
  );
}
