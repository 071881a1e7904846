import type { Endpoints } from '../core/dispatch.ts';

/** The endpoints of the group `account`. */
export const endpoints: Endpoints = {
  'GET /v1/me': async () => (await import('./me.ts')).readMeEndpoint,
  'DELETE /v1/me': async () => (await import('./me.ts')).deleteMeEndpoint,
  'GET /v1/me/settings': async () => (await import('./settings.ts')).readSettingsEndpoint,
  'PATCH /v1/me/settings': async () => (await import('./settings.ts')).changeSettingsEndpoint,
  'GET /v1/consent': async () => (await import('./consent.ts')).readConsentEndpoint,
  'POST /v1/me/consent': async () => (await import('./consent.ts')).acceptConsentEndpoint,
  'DELETE /v1/me/consent': async () => (await import('./consent.ts')).withdrawConsentEndpoint,
  'GET /v1/me/consents': async () => (await import('./consent.ts')).listConsentsEndpoint,
  'GET /v1/me/sessions': async () => (await import('./sessions.ts')).listSessionsEndpoint,
  'DELETE /v1/me/sessions/{id}': async () => (await import('./sessions.ts')).endSessionEndpoint,
  'GET /v1/me/api-keys': async () => (await import('./api-keys.ts')).listApiKeysEndpoint,
  'POST /v1/me/api-keys': async () => (await import('./api-keys.ts')).createApiKeyEndpoint,
  'DELETE /v1/me/api-keys/{id}': async () => (await import('./api-keys.ts')).revokeApiKeyEndpoint,
  'GET /v1/me/security-events': async () =>
    (await import('./security-events.ts')).listOwnSecurityEventsEndpoint,
  'POST /v1/me/notices/seen': async () => (await import('./notices.ts')).markNoticesSeenEndpoint,
  'POST /v1/me/changes/seen': async () => (await import('./changes.ts')).markChangesSeenEndpoint,
  'GET /v1/me/export': async () => (await import('./export.ts')).exportMeEndpoint,
  'GET /v1/me/alerts/channels': async () => (await import('./alerts/channels.ts')).listAlertChannelsEndpoint,
  'POST /v1/me/alerts/channels': async () => (await import('./alerts/channels.ts')).addAlertChannelEndpoint,
  'PATCH /v1/me/alerts/channels/{id}': async () =>
    (await import('./alerts/channels.ts')).changeAlertChannelEndpoint,
  'DELETE /v1/me/alerts/channels/{id}': async () =>
    (await import('./alerts/channels.ts')).removeAlertChannelEndpoint,
  'POST /v1/me/alerts/channels/{id}/test': async () =>
    (await import('./alerts/channels.ts')).testAlertChannelEndpoint,
  'POST /v1/me/alerts/channels/{id}/confirm': async () =>
    (await import('./alerts/channels.ts')).confirmAlertChannelEndpoint,
  'GET /v1/me/alerts/rules': async () => (await import('./alerts/rules.ts')).listAlertRulesEndpoint,
  'POST /v1/me/alerts/rules': async () => (await import('./alerts/rules.ts')).addAlertRuleEndpoint,
  'PATCH /v1/me/alerts/rules/{id}': async () => (await import('./alerts/rules.ts')).changeAlertRuleEndpoint,
  'DELETE /v1/me/alerts/rules/{id}': async () => (await import('./alerts/rules.ts')).deleteAlertRuleEndpoint,
  'GET /v1/me/alerts/settings': async () => (await import('./alerts/settings.ts')).readAlertSettingsEndpoint,
  'PATCH /v1/me/alerts/settings': async () =>
    (await import('./alerts/settings.ts')).changeAlertSettingsEndpoint,
  'GET /v1/me/alerts/messages': async () => (await import('./alerts/messages.ts')).listAlertMessagesEndpoint,
  'POST /v1/me/alerts/messages/{id}/retry': async () =>
    (await import('./alerts/messages.ts')).retryAlertMessageEndpoint,
  'GET /v1/alerts/unsubscribe': async () =>
    (await import('./alerts/unsubscribe.ts')).readUnsubscriptionEndpoint,
  'POST /v1/alerts/unsubscribe': async () => (await import('./alerts/unsubscribe.ts')).unsubscribeEndpoint,
  'GET /v1/me/watchlist': async () => (await import('./watchlist/endpoints.ts')).readWatchlistEndpoint,
  'PUT /v1/me/watchlist/{symbol}': async () => (await import('./watchlist/endpoints.ts')).followEndpoint,
  'DELETE /v1/me/watchlist/{symbol}': async () => (await import('./watchlist/endpoints.ts')).unfollowEndpoint,
  'POST /v1/me/watchlist/import': async () =>
    (await import('./watchlist/endpoints.ts')).importWatchlistEndpoint,
  'POST /v1/me/second-factor': async () => (await import('./second-factor.ts')).createSecondFactorEndpoint,
  'POST /v1/me/second-factor/activate': async () =>
    (await import('./second-factor.ts')).activateSecondFactorEndpoint,
  'POST /v1/me/second-factor/recovery-codes': async () =>
    (await import('./second-factor.ts')).renewRecoveryCodesEndpoint,
  'DELETE /v1/me/second-factor': async () => (await import('./second-factor.ts')).removeSecondFactorEndpoint,
};
