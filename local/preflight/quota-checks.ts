import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import type { Clients } from './clients.ts';
import type { DeployedStack } from './deployed.ts';
import { call, type Finding } from './findings.ts';
import { reservedConcurrency, resourcesOf, type Target } from './target.ts';

/** Lambda refuses reservations that leave fewer executions for all other functions of the account. */
const UNRESERVED = 100;

/** Lambda's quota outside new accounts. Service Quotas accepts no request for less. */
const USUAL_CONCURRENCY = 1000;

const CONCURRENCY = { service: 'lambda', code: 'L-B99A9384' };
const FARGATE_PROCESSORS = { service: 'fargate', code: 'L-3032A538' };

/**
 * Compares Lambda's quota with the reservations of the stacks. Reads the quota from Lambda itself: for a new account,
 * Service Quotas returns the usual quota, which does not apply yet.
 *
 * @param deployed - the stacks of the stage in the account; undefined if they could not be read
 */
export async function checkLambda(
  { lambda }: Clients,
  { stacks }: Target,
  deployed: readonly DeployedStack[] | undefined,
): Promise<Finding[]> {
  const check = 'Lambda concurrency';
  const reserved = reservedConcurrency(stacks);
  const { AccountLimit } = await call('lambda:GetAccountSettings', () =>
    lambda.send(new GetAccountSettingsCommand({})),
  );
  const limit = AccountLimit?.ConcurrentExecutions ?? 0;
  if (reserved === 0)
    return [{ check, verdict: 'ok', answer: `${limit} executions, and these settings reserve none` }];
  const allReserved = limit - (AccountLimit?.UnreservedConcurrentExecutions ?? limit);
  // Without the deployed stacks, the check cannot tell which of the reservations are theirs.
  const others = deployed ? Math.max(0, allReserved - reservedConcurrency(deployed)) : 0;
  const needed = reserved + UNRESERVED + others;
  const sum = `${reserved} reserved${others > 0 ? `, ${others} reserved by other functions` : ''}, and ${UNRESERVED} that Lambda keeps for all others`;
  if (limit >= needed)
    return [{ check, verdict: 'ok', answer: `${limit} executions; ${needed} needed: ${sum}` }];
  return [
    {
      check,
      verdict: 'problem',
      answer: `the account allows ${limit} concurrent executions, and ${needed} are needed: ${sum}`,
      remedy: `${requestOf(CONCURRENCY, Math.max(USUAL_CONCURRENCY, needed))} If Service Quotas refuses, open a case with AWS Support. Until then, set "concurrency": "account".`,
    },
  ];
}

/** Compares the quota of Fargate with the trainer. */
export async function checkFargate({ quotas }: Clients, { stacks }: Target): Promise<Finding[]> {
  const check = 'Fargate processors';
  const tasks = resourcesOf(stacks, 'AWS::ECS::TaskDefinition');
  if (tasks.length === 0) return [];
  const needed = Math.max(...tasks.map(({ Properties }) => Number(Properties.Cpu) / 1024));
  const limit = await readQuota(quotas, FARGATE_PROCESSORS);
  if (limit >= needed) return [{ check, verdict: 'ok', answer: `${limit}; the trainer needs ${needed}` }];
  return [
    {
      check,
      verdict: 'problem',
      answer: `the account allows ${limit} vCPU, and the trainer needs ${needed}`,
      remedy: requestOf(FARGATE_PROCESSORS, needed),
    },
  ];
}

async function readQuota(
  client: ServiceQuotasClient,
  { service, code }: typeof CONCURRENCY,
): Promise<number> {
  const quota = { ServiceCode: service, QuotaCode: code };
  try {
    const { Quota } = await call('servicequotas:GetServiceQuota', () =>
      client.send(new GetServiceQuotaCommand(quota)),
    );
    return Quota?.Value ?? 0;
  } catch (error) {
    // An account that never changed the quota has none of its own.
    if (!(error instanceof Error) || error.name !== 'NoSuchResourceException') throw error;
    const { Quota } = await call('servicequotas:GetAWSDefaultServiceQuota', () =>
      client.send(new GetAWSDefaultServiceQuotaCommand(quota)),
    );
    return Quota?.Value ?? 0;
  }
}

function requestOf({ service, code }: typeof CONCURRENCY, value: number): string {
  return `Request it, which is free: aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${value}`;
}
