import { endpoints } from './auth/endpoints.ts';
import { group } from './core/group-handler.ts';

/** Registering, logging in and out, and the keys of access tokens. */
export const handler = group('auth', endpoints);
