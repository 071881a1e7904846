/** How long a login or a confirmation permits operations that require a recent one. */
export const CONFIRMATION_MINUTES = 10;
