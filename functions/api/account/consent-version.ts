/** The date of the text in consent.md. A changed text gets a new date, and every user has to accept it again. */
export const CONSENT_VERSION = '2026-11-29';
