const LEVELS = { debug: 10, info: 20, warn: 30, error: 40, silent: 99 } as const;
type Level = keyof typeof LEVELS;

/**
 * Writes a JSON line to the log. LOG_LEVEL sets the lowest level that is written: `info` by default, `silent` for none.
 *
 * @param event - a short constant phrase that names the event
 * @param fields - identifiers and counts, never a secret, a password or a whole payload
 */
export function log(
  level: Exclude<Level, 'silent'>,
  event: string,
  fields: Record<string, unknown> = {},
): void {
  const configured = process.env.LOG_LEVEL ?? 'info';
  const least = configured in LEVELS ? LEVELS[configured as Level] : LEVELS.info;
  if (LEVELS[level] < least) return;
  process.stderr.write(`${JSON.stringify({ level, event, time: new Date().toISOString(), ...fields })}\n`);
}
