import { endpoints } from './account/endpoints.ts';
import { group } from './core/group-handler.ts';

/** A user's own settings, consent, sessions and data. */
export const handler = group('account', endpoints);
