/**
 * Abbreviations that ICU, and so Intl, reads as zones of its own choice: CST as Chicago, IST as Kolkata. They are not in the
 * IANA database, and Temporal refuses them.
 */
const ABBREVIATION = /^(AC|AE|AG|AR|AS|BE|BS|CA|CN|CS|CT|EA|EC|IE|IS|JS|MI|NE|NS|PL|PN|PR|PS|SS|VS)T$/i;

/**
 * Finds a time zone in the time zone database of this process. Apart from the other functions of local times, so that the
 * API does without their library.
 *
 * @returns its name as the database writes it, or as given for a second name of a zone; undefined if the database has no
 *   such zone, for an offset such as `+01:00`, and for an abbreviation such as CST
 */
export function knownTimeZone(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9/_+-]*$/.test(name) || ABBREVIATION.test(name)) return undefined;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
