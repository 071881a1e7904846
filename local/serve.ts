import { handler as health } from '../functions/api/health.lambda.ts';
import { handler as recommendations } from '../functions/api/recommendations.lambda.ts';
import type { RouteName } from '../functions/api/routes.ts';
import { type GatewayHandler, startGateway } from './gateway.ts';

/** The API on this machine. */
export interface Service {
  url: string;
  /** Lets requests through; until then they are told to come back. */
  open(): void;
  close(): Promise<void>;
}

const HANDLERS: Record<RouteName, GatewayHandler> = { recommendations, health };

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
 * @throws BoursomaticError if the port is in use
 */
export async function serve(port: number): Promise<Service> {
  let isOpen = false;
  const guarded = Object.entries(HANDLERS).map(([name, handler]) => {
    const guard: GatewayHandler = async (event, context) => (isOpen ? handler(event, context) : NOT_YET);
    return [name, guard];
  });
  const gateway = await startGateway({ port, handlers: Object.fromEntries(guarded) });
  return {
    url: gateway.url,
    open: () => {
      isOpen = true;
    },
    close: () => gateway.close(),
  };
}
