import type { ApiFunctionName, Group } from './core/groups.ts';

/** An operation of the API, and the group whose function serves it. */
export interface Route {
  group: Group;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A path template as API Gateway writes it; `{name}` stands for one segment. */
  path: `/${string}`;
}

/**
 * Every operation of the API. The list is separate from the endpoints so that the CDK stacks import none of their
 * dependencies. A test compares both.
 */
export const ROUTES: readonly Route[] = [
  { group: 'auth', method: 'GET', path: '/.well-known/jwks.json' },
  { group: 'auth', method: 'POST', path: '/v1/auth/register' },
  { group: 'auth', method: 'POST', path: '/v1/auth/login' },
  { group: 'auth', method: 'POST', path: '/v1/auth/refresh' },
  { group: 'auth', method: 'POST', path: '/v1/auth/logout' },
  { group: 'auth', method: 'POST', path: '/v1/auth/logout-everywhere' },
  { group: 'auth', method: 'POST', path: '/v1/auth/password' },
  { group: 'auth', method: 'POST', path: '/v1/auth/confirm' },

  { group: 'account', method: 'GET', path: '/v1/me' },
  { group: 'account', method: 'DELETE', path: '/v1/me' },
  { group: 'account', method: 'GET', path: '/v1/me/settings' },
  { group: 'account', method: 'PATCH', path: '/v1/me/settings' },
  { group: 'account', method: 'GET', path: '/v1/consent' },
  { group: 'account', method: 'POST', path: '/v1/me/consent' },
  { group: 'account', method: 'DELETE', path: '/v1/me/consent' },
  { group: 'account', method: 'GET', path: '/v1/me/consents' },
  { group: 'account', method: 'GET', path: '/v1/me/sessions' },
  { group: 'account', method: 'DELETE', path: '/v1/me/sessions/{id}' },
  { group: 'account', method: 'GET', path: '/v1/me/api-keys' },
  { group: 'account', method: 'POST', path: '/v1/me/api-keys' },
  { group: 'account', method: 'DELETE', path: '/v1/me/api-keys/{id}' },
  { group: 'account', method: 'GET', path: '/v1/me/security-events' },
  { group: 'account', method: 'POST', path: '/v1/me/notices/seen' },
  { group: 'account', method: 'POST', path: '/v1/me/changes/seen' },
  { group: 'account', method: 'GET', path: '/v1/me/export' },
  { group: 'account', method: 'GET', path: '/v1/me/alerts/channels' },
  { group: 'account', method: 'POST', path: '/v1/me/alerts/channels' },
  { group: 'account', method: 'PATCH', path: '/v1/me/alerts/channels/{id}' },
  { group: 'account', method: 'DELETE', path: '/v1/me/alerts/channels/{id}' },
  { group: 'account', method: 'POST', path: '/v1/me/alerts/channels/{id}/test' },
  { group: 'account', method: 'POST', path: '/v1/me/alerts/channels/{id}/confirm' },
  { group: 'account', method: 'GET', path: '/v1/me/alerts/rules' },
  { group: 'account', method: 'POST', path: '/v1/me/alerts/rules' },
  { group: 'account', method: 'PATCH', path: '/v1/me/alerts/rules/{id}' },
  { group: 'account', method: 'DELETE', path: '/v1/me/alerts/rules/{id}' },
  { group: 'account', method: 'GET', path: '/v1/me/alerts/settings' },
  { group: 'account', method: 'PATCH', path: '/v1/me/alerts/settings' },
  { group: 'account', method: 'GET', path: '/v1/me/alerts/messages' },
  { group: 'account', method: 'POST', path: '/v1/me/alerts/messages/{id}/retry' },
  { group: 'account', method: 'GET', path: '/v1/alerts/unsubscribe' },
  { group: 'account', method: 'POST', path: '/v1/alerts/unsubscribe' },
  { group: 'account', method: 'GET', path: '/v1/me/watchlist' },
  { group: 'account', method: 'PUT', path: '/v1/me/watchlist/{symbol}' },
  { group: 'account', method: 'DELETE', path: '/v1/me/watchlist/{symbol}' },
  { group: 'account', method: 'POST', path: '/v1/me/watchlist/import' },
  { group: 'account', method: 'POST', path: '/v1/me/second-factor' },
  { group: 'account', method: 'DELETE', path: '/v1/me/second-factor' },
  { group: 'account', method: 'POST', path: '/v1/me/second-factor/activate' },
  { group: 'account', method: 'POST', path: '/v1/me/second-factor/recovery-codes' },

  { group: 'recommendations', method: 'GET', path: '/v1/recommendations' },
  { group: 'recommendations', method: 'GET', path: '/v1/recommendations/{id}' },
  { group: 'recommendations', method: 'GET', path: '/v1/instruments/{symbol}/recommendations' },
  { group: 'recommendations', method: 'GET', path: '/v1/changes' },
  { group: 'recommendations', method: 'GET', path: '/v1/track-record' },
  { group: 'recommendations', method: 'GET', path: '/v1/track-record.csv' },
  { group: 'recommendations', method: 'GET', path: '/v1/track-record/calls' },
  { group: 'recommendations', method: 'GET', path: '/v1/publications' },
  { group: 'recommendations', method: 'GET', path: '/v1/publications/{id}' },

  { group: 'replay', method: 'GET', path: '/v1/recommendations/{id}/replay' },

  { group: 'market', method: 'GET', path: '/v1/instruments' },
  { group: 'market', method: 'GET', path: '/v1/instruments/{symbol}' },
  { group: 'market', method: 'GET', path: '/v1/instruments/{symbol}/bars' },
  { group: 'market', method: 'GET', path: '/v1/instruments/{symbol}/features' },
  { group: 'market', method: 'GET', path: '/v1/facets' },
  { group: 'market', method: 'GET', path: '/v1/models' },
  { group: 'market', method: 'GET', path: '/v1/models/active' },
  { group: 'market', method: 'GET', path: '/v1/models/{version}' },
  { group: 'market', method: 'GET', path: '/v1/health' },
  { group: 'market', method: 'GET', path: '/v1/openapi.json' },
  { group: 'market', method: 'GET', path: '/v1/docs' },

  { group: 'admin', method: 'GET', path: '/v1/admin/users' },
  { group: 'admin', method: 'DELETE', path: '/v1/admin/users/{id}' },
  { group: 'admin', method: 'POST', path: '/v1/admin/users/{id}/undelete' },
  { group: 'admin', method: 'DELETE', path: '/v1/admin/users/{id}/sessions' },
  { group: 'admin', method: 'PUT', path: '/v1/admin/users/{id}/admin' },
  { group: 'admin', method: 'DELETE', path: '/v1/admin/users/{id}/admin' },
  { group: 'admin', method: 'GET', path: '/v1/admin/security-events' },
  { group: 'admin', method: 'GET', path: '/v1/admin/instruments' },
  { group: 'admin', method: 'POST', path: '/v1/admin/instruments' },
  { group: 'admin', method: 'PATCH', path: '/v1/admin/instruments/{id}' },
  { group: 'admin', method: 'DELETE', path: '/v1/admin/instruments/{id}' },
  { group: 'admin', method: 'POST', path: '/v1/admin/instruments/{id}/reactivate' },
  { group: 'admin', method: 'POST', path: '/v1/admin/models/{version}/promote' },
  { group: 'admin', method: 'POST', path: '/v1/admin/models/rollback' },
  { group: 'admin', method: 'POST', path: '/v1/admin/runs' },
  { group: 'admin', method: 'GET', path: '/v1/admin/runs' },
  { group: 'admin', method: 'GET', path: '/v1/admin/runs/{id}' },
  { group: 'admin', method: 'GET', path: '/v1/admin/runs/{id}/failures' },
  { group: 'admin', method: 'GET', path: '/v1/admin/quarantined-bars' },
  { group: 'admin', method: 'GET', path: '/v1/admin/alert-messages' },
];

/** A route of the gateway. */
export interface GatewayRoute {
  method: 'ANY';
  path: `/${string}`;
  /** The function that serves it. */
  name: ApiFunctionName;
}

/**
 * The routes of the gateway: each path once with any method, so that the function can answer 405 with the methods that
 * it supports, and a catch-all, so that an unknown path is answered with a problem. The server for assistants
 * speaks a protocol of its own, so its path has no operations.
 */
export const GATEWAY_ROUTES: readonly GatewayRoute[] = [
  ...new Map(ROUTES.map(({ group, path }) => [path, group])),
  ['/v1/{rest+}', 'market'] as const,
  ['/mcp', 'mcp'] as const,
].map(([path, name]) => ({ method: 'ANY', path, name }));
