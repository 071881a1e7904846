import { setTimeout } from 'node:timers/promises';
import { handler as account } from '../../functions/api/account.lambda.ts';
import { handler as admin } from '../../functions/api/admin.lambda.ts';
import { handler as auth } from '../../functions/api/auth.lambda.ts';
import type { ApiFunctionName } from '../../functions/api/core/groups.ts';
import type { ApiResponse } from '../../functions/api/core/http.ts';
import { handler as market } from '../../functions/api/market.lambda.ts';
import { handler as mcp } from '../../functions/api/mcp.lambda.ts';
import { handler as recommendations } from '../../functions/api/recommendations.lambda.ts';
import { handler as replay } from '../../functions/api/replay.lambda.ts';
import { type GatewayHandler, startGateway } from './gateway.ts';
import type { Page } from './page.ts';
import type { Reach } from './reach.ts';

/** The API and the page on this machine. */
export interface Service {
  url: string;
  /** Accepts requests from now on; before, the API answers 503 with Retry-After. */
  open(): void;
  close(): Promise<void>;
}

/** Where to listen, and how clients get there. */
export interface Place extends Partial<Reach> {
  /** 0 takes a free port. */
  port: number;
}

/** How long a refusal with 429 or 503 waits, give or take half, so that many clients do not come back together. */
const REFUSAL_PAUSE_MS = 500;

const HANDLERS: Record<ApiFunctionName, GatewayHandler> = {
  auth,
  account,
  recommendations,
  replay,
  market,
  admin,
  mcp,
};

const NOT_READY = {
  statusCode: 503,
  headers: { 'content-type': 'application/problem+json', 'retry-after': '5' },
  body: JSON.stringify({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail: 'The service is starting. Try again in a few seconds.',
  }),
};

/**
 * Listens on the port, and serves the API after {@link Service.open} is called.
 *
 * @param place - without an address, it listens on the loopback address
 * @param page - answers paths that are not the API's; requests wait until it is there
 * @throws BoursomaticError if the port is in use or reserved for root
 * @throws BadInputError if this machine does not have the address
 */
export async function serve(
  { port, host, publicUrls, proxies }: Place,
  page?: Promise<Page | undefined>,
): Promise<Service> {
  let isOpen = false;
  const guarded = Object.entries(HANDLERS).map(([name, handler]) => {
    const guard: GatewayHandler = async (event, context) =>
      isOpen ? pausing(await handler(event, context)) : NOT_READY;
    return [name, guard];
  });
  const gateway = await startGateway({
    port,
    host,
    hosts: publicUrls?.map(({ hostname }) => hostname),
    proxies,
    handlers: Object.fromEntries(guarded),
    ...(page && { fallback: async (request, response) => (await page)?.(request, response) ?? false }),
  });
  return {
    url: gateway.url,
    open: () => {
      isOpen = true;
    },
    close: () => gateway.close(),
  };
}

/** Holds back a refusal for a moment, so that a client that repeats it at once cannot take the service's time. */
async function pausing(answer: unknown): Promise<unknown> {
  const { statusCode } = answer as ApiResponse;
  if (statusCode === 429 || statusCode === 503) await setTimeout(REFUSAL_PAUSE_MS * (0.5 + Math.random()));
  return answer;
}
