import { GetRegionOptStatusCommand } from '@aws-sdk/client-account';
import { ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { instrumentsOfRun } from '../../functions/ingest/plan/allowance.ts';
import { readNames } from '../../functions/ingest/providers/choice.ts';
import { allowanceOf, vendorsOf } from '../../functions/ingest/providers/descriptor.ts';
import { PROVIDERS } from '../../functions/ingest/providers/registry.ts';
import { variablesOf } from '../../functions/ingest/providers/variables.ts';
import { ENV } from '../../functions/shared/constants.ts';
import { ConfigurationError } from '../../functions/shared/errors.ts';
import type { AccountPlan } from './account-plan.ts';
import type { Clients } from './clients.ts';
import { call, type Finding } from './findings.ts';
import { resourcesOf, type Target } from './target.ts';

/** The default qualifier of the CDK's bootstrap stack. */
const BOOTSTRAP_VERSION = '/cdk-bootstrap/hnb659fds/version';

const NO_CREDENTIALS =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken(Exception)?|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch)$/;

/**
 * Reads whose credentials these are.
 *
 * @throws ConfigurationError if there are none, or AWS does not accept them: no other check would work
 */
export async function checkIdentity({ sts }: Clients, region: string): Promise<Finding[]> {
  try {
    const { Account, Arn } = await call('sts:GetCallerIdentity', () =>
      sts.send(new GetCallerIdentityCommand({})),
    );
    return [{ check: 'Account', verdict: 'ok', answer: `${Account} in ${region}, as ${Arn}` }];
  } catch (error) {
    if (!(error instanceof Error) || !NO_CREDENTIALS.test(error.name)) throw error;
    throw new ConfigurationError(
      `AWS does not accept the credentials of the environment (${error.name}): log in, for example with aws sso login, and set AWS_PROFILE`,
      { cause: error },
    );
  }
}

/** Reads whether the account has enabled the region. */
export async function checkRegion({ account }: Clients, region: string): Promise<Finding[]> {
  const { RegionOptStatus: status } = await call('account:GetRegionOptStatus', () =>
    account.send(new GetRegionOptStatusCommand({ RegionName: region })),
  );
  const check = 'Region';
  if (status === 'ENABLED' || status === 'ENABLED_BY_DEFAULT')
    return [{ check, verdict: 'ok', answer: `${region} is enabled` }];
  return [
    {
      check,
      verdict: 'problem',
      answer: `${region} is ${String(status).toLowerCase()}`,
      remedy: `Run aws account enable-region --region-name ${region}, and wait some minutes.`,
    },
  ];
}

/** Reads whether the CDK may deploy to the region. */
export async function checkBootstrap({ ssm }: Clients, { stacks, region }: Target): Promise<Finding[]> {
  const check = 'CDK bootstrap';
  const needed = Math.max(...stacks.map(({ bootstrapVersion }) => bootstrapVersion));
  const remedy = `Run AWS_REGION=${region} npx cdk bootstrap.`;
  try {
    const { Parameter } = await call('ssm:GetParameter', () =>
      ssm.send(new GetParameterCommand({ Name: BOOTSTRAP_VERSION })),
    );
    const version = Number(Parameter?.Value);
    if (version >= needed) return [{ check, verdict: 'ok', answer: `version ${version}` }];
    return [{ check, verdict: 'problem', answer: `version ${version}, and ${needed} is needed`, remedy }];
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ParameterNotFound') throw error;
    return [{ check, verdict: 'problem', answer: `${region} has no CDK bootstrap stack`, remedy }];
  }
}

