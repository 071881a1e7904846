import type { AnyEndpoint } from '../core/endpoint.ts';
import {
  createInstrumentEndpoint,
  deactivateInstrumentEndpoint,
  reactivateInstrumentEndpoint,
  updateInstrumentEndpoint,
} from './change-instruments.ts';
import {
  deleteUserEndpoint,
  grantAdminEndpoint,
  revokeAdminEndpoint,
  undeleteUserEndpoint,
} from './change-users.ts';
import { listAdminInstrumentsEndpoint } from './list-instruments.ts';
import { listQuarantinedBarsEndpoint } from './list-quarantined-bars.ts';
import { listRunFailuresEndpoint } from './list-run-failures.ts';
import { listRunsEndpoint } from './list-runs.ts';
import { listSecurityEventsEndpoint } from './list-security-events.ts';
import { listUsersEndpoint } from './list-users.ts';
import { promoteModelEndpoint, rollBackModelEndpoint } from './models.ts';
import { readRunEndpoint } from './read-run.ts';
import { startRunEndpoint } from './start-run.ts';

/** The endpoints of the group `admin`. */
export const endpoints: readonly AnyEndpoint[] = [
  listUsersEndpoint,
  deleteUserEndpoint,
  undeleteUserEndpoint,
  grantAdminEndpoint,
  revokeAdminEndpoint,
  listSecurityEventsEndpoint,
  listAdminInstrumentsEndpoint,
  createInstrumentEndpoint,
  updateInstrumentEndpoint,
  deactivateInstrumentEndpoint,
  reactivateInstrumentEndpoint,
  promoteModelEndpoint,
  rollBackModelEndpoint,
  startRunEndpoint,
  listRunsEndpoint,
  readRunEndpoint,
  listRunFailuresEndpoint,
  listQuarantinedBarsEndpoint,
];
