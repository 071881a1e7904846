import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { endpoint } from '../../../../functions/api/core/endpoint.ts';
import { DOCS_POLICY, docsPage } from '../../../../functions/api/openapi/docs-page.ts';
import { openApiDocument } from '../../../../functions/api/openapi/document.ts';
import { html, prose } from '../../../../functions/api/openapi/html.ts';
import { servedDocument } from '../../../../functions/api/openapi/served.ts';

const page = docsPage(servedDocument());
const all = (pattern: RegExp, text = page) => [...text.matchAll(pattern)].map(([, found = '']) => found);

describe('docsPage', () => {
  test('has no script and loads nothing', () => {
    expect(page).not.toMatch(/<script|javascript:|\son\w+=|<link|<img|<iframe|@import|url\(/i);
    expect(
      all(/(?:href|src|action)="([^"]*)"/g).filter((target) => !/^(#|openapi\.json$)/.test(target)),
    ).toEqual([]);
  });

  test('has a policy that allows only its style sheet', () => {
    const [sheet = ''] = all(/<style>([\s\S]*?)<\/style>/g);
    expect(DOCS_POLICY).toContain(`style-src 'sha256-${hash('sha256', sheet, 'base64')}'`);
    for (const directive of ["default-src 'none'", "object-src 'none'", "base-uri 'none'"])
      expect(DOCS_POLICY).toContain(directive);
    expect(DOCS_POLICY).not.toMatch(/unsafe|\*|https?:/);
    expect(page).not.toContain(' style="');
  });

  test('documents every operation and schema under the target of its links', () => {
    const ids = all(/\sid="([^"]+)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    for (const target of all(/href="#([^"]+)"/g)) expect(ids).toContain(target);
    const { paths, components } = servedDocument();
    for (const methods of Object.values(paths)) {
      for (const { operationId } of Object.values(methods)) expect(ids).toContain(operationId);
    }
    for (const name of Object.keys(components.schemas)) expect(ids).toContain(`schema-${name}`);
  });

  test('supports keyboards and screen readers', () => {
    expect(page).toContain('<html lang="en">');
    expect(page).toMatch(/<a class="skip" href="#main">/);
    expect(page).toMatch(/<main id="main" tabindex="-1">/);
    expect(all(/<(h1)\b/g)).toHaveLength(1);
    expect(all(/<th(?![^>]*scope=)[ >]([^<]*)/g)).toEqual([]);
    for (const id of all(/aria-labelledby="([^"]+)"/g)) expect(page).toContain(`id="${id}"`);
  });

  test('closes every element', () => {
    const open: string[] = [];
    for (const [, end, name = ''] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
      if (name === 'meta') continue;
      if (end) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  test('escapes text that looks like HTML', () => {
    const odd = endpoint({
      group: 'market',
      method: 'GET',
      path: '/v1/odd',
      operationId: 'readOdd',
      summary: '<script>alert(1)</script>',
      description: 'Not `<b>` but "&amp;".',
      access: 'public',
      query: z.strictObject({ a: z.enum(['<i>']).describe("it's <u>") }),
      answer: { status: 200, description: '</td><td>' },
      handle: async () => ({ body: undefined }),
    });
    const written = docsPage(openApiDocument([odd], { version: '<1>', license: 'MIT' }));
    expect(written).not.toMatch(/<script|<b>`|<i>|<u>|<1>/);
    expect(written).toContain('<td>&lt;/td&gt;&lt;td&gt;</td>');
    expect(written).toContain('Not <code>&lt;b&gt;</code> but &quot;&amp;amp;&quot;.');
  });
});

describe('html', () => {
  test('escapes inserted text, but not inserted HTML', () => {
    expect(
      html`<p title="${'"'}">${'<'}${html`<b>${"'"}</b>`}${undefined}${[html`<i></i>`, '&']}</p>`.text,
    ).toBe('<p title="&quot;">&lt;<b>&#39;</b><i></i>&amp;</p>');
  });

  test('splits text into paragraphs', () => {
    expect(prose('One `a`.\n\nTwo.').map(({ text }) => text)).toEqual([
      '<p>One <code>a</code>.</p>\n',
      '<p>Two.</p>\n',
    ]);
  });
});
