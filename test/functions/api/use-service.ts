import { afterAll, beforeAll } from 'vitest';
import { type Service, serve } from '../../../local/serving/serve.ts';

/** The API on a port of this machine, for a file's tests; its environment is set by `useApi`. */
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
