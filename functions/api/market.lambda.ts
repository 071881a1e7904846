import { groupHandler } from './core/group-handler.ts';
import { endpoints as market } from './market/endpoints.ts';
import { endpoints as openApi } from './openapi/endpoints.ts';
import { servicesOnce } from './services.ts';

/** Instruments, their bars and features, models, whether the service works, and what it can be asked. */
export const handler = groupHandler('market', [...market, ...openApi], servicesOnce());
