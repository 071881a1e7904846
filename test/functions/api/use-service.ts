import { afterAll, beforeAll } from 'vitest';
import type { Reach } from '../../../local/serving/reach.ts';
import { type Service, serve } from '../../../local/serving/serve.ts';

/**
 * Serves the API on a local port during a file's tests. `useApi` sets its environment.
 *
 * @param reach - the proxies in front of it and their names
 */
export function useService(reach: Partial<Reach> = {}): Pick<Service, 'url'> {
  let service: Service;
  beforeAll(async () => {
    service = await serve({ port: 0, ...reach });
    service.open();
  });
  afterAll(() => service.close());
  return {
    get url() {
      return service.url;
    },
  };
}
