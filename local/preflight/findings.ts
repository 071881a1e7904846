import { ConfigurationError } from '../../functions/shared/errors.ts';

/** The result of one check. */
export interface Finding {
  readonly check: string;
  /**
   * `problem`: a deployment would fail or lose data. `unknown`: the check was not possible. `note`: worth knowing
   * before the deployment.
   */
  readonly verdict: 'ok' | 'problem' | 'unknown' | 'note';
  readonly answer: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** The credentials may not call an operation. */
export class MissingPermissionError extends Error {
  constructor(permission: string, options: ErrorOptions) {
    super(`the credentials lack the permission ${permission}`, options);
  }
}

/** The names of errors that AWS services return when a permission is missing. */
const DENIED = /^(AccessDenied(Exception)?|UnauthorizedOperation|NotAuthorized|AuthorizationError)$/;

/**
 * Calls AWS.
 *
 * @param permission - the IAM action of the call
 * @throws MissingPermissionError if the credentials lack it
 */
export async function call<T>(permission: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof Error && DENIED.test(error.name))
      throw new MissingPermissionError(permission, { cause: error });
    throw error;
  }
}

/**
 * Runs a check. An error becomes a finding, so that the other checks still run.
 *
 * @throws ConfigurationError if no check would work
 */
export async function runCheck(check: string, work: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return [{ check, verdict: 'unknown', answer: `not checked: ${reason}` }];
  }
}
