import { afterAll, beforeAll } from 'vitest';
import { type Service, serve } from '../../../local/serving/serve.ts';

/** Serves the API on a local port during a file's tests. `useApi` sets its environment. */
export function useService(): Pick<Service, 'url'> {
  let service: Service;
  beforeAll(async () => {
    service = await serve(0);
    service.open();
  });
  afterAll(() => service.close());
  return {
    get url() {
      return service.url;
    },
  };
}
