import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type Application, addStacks } from '../../lib/application.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lib/settings.ts';

const CDK_JSON = new URL('../../cdk.json', import.meta.url);

/**
 * An app with the feature flags of cdk.json. By default it bundles no functions.
 *
 * @param options.validates - apply the CDK's own rules; to load them takes longer than most tests
 */
export function newApp(
  context: Record<string, unknown> = { 'aws:cdk:bundling-stacks': [] },
  { outdir, validates = false }: { outdir?: string; validates?: boolean } = {},
): App {
  return new App({
    ...(outdir && { outdir }),
    context: { ...JSON.parse(readFileSync(CDK_JSON, 'utf8')).context, ...context },
    builtinCloudFormationValidation: validates,
    treeMetadata: false,
  });
}

/** The templates of an application with a managed database and retraining, by stack. */
export function synthesise(settings: Partial<Settings> = {}): Record<keyof Application, Template> {
  const { network, data, migration, pipeline, api, training, web, alerts, ops } = addStacks(newApp(), {
    ...DEFAULT_SETTINGS,
    retraining: 'on',
    ...settings,
  });
  if (!network || !training)
    throw new Error(
      'synthesise() supports only a managed database with retraining: call addStacks() for others',
    );
  return {
    network: Template.fromStack(network),
    data: Template.fromStack(data),
    migration: Template.fromStack(migration),
    pipeline: Template.fromStack(pipeline),
    api: Template.fromStack(api),
    training: Template.fromStack(training),
    web: Template.fromStack(web),
    alerts: Template.fromStack(alerts),
    ops: Template.fromStack(ops),
  };
}

/** The parts of a resource that these tests read. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** The resources of a type, by logical id. */
export function resources(template: Template, type: string): Record<string, Resource> {
  return template.findResources(type) as Record<string, Resource>;
}

/** The only resource of a type whose logical id has this prefix. */
export function resource(template: Template, type: string, idPrefix: string): Resource {
  const found = Object.entries(resources(template, type)).filter(([id]) => id.startsWith(idPrefix));
  const [only] = found;
  if (!only || found.length > 1)
    throw new Error(`expected one ${type} named ${idPrefix}*, found ${found.length}`);
  return only[1];
}
