/** A value that earlier code guarantees is missing. The cause is a bug, not the input. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * Narrows a value that cannot be missing here. Use it where a default would hide a bug. Where the value may be missing,
 * handle that case instead.
 *
 * @param what - names the value in the message, such as `close of the as-of bar`
 * @throws InvariantError if the value is null or undefined
 * @example const close = defined(closes[index], `close ${index}`);
 */
export function defined<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new InvariantError(`${what} is missing`);
  return value;
}
