import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What has to be accepted, as Markdown. */
export const CONSENT_TEXT = readFileSync(new URL('consent.md', import.meta.url), 'utf8');

/** SHA-256 of the text, in hexadecimal: proof of which text was accepted. */
export const CONSENT_SHA256 = createHash('sha256').update(CONSENT_TEXT).digest('hex');
