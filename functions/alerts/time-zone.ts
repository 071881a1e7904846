/**
 * Finds a time zone in the time zone database of this process. Apart from the other functions of local times, so that the
 * API does without their library.
 *
 * @returns its name as the database writes it, or as given for a second name of a zone; undefined if the database has no
 *   such zone, and for an offset such as `+01:00`
 */
export function knownTimeZone(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9/_+-]*$/.test(name)) return undefined;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
