import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type Application, addStacks } from '../../lib/application.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lib/settings.ts';

const CDK_JSON = new URL('../../cdk.json', import.meta.url);

/** An app with the feature flags of cdk.json, which bundles nothing unless told to. */
export function newApp(
  context: Record<string, unknown> = { 'aws:cdk:bundling-stacks': [] },
  outdir?: string,
): App {
  return new App({
    ...(outdir && { outdir }),
    context: { ...JSON.parse(readFileSync(CDK_JSON, 'utf8')).context, ...context },
    // Loading its rules takes longer than all of these tests; every `cdk synth` applies them.
    builtinCloudFormationValidation: false,
  });
}

/** The templates of a whole application, by stack. */
export function synthesise(settings: Partial<Settings> = {}): Record<keyof Application, Template> {
  const { network, data, migration, pipeline, api, training, web, ops } = addStacks(newApp(), {
    ...DEFAULT_SETTINGS,
    ...settings,
  });
  if (!network || !training) throw new Error('an external database: take addStacks itself');
  return {
    network: Template.fromStack(network),
    data: Template.fromStack(data),
    migration: Template.fromStack(migration),
    pipeline: Template.fromStack(pipeline),
    api: Template.fromStack(api),
    training: Template.fromStack(training),
    web: Template.fromStack(web),
    ops: Template.fromStack(ops),
  };
}

/** A resource of a template, as far as these tests look into it. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** The resources of a type, by logical id. */
export function resources(template: Template, type: string): Record<string, Resource> {
  return template.findResources(type) as Record<string, Resource>;
}

/** The only resource of a type whose logical id starts so. */
export function resource(template: Template, type: string, idPrefix: string): Resource {
  const found = Object.entries(resources(template, type)).filter(([id]) => id.startsWith(idPrefix));
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} resources ${type} named ${idPrefix}*`);
  return only[1];
}
