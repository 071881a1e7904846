/** The state of the updates that a service makes by its own schedule. */
export interface UpdateState {
  /** When the first update failed after the last one that succeeded; null if the last one succeeded. */
  failingSince: Date | null;
  /** Why the latest update failed, in one sentence that anyone may read. */
  reason: string | null;
  /** When the next update begins; null if none is scheduled. */
  next: Date | null;
}

let read: () => UpdateState | null = () => null;

/** Selects where the API reads the state of updates. A deployment selects nothing: its scheduler is another program. */
export function selectUpdateState(source: () => UpdateState | null): void {
  read = source;
}

/** The state of this service's updates; null where another program starts them. */
export function updateState(): UpdateState | null {
  return read();
}
