import { endpoints } from './auth/endpoints.ts';
import { groupHandler } from './core/group-handler.ts';
import { servicesOnce } from './services.ts';

/** Registering, logging in and out, and the keys of access tokens. */
export const handler = groupHandler('auth', endpoints, servicesOnce());
