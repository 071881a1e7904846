import { Stream } from 'node:stream';
import type postgres from 'postgres';
import { CommitOutcomeUnknownError, DriverResultError } from './errors.ts';

type AnyFunction = (...args: unknown[]) => unknown;

/** The members of the driver's query that the guard reads; its own types hide them. */
interface DriverQuery extends Promise<unknown> {
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
  forEachFn?: unknown;
}

const LOST = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Whether an error means that the connection broke while it was in use. */
export function isLostConnection(error: unknown): boolean {
  return error instanceof Error && 'code' in error && LOST.has(String(error.code));
}

/**
 * Wraps a client so that no caller receives an incomplete result, or mistakes a commit of unknown outcome for a failed
 * one. All other behaviour is the driver's.
 *
 * - A result whose length differs from the server's row count rejects with {@link DriverResultError}.
 * - A transaction whose connection breaks during COMMIT rejects with {@link CommitOutcomeUnknownError}.
 */
export function guardedSql<T extends postgres.ISql>(sql: T): T {
  return new Proxy(sql, {
    apply: (target, self, args) => guardedQuery(Reflect.apply(target as unknown as AnyFunction, self, args)),
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (name === 'begin') return guardedBegin(member as AnyFunction);
      if (name === 'savepoint') return guardedSavepoint(member as AnyFunction);
      if (name === 'unsafe' || name === 'file') {
        return (...args: unknown[]) => guardedQuery((member as AnyFunction)(...args));
      }
      return member;
    },
  });
}

/** Checks the result of a query. Identifiers and helpers are not queries and pass unchanged. */
function guardedQuery(made: unknown): unknown {
  if (!(made instanceof Promise)) return made;
  const query = made as DriverQuery;
  const resolve = query.resolve;
  query.resolve = (result) => {
    // A COPY may fail before its caller can listen; iterating over the stream still throws the error.
    if (result instanceof Stream) result.on('error', () => {});
    const fault = query.forEachFn ? undefined : faultOf(result);
    if (fault) query.reject(new DriverResultError(fault));
    else resolve(result);
  };
  return query;
}

/** The fault of a result, or of the first faulty one of several results; undefined if there is none. */
function faultOf(result: unknown): string | undefined {
  if (!Array.isArray(result)) return undefined;
  if (!('count' in result)) return result.map(faultOf).find((fault) => fault !== undefined);
  const { length, count, columns } = result as unknown as postgres.RowList<postgres.Row[]>;
  if (!columns || columns.length === 0) return undefined;
  if (typeof count === 'number' && count !== length)
    return `the server sent ${count} rows, the driver returned ${length}`;
  // SHOW and EXPLAIN come without a count; rows of an earlier result leave a hole at the beginning.
  return length > 0 && !(0 in result) ? 'the first row is missing' : undefined;
}

function guardedBegin(begin: AnyFunction): AnyFunction {
  return async (...args) => {
    const [work, options] = [args.at(-1) as AnyFunction, args.slice(0, -1)];
    let isCommitting = false;
    const guarded = async (tx: postgres.TransactionSql) => {
      const result = await inTransaction(work, tx);
      isCommitting = true;
      return result;
    };
    try {
      return await begin(...options, guarded);
    } catch (error) {
      throw isCommitting && isLostConnection(error) ? new CommitOutcomeUnknownError({ cause: error }) : error;
    }
  };
}

function guardedSavepoint(savepoint: AnyFunction): AnyFunction {
  return (...args) => {
    const [work, name] = [args.at(-1) as AnyFunction, args.slice(0, -1)];
    return savepoint(...name, (tx: postgres.TransactionSql) => inTransaction(work, tx));
  };
}

/** Runs a transaction's work, which may return a list of queries instead of waiting for them. */
async function inTransaction(work: AnyFunction, tx: postgres.TransactionSql): Promise<unknown> {
  const result = await work(guardedSql(tx));
  return Array.isArray(result) ? Promise.all(result) : result;
}
