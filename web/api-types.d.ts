// The types of the API. Generated from docs/openapi.json by `npm run synth:openapi`: do not edit.
import type { operations } from '../clients/typescript/api-types.d.ts';
export type * from '../clients/typescript/api-types.d.ts';

/** The method and path of each operation, by operationId. */
export interface Requests {
    readKeys: 'GET /.well-known/jwks.json';
    register: 'POST /v1/auth/register';
    login: 'POST /v1/auth/login';
    refresh: 'POST /v1/auth/refresh';
    logout: 'POST /v1/auth/logout';
    logoutEverywhere: 'POST /v1/auth/logout-everywhere';
    changePassword: 'POST /v1/auth/password';
    confirm: 'POST /v1/auth/confirm';
    readMe: 'GET /v1/me';
    deleteMe: 'DELETE /v1/me';
    readSettings: 'GET /v1/me/settings';
    changeSettings: 'PATCH /v1/me/settings';
    readConsent: 'GET /v1/consent';
    acceptConsent: 'POST /v1/me/consent';
    withdrawConsent: 'DELETE /v1/me/consent';
    listConsents: 'GET /v1/me/consents';
    listSessions: 'GET /v1/me/sessions';
    endSession: 'DELETE /v1/me/sessions/{id}';
    listApiKeys: 'GET /v1/me/api-keys';
    createApiKey: 'POST /v1/me/api-keys';
    revokeApiKey: 'DELETE /v1/me/api-keys/{id}';
    listOwnSecurityEvents: 'GET /v1/me/security-events';
    markNoticesSeen: 'POST /v1/me/notices/seen';
    markChangesSeen: 'POST /v1/me/changes/seen';
    exportMe: 'GET /v1/me/export';
    listAlertChannels: 'GET /v1/me/alerts/channels';
    addAlertChannel: 'POST /v1/me/alerts/channels';
    changeAlertChannel: 'PATCH /v1/me/alerts/channels/{id}';
    removeAlertChannel: 'DELETE /v1/me/alerts/channels/{id}';
    testAlertChannel: 'POST /v1/me/alerts/channels/{id}/test';
    confirmAlertChannel: 'POST /v1/me/alerts/channels/{id}/confirm';
    listAlertRules: 'GET /v1/me/alerts/rules';
    addAlertRule: 'POST /v1/me/alerts/rules';
    changeAlertRule: 'PATCH /v1/me/alerts/rules/{id}';
    deleteAlertRule: 'DELETE /v1/me/alerts/rules/{id}';
    readAlertSettings: 'GET /v1/me/alerts/settings';
    changeAlertSettings: 'PATCH /v1/me/alerts/settings';
    listAlertMessages: 'GET /v1/me/alerts/messages';
    retryAlertMessage: 'POST /v1/me/alerts/messages/{id}/retry';
    readUnsubscription: 'GET /v1/alerts/unsubscribe';
    unsubscribe: 'POST /v1/alerts/unsubscribe';
    readWatchlist: 'GET /v1/me/watchlist';
    followInstrument: 'PUT /v1/me/watchlist/{symbol}';
    unfollowInstrument: 'DELETE /v1/me/watchlist/{symbol}';
    importWatchlist: 'POST /v1/me/watchlist/import';
    createSecondFactor: 'POST /v1/me/second-factor';
    removeSecondFactor: 'DELETE /v1/me/second-factor';
    activateSecondFactor: 'POST /v1/me/second-factor/activate';
    renewRecoveryCodes: 'POST /v1/me/second-factor/recovery-codes';
    listRecommendations: 'GET /v1/recommendations';
    readRecommendation: 'GET /v1/recommendations/{id}';
    listInstrumentRecommendations: 'GET /v1/instruments/{symbol}/recommendations';
    listChanges: 'GET /v1/changes';
    readTrackRecord: 'GET /v1/track-record';
    listTrackRecordCalls: 'GET /v1/track-record/calls';
    exportTrackRecord: 'GET /v1/track-record.csv';
    listPublications: 'GET /v1/publications';
    readPublication: 'GET /v1/publications/{id}';
    replayRecommendation: 'GET /v1/recommendations/{id}/replay';
    listInstruments: 'GET /v1/instruments';
    readInstrument: 'GET /v1/instruments/{symbol}';
    listBars: 'GET /v1/instruments/{symbol}/bars';
    listFeatures: 'GET /v1/instruments/{symbol}/features';
    listFacets: 'GET /v1/facets';
    listModels: 'GET /v1/models';
    readActiveModel: 'GET /v1/models/active';
    readModel: 'GET /v1/models/{version}';
    readHealth: 'GET /v1/health';
    readOpenApi: 'GET /v1/openapi.json';
    readDocs: 'GET /v1/docs';
    listUsers: 'GET /v1/admin/users';
    deleteUser: 'DELETE /v1/admin/users/{id}';
    undeleteUser: 'POST /v1/admin/users/{id}/undelete';
    endUserSessions: 'DELETE /v1/admin/users/{id}/sessions';
    grantAdmin: 'PUT /v1/admin/users/{id}/admin';
    revokeAdmin: 'DELETE /v1/admin/users/{id}/admin';
    listSecurityEvents: 'GET /v1/admin/security-events';
    listAdminInstruments: 'GET /v1/admin/instruments';
    createInstrument: 'POST /v1/admin/instruments';
    updateInstrument: 'PATCH /v1/admin/instruments/{id}';
    deactivateInstrument: 'DELETE /v1/admin/instruments/{id}';
    reactivateInstrument: 'POST /v1/admin/instruments/{id}/reactivate';
    promoteModel: 'POST /v1/admin/models/{version}/promote';
    rollBackModel: 'POST /v1/admin/models/rollback';
    startRun: 'POST /v1/admin/runs';
    listRuns: 'GET /v1/admin/runs';
    readRun: 'GET /v1/admin/runs/{id}';
    listRunFailures: 'GET /v1/admin/runs/{id}/failures';
    listQuarantinedBars: 'GET /v1/admin/quarantined-bars';
    listUndeliveredMessages: 'GET /v1/admin/alert-messages';
}


type Given<T> = [NonNullable<T>] extends [never] ? Record<never, never> : NonNullable<T>;
type Content<T> = [NonNullable<T>] extends [never]
  ? undefined
  : NonNullable<T> extends { content: infer C extends object } ? C[Main<C>] : undefined;
/** Lists are also served as CSV. */
type Main<C> = 'application/json' extends keyof C ? 'application/json' : keyof C;
type Success<T> = T[keyof T & (200 | 201 | 202 | 204)];

/** The request and the answer of each operation, by operationId. */
export type Operations = {
  [Id in keyof operations]: {
    request: Requests[Id];
    path: Given<operations[Id]['parameters']['path']>;
    query: Given<operations[Id]['parameters']['query']>;
    body: Content<operations[Id]['requestBody']>;
    answer: Content<Success<operations[Id]['responses']>>;
  };
};
