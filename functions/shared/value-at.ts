/**
 * Reads parsed JSON of unknown shape.
 *
 * @returns the value at a path of own keys, or undefined where one is missing
 * @example valueAt({ metrics: { ece: 0.01 } }, ['metrics', 'ece']); // 0.01
 */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
