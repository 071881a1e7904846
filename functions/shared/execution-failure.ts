import type { ExecutionStatusChange } from './contracts.ts';

/** The part of an event that says how an execution ended. */
type Failure = Pick<ExecutionStatusChange['detail'], 'status' | 'error' | 'cause'>;

/** How an execution ended, for events without an error. */
const ENDS: Record<Failure['status'], string> = {
  RUNNING: 'Running',
  FAILED: 'Failed',
  TIMED_OUT: 'States.Timeout',
  ABORTED: 'Aborted',
};

/** The cause, for events without one. */
const CAUSES: Record<Failure['status'], string> = {
  RUNNING: 'the execution has not ended',
  FAILED: 'no cause given',
  TIMED_OUT: 'the execution took longer than its limit',
  ABORTED: 'the execution was stopped',
};

/** Describes in one line why an execution did not succeed. */
export function describeFailure({ status, error, cause }: Failure): string {
  return onOneLine(`${error || ENDS[status]}: ${cause ? readableCause(cause) : CAUSES[status]}`);
}

/** Joins lines, and replaces NUL, which Postgres cannot store. */
export function onOneLine(text: string): string {
  return text.replaceAll('\0', '\ufffd').replaceAll(/\s*[\r\n]\s*/g, ' ');
}

/** Extracts the message from the JSON with a stack trace that Lambda passes on. */
export function readableCause(cause: string): string {
  const parsed = parseObject(cause);
  return parsed && 'errorMessage' in parsed && typeof parsed.errorMessage === 'string'
    ? parsed.errorMessage
    : cause;
}

/** Parses the text of a JSON object; undefined for any other text. */
export function parseObject(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed ? parsed : undefined;
  } catch {
    return undefined;
  }
}
