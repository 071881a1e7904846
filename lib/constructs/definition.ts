import { createHash } from 'node:crypto';
import { CfnResource, Lazy, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * A hash of the template of resources. CloudFormation replaces a resource, or generates a secret anew, only after such a
 * change. An export of the resource's own identity could not change while another stack imports it.
 */
export function definitionOf(constructs: readonly IConstruct[]): string {
  // The templates are complete only when the app is synthesised.
  return Lazy.uncachedString({
    produce: () => {
      const hash = createHash('sha256');
      for (const resource of constructs
        .flatMap((one) => one.node.findAll())
        .filter(CfnResource.isCfnResource))
        hash.update(JSON.stringify(Stack.of(resource).resolve(resource._toCloudFormation())));
      return hash.digest('hex').slice(0, 16);
    },
  });
}
