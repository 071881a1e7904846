/** The day of the text in consent.md. A new text gets a new day, and everybody is asked again. */
export const CONSENT_VERSION = '2026-11-23';