/** Warns if the account has no distribution: AWS has no operation that says whether an account may use CloudFront. */
export async function checkCloudFront({ cloudFront }: Clients, { stacks }: Target): Promise<Finding[]> {
  const check = 'CloudFront';
  if (resourcesOf(stacks, 'AWS::CloudFront::Distribution').length === 0) return [];
  const { DistributionList } = await call('cloudfront:ListDistributions', () =>
    cloudFront.send(new ListDistributionsCommand({ MaxItems: 1 })),
  );
  if ((DistributionList?.Quantity ?? 0) > 0)
    return [{ check, verdict: 'ok', answer: 'the account has distributions, so it may add another' }];
  return [
    {
      check,
      verdict: 'note',
      answer:
        'the account has no distribution yet; AWS refuses the first one of an account that it has not verified, and offers no way to check this beforehand',
      remedy:
        'If the web stack fails with "Your account must be verified", open a case with AWS Support under Account and billing, and deploy again afterwards.',
    },
  ];
}

/** Compares the plan of the account with the settings. */
export function checkPlan(plan: AccountPlan | undefined, { stacks }: Target): Finding[] {
  const check = 'Account plan';
  if (plan?.accountPlanType !== 'FREE')
    return [
      {
        check,
        verdict: 'ok',
        answer: plan ? 'paid' : 'the account has no plan, so the limits of the free plan do not apply',
      },
    ];
  const ends = plan.accountPlanExpirationDate?.slice(0, 10);
  const findings: Finding[] = [
    {
      check,
      verdict: 'note',
      answer: `free; it ends${ends === undefined ? '' : ` on ${ends},`} or with its credits, and AWS then closes the account`,
      remedy: 'Upgrade to the paid plan before others rely on the service: Billing, Account plan.',
    },
  ];
  const upgrade = 'or upgrade to the paid plan';
  for (const { Properties } of resourcesOf(stacks, 'AWS::RDS::DBInstance')) {
    const { BackupRetentionPeriod: days, DBInstanceClass } = Properties;
    if (Number(days) > 1) {
      findings.push({
        check,
        verdict: 'problem',
        answer: `the free plan keeps backups for one day, and these settings request ${String(days)}: RDS answers FreeTierRestrictionError`,
        remedy: `Set "backupDays": 1, ${upgrade}.`,
      });
    }
    if (!String(DBInstanceClass).endsWith('.micro')) {
      findings.push({
        check,
        verdict: 'problem',
        answer: `the free plan has no ${String(DBInstanceClass)}`,
        remedy: `Set "size": "small", ${upgrade}.`,
      });
    }
  }
  return findings;
}

/** Checks that the secrets exist that the operator has to create. */
export async function checkSecrets({ secrets }: Clients, { settings, region }: Target): Promise<Finding[]> {
  const names = [...variablesOf(vendorsOf(PROVIDERS))].flatMap(([name, { holds }]) => {
    const value = settings.providerVariables[name];
    return holds === 'secret' && value !== undefined ? [value] : [];
  });
  if (settings.databaseSecret !== undefined) names.push(settings.databaseSecret);
  const check = 'Secrets';
  const findings: Finding[] = [];
  for (const name of names) {
    try {
      await call('secretsmanager:DescribeSecret', () =>
        secrets.send(new DescribeSecretCommand({ SecretId: name })),
      );
      findings.push({ check, verdict: 'ok', answer: `${name} exists` });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
      findings.push({
        check,
        verdict: 'problem',
        answer: `there is no secret ${name} in ${region}`,
        remedy: 'Create it in Secrets Manager (docs/operations.md, "Deploy").',
      });
    }
  }
  return findings;
}

/** Says how many instruments the vendor of a stage serves in a run, if its plan limits them. */
export function checkAllowance({ settings }: Target): Finding[] {
  const allowance = allowanceOf(readNames({ [ENV.provider]: settings.provider }));
  if (!allowance) return [];
  const { title, requestsPerHour } = allowance;
  const perRun = instrumentsOfRun(allowance);
  return [
    {
      check: 'Provider',
      verdict: 'note',
      answer: `${title}'s free plan serves ${requestsPerHour} requests an hour, so a run requests ${perRun} instruments`,
      remedy: `If you follow more, each gets new bars only every few runs: add a vendor, as in "provider": "${settings.provider},yahoo".`,
    },
  ];
}
