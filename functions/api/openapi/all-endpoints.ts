import { endpoints as account } from '../account/endpoints.ts';
import { endpoints as admin } from '../admin/endpoints.ts';
import { endpoints as auth } from '../auth/endpoints.ts';
import { loadAll } from '../core/dispatch.ts';
import type { AnyEndpoint } from '../core/endpoint.ts';
import { endpoints as market } from '../market/endpoints.ts';
import { endpoints as recommendations } from '../recommendations/endpoints.ts';
import { endpoints as replay } from '../replay/endpoints.ts';
import { endpoints as openApi } from './endpoints.ts';

/** Every endpoint of the API, in the order of the documentation. No Lambda function imports this list. */
export const ALL_ENDPOINTS: readonly AnyEndpoint[] = await loadAll({
  ...auth,
  ...account,
  ...recommendations,
  ...replay,
  ...market,
  ...openApi,
  ...admin,
});
