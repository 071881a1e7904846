import { endpoints } from './auth/endpoints.ts';
import { groupHandler } from './core/group-handler.ts';
import { servicesOnce } from './services.ts';

/** Serves the group `auth`. */
export const handler = groupHandler('auth', endpoints, servicesOnce());
