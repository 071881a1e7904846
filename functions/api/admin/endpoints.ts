import type { Endpoints } from '../core/dispatch.ts';

/** The endpoints of the group `admin`. */
export const endpoints: Endpoints = {
  'GET /v1/admin/users': async () => (await import('./list-users.ts')).listUsersEndpoint,
  'DELETE /v1/admin/users/{id}': async () => (await import('./change-users.ts')).deleteUserEndpoint,
  'POST /v1/admin/users/{id}/undelete': async () => (await import('./change-users.ts')).undeleteUserEndpoint,
  'DELETE /v1/admin/users/{id}/sessions': async () =>
    (await import('./end-sessions.ts')).endUserSessionsEndpoint,
  'PUT /v1/admin/users/{id}/admin': async () => (await import('./change-users.ts')).grantAdminEndpoint,
  'DELETE /v1/admin/users/{id}/admin': async () => (await import('./change-users.ts')).revokeAdminEndpoint,
  'GET /v1/admin/security-events': async () =>
    (await import('./list-security-events.ts')).listSecurityEventsEndpoint,
  'GET /v1/admin/instruments': async () =>
    (await import('./list-instruments.ts')).listAdminInstrumentsEndpoint,
  'POST /v1/admin/instruments': async () =>
    (await import('./change-instruments.ts')).createInstrumentEndpoint,
  'PATCH /v1/admin/instruments/{id}': async () =>
    (await import('./change-instruments.ts')).updateInstrumentEndpoint,
  'DELETE /v1/admin/instruments/{id}': async () =>
    (await import('./change-instruments.ts')).deactivateInstrumentEndpoint,
  'POST /v1/admin/instruments/{id}/reactivate': async () =>
    (await import('./change-instruments.ts')).reactivateInstrumentEndpoint,
  'POST /v1/admin/models/{version}/promote': async () => (await import('./models.ts')).promoteModelEndpoint,
  'POST /v1/admin/models/rollback': async () => (await import('./models.ts')).rollBackModelEndpoint,
  'POST /v1/admin/runs': async () => (await import('./start-run.ts')).startRunEndpoint,
  'GET /v1/admin/runs': async () => (await import('./list-runs.ts')).listRunsEndpoint,
  'GET /v1/admin/runs/{id}': async () => (await import('./read-run.ts')).readRunEndpoint,
  'GET /v1/admin/runs/{id}/failures': async () =>
    (await import('./list-run-failures.ts')).listRunFailuresEndpoint,
  'GET /v1/admin/quarantined-bars': async () =>
    (await import('./list-quarantined-bars.ts')).listQuarantinedBarsEndpoint,
  'GET /v1/admin/alert-messages': async () =>
    (await import('./list-alert-messages.ts')).listUndeliveredMessagesEndpoint,
};
