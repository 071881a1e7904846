import {
  DatabaseUnreachableError,
  StorageError,
  SystematicFaultError,
} from '../../functions/shared/errors.ts';

/** Why a run failed, in one sentence that anyone may read: it names no symbol, file or address. */
export function reasonOf(error: unknown): string {
  if (error instanceof SystematicFaultError) return /^[^.]*\./.exec(error.message)?.[0] ?? error.message;
  if (error instanceof DatabaseUnreachableError) return 'The database cannot be reached.';
  if (error instanceof StorageError) return 'The disk is full or read-only.';
  return 'The update ended with an error, which the log of the service names.';
}
