/**
 * An error that a person can act on, with a stable `code`. Any other error is a bug or a failure of the platform, and
 * its text never reaches a client.
 */
export class BoursomaticError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** The caller's input is wrong, so a retry with the same input cannot succeed. Commands exit with 2. */
export class BadInputError extends BoursomaticError {
  constructor(message: string, options?: ErrorOptions) {
    super('bad_input', message, options);
  }
}

/** The installation is incomplete or wrong; for example a variable, a secret or a role is missing. */
export class ConfigurationError extends BoursomaticError {
  constructor(message: string, options?: ErrorOptions) {
    super('configuration', message, options);
  }
}

/** The database does not respond, or refuses the login. */
export class DatabaseUnreachableError extends BoursomaticError {
  constructor(message: string, options?: ErrorOptions) {
    super('database_unreachable', message, options);
  }
}

/** A disk is full or read-only, so nothing can be saved. The work succeeds once the disk can be written again. */
export class StorageError extends BoursomaticError {
  constructor(message: string, options?: ErrorOptions) {
    super('storage', message, options);
  }
}

/**
 * The connection broke while the server was committing: the change may or may not be stored. Repeating an idempotent
 * step settles it.
 */
export class CommitOutcomeUnknownError extends BoursomaticError {
  constructor(options: ErrorOptions) {
    super(
      'commit_outcome_unknown',
      'the database connection broke during COMMIT: the change may or may not be stored',
      options,
    );
  }
}

/** The database driver returned a different number of rows from the one that the server sent. */
export class DriverResultError extends BoursomaticError {
  constructor(fault: string) {
    super('driver_result', `wrong result from the database driver: ${fault}`);
  }
}

/** A model release is missing or incomplete, or differs from its manifest. */
export class ModelError extends BoursomaticError {
  constructor(message: string, options?: ErrorOptions) {
    super('model', message, options);
  }
}

/** A fault of the provider, of its format or of the whole installation stops a run before it publishes. */
export class SystematicFaultError extends BoursomaticError {
  constructor(message: string) {
    super('systematic_fault', message);
  }
}
