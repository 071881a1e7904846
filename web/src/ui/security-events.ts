import type { SecurityEvent } from '../../api-types.d.ts';

export type SecurityEventType = SecurityEvent['type'];

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
  'second-factor-enabled': 'Two-step sign-in turned on',
  'second-factor-disabled': 'Two-step sign-in turned off',
  'recovery-code-used': 'Recovery code used',
  'recovery-codes-renewed': 'New recovery codes made',
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
  'access-denied': 'Admin page refused',
  'model-promoted': 'Model activated',
  'run-started': 'Run started',
};
