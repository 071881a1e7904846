import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod';
import { Sha256 } from '../../functions/shared/sha256.ts';

/** The part of the answer that the preflight reads. */
const AccountPlan = z.object({
  accountPlanType: z.enum(['FREE', 'PAID']),
  accountPlanExpirationDate: z.string().optional(),
});
export type AccountPlan = z.output<typeof AccountPlan>;

/** The service has one endpoint for all regions. */
const ENDPOINT = 'https://freetier.us-east-1.api.aws';

const ErrorAnswer = z.object({ __type: z.string(), message: z.string().optional() });

/**
 * Reads the plan of the account. The request is signed here because the npm registry lacks AWS's client for this
 * service (docs/adr/0029).
 *
 * @param credentials - the provider of any AWS client
 * @returns undefined if the account has no plan, as those that existed before plans did
 * @throws Error with the service's error code as its name, if it has one
 */
export async function readAccountPlan(
  credentials: ConstructorParameters<typeof SignatureV4>[0]['credentials'],
  endpoint = process.env.AWS_ENDPOINT_URL_FREETIER ?? process.env.AWS_ENDPOINT_URL ?? ENDPOINT,
): Promise<AccountPlan | undefined> {
  const url = new URL('/', endpoint);
  const signer = new SignatureV4({ service: 'freetier', region: 'us-east-1', credentials, sha256: Sha256 });
  const { headers, body } = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: {
      host: url.host,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AWSFreeTierService.GetAccountPlanState',
    },
    body: '{}',
  });
  const { host: _setByFetch, ...sent } = headers;
  const send = () => fetch(url, { method: 'POST', headers: sent, body, signal: AbortSignal.timeout(10_000) });
  // Retry once after a broken connection; AWS's own clients make three attempts.
  const answer = await send().catch(send);
  // A proxy may answer instead of AWS, and not in JSON.
  const value: unknown = await answer.json().catch(() => undefined);
  const plan = AccountPlan.safeParse(value).data;
  if (answer.ok && plan) return plan;
  const { __type: type = '', message } = ErrorAnswer.safeParse(value).data ?? {};
  const name = type.replace(/^.*#/, '') || 'UnexpectedAnswer';
  if (name === 'ResourceNotFoundException') return undefined;
  throw Object.assign(new Error(message ?? `${url.host} responded ${answer.status} without a plan`), {
    name,
  });
}
