import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROVIDERS_FILE, withProvidersTable } from '../../../local/commands/synth-providers.ts';

test('docs/providers.md has the table that npm run synth:providers writes', () => {
  const document = readFileSync(PROVIDERS_FILE, 'utf8');
  expect(document).toContain('<!-- providers: npm run synth:providers -->');
  expect(withProvidersTable(document)).toBe(document);
});
