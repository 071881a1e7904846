import { endpoints } from './account/endpoints.ts';
import { groupHandler } from './core/group-handler.ts';
import { servicesOnce } from './services.ts';

/** Serves the group `account`. */
export const handler = groupHandler('account', endpoints, servicesOnce());
