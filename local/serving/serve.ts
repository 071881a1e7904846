import { handler as account } from '../../functions/api/account.lambda.ts';
import { selectRunStarter } from '../../functions/api/admin/selected-run-starter.ts';
import { handler as admin } from '../../functions/api/admin.lambda.ts';
import { handler as auth } from '../../functions/api/auth.lambda.ts';
import type { Group } from '../../functions/api/core/groups.ts';
import { handler as market } from '../../functions/api/market.lambda.ts';
import { handler as recommendations } from '../../functions/api/recommendations.lambda.ts';
import { localRunStarter } from '../pipeline/run-starter.ts';
import { type GatewayHandler, startGateway } from './gateway.ts';
import type { Page } from './page.ts';

/** The API on this machine. */
export interface Service {
  url: string;
  /** Lets requests through; until then they are told to come back. */
  open(): void;
  close(): Promise<void>;
}

const HANDLERS: Record<Group, GatewayHandler> = { auth, account, recommendations, market, admin };

const NOT_YET = {
  statusCode: 503,
  headers: { 'content-type': 'application/problem+json', 'retry-after': '5' },
  body: JSON.stringify({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail: 'The pipeline is still running. Try again in a few seconds.',
  }),
};

/**
 * Takes the port and serves the API once {@link Service.open} is called.
 *
 * @param port - 0 for any free one
 * @param page - serves what is not the API's
 * @throws BoursomaticError if the port is in use
 */
export async function serve(port: number, page?: Page): Promise<Service> {
  let isOpen = false;
  const guarded = Object.entries(HANDLERS).map(([name, handler]) => {
    const guard: GatewayHandler = async (event, context) => (isOpen ? handler(event, context) : NOT_YET);
    return [name, guard];
  });
  const gateway = await startGateway({
    port,
    handlers: Object.fromEntries(guarded),
    ...(page && { fallback: page }),
  });
  const starter = localRunStarter();
  selectRunStarter(starter);
  return {
    url: gateway.url,
    open: () => {
      isOpen = true;
    },
    close: async () => {
      await gateway.close();
      // Whoever closes the database next must not pull it away from a run.
      await starter.settled();
    },
  };
}
