import { App } from 'aws-cdk-lib';
import { addStacks } from '../lib/application.ts';
import { assertPackagesFit } from '../lib/package-size.ts';
import { readSettings } from '../lib/settings.ts';
import { SettingsError } from '../lib/settings-context.ts';
import { describeOverrides, useStageFile } from '../lib/stage-file.ts';

const app = new App();
try {
  const overrides = useStageFile(app.node);
  const settings = readSettings(app.node);
  if (overrides.length > 0) console.error(describeOverrides(settings.stage, overrides));
  addStacks(app, settings);
  assertPackagesFit(app.synth().directory);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exit(2);
}
