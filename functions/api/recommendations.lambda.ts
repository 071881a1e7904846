import { groupHandler } from './core/group-handler.ts';
import { endpoints } from './recommendations/endpoints.ts';
import { servicesOnce } from './services.ts';

/** Serves the group `recommendations`. */
export const handler = groupHandler('recommendations', endpoints, servicesOnce());
