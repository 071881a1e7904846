import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT, VALIDATION_REPORT_FILE } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { addStacks } from '../../lib/application.ts';
import { readSettings } from '../../lib/settings.ts';
import { SettingsError } from '../../lib/settings-context.ts';
import { ACKNOWLEDGEMENTS } from '../lib/acknowledgements.ts';
import { newApp } from '../lib/app.ts';
import { type Combinations, combine } from './combinations.ts';
import { excessesOf } from './service-limits.ts';
import { CHOICES, type Context } from './settings-values.ts';

/** A finding, and the settings of the first combination that has it. */
export interface Finding {
  readonly text: string;
  readonly context: Context;
}

interface Report {
  pluginReports: {
    violations: {
      ruleName: string;
      description: string;
      violatingConstructs: { constructPath: string }[];
    }[];
  }[];
}

/** Bundles no function, and writes findings to the report only: acknowledged ones would fail the synthesis too. */
const QUIETLY = { 'aws:cdk:bundling-stacks': [], [FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT]: false };

/** The settings that decide which stacks there are. */
const SHAPING = ['stage', 'size', 'database'];

/** Every combination of settings to check, and the pairs that the settings refuse. */
export function combinations(): Combinations {
  return combine(CHOICES, isPossible, SHAPING);
}

function isPossible(context: Context): boolean {
  try {
    readSettings(new App({ context }).node, 'eu-west-1');
    return true;
  } catch (error) {
    if (error instanceof SettingsError) return false;
    throw error;
  }
}

/**
 * Synthesises the stacks of a combination with the CDK's own validation and with cdk-nag, and adds each template that no
 * earlier combination had to a folder.
 *
 * @param templates - the folder of the distinct templates
 * @param seen - hashes of the templates in that folder; this function adds to it
 * @returns findings that nothing acknowledges
 */
export function synthesise(context: Context, templates: string, seen: Set<string>): Finding[] {
  const outdir = mkdtempSync(join(tmpdir(), 'boursomatic-variant-'));
  try {
    const app = newApp({ ...QUIETLY, ...context }, { outdir, validates: true });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    addStacks(app, readSettings(app.node, 'eu-west-1'));
    app.synth();
    const findings = findingsIn(join(outdir, VALIDATION_REPORT_FILE));
    for (const name of readdirSync(outdir).filter((file) => file.endsWith('.template.json'))) {
      const text = readFileSync(join(outdir, name), 'utf8');
      const hash = createHash('sha256').update(withoutNames(text)).digest('hex').slice(0, 12);
      if (seen.has(hash)) continue;
      seen.add(hash);
      writeFileSync(join(templates, name.replace('.template', `.${hash}.template`)), text);
      findings.push(...excessesOf(JSON.parse(text)).map((excess) => `${name}: ${excess}`));
    }
    return findings.map((text) => ({ text, context }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** A template without hashes, the name of its stage, and the names that the CDK derives from it. */
function withoutNames(template: string): string {
  return template
    .replaceAll(/[0-9a-f]{16,}/g, 'HASH')
    .replaceAll(/\w*boursomatic-?(?:dev|staging|prod)[\w-]*/g, 'NAME')
    .replaceAll(/\b(?:dev|staging|prod)\b/g, 'STAGE');
}

function findingsIn(path: string): string[] {
  const { pluginReports }: Report = JSON.parse(readFileSync(path, 'utf8'));
  return pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, description, violatingConstructs }) =>
      violatingConstructs
        .filter(({ constructPath }) => !isAcknowledged(ruleName, constructPath))
        .map(({ constructPath }) => `${ruleName} at ${constructPath}: ${description}`),
    ),
  );
}

const isAcknowledged = (ruleName: string, constructPath: string): boolean =>
  ACKNOWLEDGEMENTS.some(({ rule, path }) => rule.test(ruleName) && path.test(constructPath));
