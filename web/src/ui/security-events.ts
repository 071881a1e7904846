import type { OwnSecurityEvent } from '../../api-types.d.ts';
import { describeUserAgent } from './user-agent.ts';

export type SecurityEventType = OwnSecurityEvent['type'];

/** How the page names each type of security event. */
export const EVENT_WORDS: Record<SecurityEventType, string> = {
  registered: 'Account created',
  login: 'Signed in',
  'login-refused': 'Sign-in refused: wrong password or code',
  'login-throttled': 'Sign-in refused: too many attempts',
  logout: 'Signed out',
  'session-ended': 'Signed out on one device',
  'sessions-ended': 'Signed out on all devices',
  'refresh-token-reused': 'Session ended: it may have been copied to another device',
  'password-changed': 'Password changed',
  'password-reset': 'Password reset',
  'second-factor-enabled': 'Two-step sign-in turned on',
  'second-factor-disabled': 'Two-step sign-in turned off',
  'recovery-code-used': 'Recovery code used',
  'recovery-codes-renewed': 'New recovery codes made',
  'api-key-created': 'API key made',
  'api-key-revoked': 'API key revoked',
  'alert-channel-added': 'Channel for messages added',
  'alert-channel-removed': 'Channel for messages removed',
  confirmed: 'Password entered again',
  'confirmation-refused': 'Wrong password or code entered',
  'admin-granted': 'Admin rights given',
  'admin-revoked': 'Admin rights removed',
  'user-deleted': 'Account deleted by an administrator',
  'user-restored': 'Account restored by an administrator',
  'account-deleted': 'Account deleted by its owner',
  'account-erased': 'Personal data erased',
  'data-exported': 'Data downloaded',
  'consent-accepted': 'Risk notice accepted',
  'consent-withdrawn': 'Consent to the risk notice withdrawn',
  'access-denied': 'Access to admin functions refused',
  'token-refused': 'Forged access token or API key refused',
  'cookie-refused': 'Request from another site refused',
  'model-promoted': 'Model activated',
  'run-started': 'Run started',
};

/** Where an event came from, as the page needs it. */
interface Origin {
  userAgent: string | null;
  networkAddress: string | null;
}

/**
 * The browser and the address of an event; empty if there was no request.
 *
 * @example
 * describePlace({ userAgent: 'curl/8.5.0', networkAddress: '192.0.2.7' }) // 'curl/8.5.0, 192.0.2.7'
 */
export function describePlace({ userAgent, networkAddress }: Origin): string {
  return [userAgent === null ? null : describeUserAgent(userAgent), networkAddress]
    .filter(Boolean)
    .join(', ');
}

/** From where the user, or by whom else, the account was used or changed: it continues a sentence. */
export function describeSource(event: Origin & Pick<OwnSecurityEvent, 'isByAdministrator'>): string {
  if (event.isByAdministrator) return 'by an administrator';
  // Only commands of the operator send no request.
  return describePlace(event) === '' ? 'by the operator of this service' : `from ${describePlace(event)}`;
}
