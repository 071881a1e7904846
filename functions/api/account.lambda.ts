import { endpoints } from './account/endpoints.ts';
import { group } from './group.ts';

/** A user's own settings, consent, sessions and data. */
export const handler = group('account', endpoints);
