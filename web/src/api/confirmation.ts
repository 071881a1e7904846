/** The user closed the dialog that requests the password. Nothing was changed. */
export class CancelledError extends Error {
  override name = 'CancelledError';
}

/**
 * Requests that wait until the user has entered the password again. One dialog serves all of them.
 */
export class Confirmation {
  #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  readonly #listeners = new Set<() => void>();

  /** Whether a request waits, so that the dialog is open. */
  get isRequested(): boolean {
    return this.#waiting.length > 0;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Opens the dialog, and waits for the user.
   *
   * @throws CancelledError if the user closes the dialog
   */
  request = (): Promise<void> =>
    new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#notify();
    });

  /** The API has accepted the password: the waiting requests continue. */
  confirm = (): void => this.#settle(({ resolve }) => resolve());

  /** The waiting requests fail. */
  cancel = (): void => this.#settle(({ reject }) => reject(new CancelledError('cancelled')));

  #settle(settle: (waiting: { resolve: () => void; reject: (error: Error) => void }) => void): void {
    for (const waiting of this.#waiting.splice(0)) settle(waiting);
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
