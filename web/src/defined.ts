/**
 * Narrows a value that cannot be missing here.
 *
 * @param what - names the value in the message
 * @throws Error if the value is null or undefined
 */
export function defined<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`${what} is missing`);
  return value;
}
