/** The day of the text in consent.md. A new text needs a new day; all users must then accept it again. */
export const CONSENT_VERSION = '2026-11-23';
