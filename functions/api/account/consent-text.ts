import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The risk notice in Markdown. */
export const CONSENT_TEXT = readFileSync(new URL('consent.md', import.meta.url), 'utf8');

/** The SHA-256 of the notice in hexadecimal. It proves which text a user accepted. */
export const CONSENT_SHA256 = createHash('sha256').update(CONSENT_TEXT).digest('hex');
