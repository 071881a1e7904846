import { endpoints } from './account/endpoints.ts';
import { groupHandler } from './core/group-handler.ts';
import { servicesOnce } from './services.ts';

/** A user's own settings, consent, sessions and data. */
export const handler = groupHandler('account', endpoints, servicesOnce());
