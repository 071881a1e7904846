import { App } from 'aws-cdk-lib';
import { addStacks } from '../lib/application.ts';
import { assertPackagesFit } from '../lib/package-size.ts';
import { readSettings } from '../lib/settings.ts';
import { SettingsError } from '../lib/settings-context.ts';

const app = new App();
try {
  addStacks(app, readSettings(app.node));
  assertPackagesFit(app.synth().directory);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exit(2);
}
