import { groupHandler } from './core/group-handler.ts';
import { endpoints as market } from './market/endpoints.ts';
import { endpoints as openApi } from './openapi/endpoints.ts';
import { servicesOnce } from './services.ts';

/** Serves the group `market`, and the documents that describe the API. */
export const handler = groupHandler('market', { ...market, ...openApi }, servicesOnce());
