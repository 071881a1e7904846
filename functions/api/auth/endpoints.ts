import type { Endpoints } from '../core/dispatch.ts';

/** The endpoints of the group `auth`. */
export const endpoints: Endpoints = {
  'GET /.well-known/jwks.json': async () => (await import('./read-keys.ts')).readKeysEndpoint,
  'POST /v1/auth/register': async () => (await import('./register.ts')).registerEndpoint,
  'POST /v1/auth/login': async () => (await import('./login.ts')).loginEndpoint,
  'POST /v1/auth/refresh': async () => (await import('./refresh.ts')).refreshEndpoint,
  'POST /v1/auth/logout': async () => (await import('./logout.ts')).logoutEndpoint,
  'POST /v1/auth/logout-everywhere': async () => (await import('./logout.ts')).logoutEverywhereEndpoint,
  'POST /v1/auth/password': async () => (await import('./change-password.ts')).changePasswordEndpoint,
  'POST /v1/auth/confirm': async () => (await import('./confirm.ts')).confirmEndpoint,
};
