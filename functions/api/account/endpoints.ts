import type { AnyEndpoint } from '../core/endpoint.ts';
import {
  acceptConsentEndpoint,
  listConsentsEndpoint,
  readConsentEndpoint,
  withdrawConsentEndpoint,
} from './consent.ts';
import { exportMeEndpoint } from './export.ts';
import { deleteMeEndpoint, readMeEndpoint } from './me.ts';
import { markNoticesSeenEndpoint } from './notices.ts';
import {
  activateSecondFactorEndpoint,
  createSecondFactorEndpoint,
  removeSecondFactorEndpoint,
  renewRecoveryCodesEndpoint,
} from './second-factor.ts';
import { listOwnSecurityEventsEndpoint } from './security-events.ts';
import { endSessionEndpoint, listSessionsEndpoint } from './sessions.ts';
import { changeSettingsEndpoint, readSettingsEndpoint } from './settings.ts';

/** The endpoints of the group `account`. */
export const endpoints: readonly AnyEndpoint[] = [
  readMeEndpoint,
  deleteMeEndpoint,
  readSettingsEndpoint,
  changeSettingsEndpoint,
  readConsentEndpoint,
  acceptConsentEndpoint,
  withdrawConsentEndpoint,
  listConsentsEndpoint,
  listSessionsEndpoint,
  endSessionEndpoint,
  listOwnSecurityEventsEndpoint,
  markNoticesSeenEndpoint,
  exportMeEndpoint,
  createSecondFactorEndpoint,
  activateSecondFactorEndpoint,
  renewRecoveryCodesEndpoint,
  removeSecondFactorEndpoint,
];
