import type { AnyEndpoint } from '../core/endpoint.ts';
import { createInstrumentEndpoint } from './create-instrument.ts';
import { deactivateInstrumentEndpoint } from './deactivate-instrument.ts';
import { deleteUserEndpoint } from './delete-user.ts';
import { grantAdminEndpoint } from './grant-admin.ts';
import { listAdminInstrumentsEndpoint } from './list-instruments.ts';
import { listQuarantinedBarsEndpoint } from './list-quarantined-bars.ts';
import { listRunFailuresEndpoint } from './list-run-failures.ts';
import { listRunsEndpoint } from './list-runs.ts';
import { listUsersEndpoint } from './list-users.ts';
import { promoteModelEndpoint } from './promote-model.ts';
import { reactivateInstrumentEndpoint } from './reactivate-instrument.ts';
import { readRunEndpoint } from './read-run.ts';
import { revokeAdminEndpoint } from './revoke-admin.ts';
import { rollBackModelEndpoint } from './roll-back-model.ts';
import { startRunEndpoint } from './start-run.ts';
import { undeleteUserEndpoint } from './undelete-user.ts';
import { updateInstrumentEndpoint } from './update-instrument.ts';

/** What administrators can do. */
export const endpoints: readonly AnyEndpoint[] = [
  listUsersEndpoint,
  deleteUserEndpoint,
  undeleteUserEndpoint,
  grantAdminEndpoint,
  revokeAdminEndpoint,
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
