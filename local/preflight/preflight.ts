import { BadInputError } from '../../functions/shared/errors.ts';
import { addStacks } from '../../lib/application.ts';
import { readSettings } from '../../lib/settings.ts';
import { SettingsError } from '../../lib/settings-context.ts';
import { type Override, useStageFile } from '../../lib/stage-file.ts';
import { newBareApp, synthesise } from '../../lib/templates.ts';
import {
  checkAllowance,
  checkBootstrap,
  checkCloudFront,
  checkIdentity,
  checkPlan,
  checkRegion,
  checkSecrets,
} from './account-checks.ts';
import { readAccountPlan } from './account-plan.ts';
import { compareStacks } from './changes.ts';
import type { Clients } from './clients.ts';
import { checkBackupCopies, checkInstances } from './database-checks.ts';
import { type DeployedStack, readDeployedDatabases, readDeployedStacks } from './deployed.ts';
import { call, type Finding, runCheck } from './findings.ts';
import { checkMail } from './mail-checks.ts';
import { checkFargate, checkLambda } from './quota-checks.ts';
import type { Target } from './target.ts';

/**
 * Synthesises a stage as `cdk deploy` would, without bundling.
 *
 * @param context - the values of `-c`, with the stage
 * @throws BadInputError naming the setting that is wrong
 */
export function makeTarget(
  context: Readonly<Record<string, string>>,
  region: string,
): { target: Target; overrides: Override[] } {
  try {
    const app = newBareApp(context);
    const overrides = useStageFile(app.node);
    const settings = readSettings(app.node, region);
    addStacks(app, settings);
    return { target: { settings, region, stacks: synthesise(app) }, overrides };
  } catch (error) {
    if (error instanceof SettingsError) throw new BadInputError(error.message, { cause: error });
    throw error;
  }
}

/** Runs every check in turn. A check that is not possible does not stop the others. */
export async function* preflight(target: Target, clients: Clients): AsyncGenerator<Finding> {
  const { stage } = target.settings;
  let deployed: DeployedStack[] | undefined;
  const steps: [name: string, work: () => Promise<Finding[]>][] = [
    ['Account', () => checkIdentity(clients, target.region)],
    ['Region', () => checkRegion(clients, target.region)],
    [
      'Changes',
      async () => {
        deployed = await readDeployedStacks(clients.cloudFormation, stage);
        const databases = await readDeployedDatabases(clients, deployed);
        return compareStacks({ stage, deployed, databases, planned: target.stacks });
      },
    ],
    ['CDK bootstrap', () => checkBootstrap(clients, target)],
    [
      'Account plan',
      async () => {
        const { credentials } = clients.sts.config;
        const plan = await call('freetier:GetAccountPlanState', () => readAccountPlan(credentials));
        return checkPlan(plan, target);
      },
    ],
    ['Lambda concurrency', () => checkLambda(clients, target, deployed)],
    ['Fargate processors', () => checkFargate(clients, target)],
    ['Database', () => checkInstances(clients, target)],
    ['Backup copies', () => checkBackupCopies(target)],
    ['Secrets', () => checkSecrets(clients, target)],
    ['E-mail', () => checkMail(clients, target)],
    ['Provider', async () => checkAllowance(target)],
    ['CloudFront', () => checkCloudFront(clients, target)],
  ];
  for (const [name, work] of steps) yield* await runCheck(name, work);
}
