import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';

/** The parts of a template's resource that other programs read. */
export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

/** The parts of a template that other programs read. */
export interface Template {
  Resources?: Record<string, Resource>;
  Outputs?: Record<string, { Export?: { Name?: unknown } }>;
}

/** A synthesised stack. */
export interface SynthesisedStack {
  readonly name: string;
  readonly template: Template;
  /** The version of the CDK's bootstrap stack that the deployment needs. */
  readonly bootstrapVersion: number;
}

/** An app with the context of cdk.json that bundles nothing and validates nothing, so it synthesises in seconds. */
export function newBareApp(context: Record<string, unknown> = {}): App {
  const cdk = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  return new App({
    context: { ...cdk.context, 'aws:cdk:bundling-stacks': [], ...context },
    builtinCloudFormationValidation: false,
    treeMetadata: false,
  });
}

/** Synthesises an app's stacks, without an AWS account. */
export function synthesise(app: App): SynthesisedStack[] {
  return app.synth().stacks.map(({ stackName, template, requiresBootstrapStackVersion }) => ({
    name: stackName,
    template,
    bootstrapVersion: requiresBootstrapStackVersion ?? 0,
  }));
}
