import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { addStacks } from '../../lib/application.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lib/settings.ts';
import { ACKNOWLEDGEMENTS } from './acknowledgements.ts';
import { newApp } from './app.ts';

interface Finding {
  rule: string;
  path: string;
}

interface Report {
  pluginReports: {
    violations: { ruleName: string; violatingConstructs: { constructPath: string }[] }[];
  }[];
}

/** The findings of cdk-nag in an app with these stacks. */
function findings(settings: Partial<Settings>, add: (app: App) => void = () => {}): Finding[] {
  const outdir = mkdtempSync(join(tmpdir(), 'boursomatic-nag-'));
  try {
    const app = newApp(undefined, { outdir });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    addStacks(app, { ...DEFAULT_SETTINGS, ...settings });
    add(app);
    // Synthesis fails on findings; the report lists them.
    expect(() => app.synth()).toThrow();
    const report: Report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    return report.pluginReports.flatMap(({ violations }) =>
      violations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => ({ rule: ruleName, path: constructPath })),
      ),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const acknowledgementsOf = ({ rule, path }: Finding) =>
  ACKNOWLEDGEMENTS.filter((accepted) => accepted.rule.test(rule) && accepted.path.test(path));

const small = findings({ retraining: 'on', alertsFrom: 'alerts@example.com' });
const scale = findings({ stage: 'prod', size: 'scale', proxy: 'on', replica: 'on' });

test.each([
  ['small', small],
  ['scale', scale],
])('AwsSolutions finds nothing in size %s without an acknowledgement', (_, found) => {
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter((finding) => acknowledgementsOf(finding).length === 0)).toEqual([]);
});

test('every acknowledgement matches a finding and has a reason', () => {
  const used = new Set([...small, ...scale].flatMap(acknowledgementsOf));
  expect(ACKNOWLEDGEMENTS.filter((one) => !used.has(one))).toEqual([]);
  for (const { reason } of ACKNOWLEDGEMENTS) expect(reason.length).toBeGreaterThan(20);
});

test('AwsSolutions reports a new bucket without encryption and logs', () => {
  const found = findings({}, (app) => new Bucket(app.node.findChild('boursomatic-dev-data'), 'Careless'));
  expect(found.filter((finding) => acknowledgementsOf(finding).length === 0).map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(['AwsSolutions-S1', 'AwsSolutions-S10']),
  );
});
