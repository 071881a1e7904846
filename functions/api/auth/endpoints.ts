import type { AnyEndpoint } from '../core/endpoint.ts';
import { changePasswordEndpoint } from './change-password.ts';
import { confirmEndpoint } from './confirm.ts';
import { loginEndpoint } from './login.ts';
import { logoutEndpoint, logoutEverywhereEndpoint } from './logout.ts';
import { readKeysEndpoint } from './read-keys.ts';
import { refreshEndpoint } from './refresh.ts';
import { registerEndpoint } from './register.ts';

/** The endpoints of the group `auth`. */
export const endpoints: readonly AnyEndpoint[] = [
  readKeysEndpoint,
  registerEndpoint,
  loginEndpoint,
  refreshEndpoint,
  logoutEndpoint,
  logoutEverywhereEndpoint,
  changePasswordEndpoint,
  confirmEndpoint,
];
