import { hash } from 'node:crypto';
import { kindOf, membersOf, table } from './docs-schema.ts';
import { STYLE } from './docs-style.ts';
import {
  type ApiAnswer,
  type JsonSchema,
  type OpenApiDocument,
  type Operation,
  resolveAnswer,
} from './format.ts';
import { type Html, html, inline, prose } from './html.ts';

/** The page's Content-Security-Policy. It allows only the page's own style sheet: no scripts and no requests. */
export const DOCS_POLICY = [
  "default-src 'none'",
  "object-src 'none'",
  `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** An operation with its method and path. */
interface DocumentedOperation {
  method: string;
  path: string;
  operation: Operation;
  answers: { status: string; answer: ApiAnswer }[];
}

/** Renders an OpenAPI document as an HTML page. */
export function docsPage(document: OpenApiDocument): string {
  const { info, tags, components } = document;
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
      answers: Object.entries(operation.responses).map(([status, answer]) => ({
        status,
        answer: resolveAnswer(document, answer),
      })),
    })),
  );
  const of = (name: string) =>
    documented.filter(({ operation }) => operation.tags.some((tag) => tag === name));
  const schemas = Object.entries(components.schemas);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} API ${info.version}</title>
<style>${STYLE_HTML}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the operations</a>
<header>
<h1>${info.title} API <small>${info.version}</small></h1>
${prose(info.description)}
<p><a href="openapi.json">The OpenAPI document</a> has this reference in machine-readable form.</p>
</header>
<nav aria-label="Operations">
${tags.map(({ name }) => html`<h2><a href="#${name}">${name}</a></h2>\n<ul>\n${of(name).map(entry)}</ul>\n`)}
<h2><a href="#schemas">schemas</a></h2>
<ul>
${schemas.map(([name]) => html`<li><a href="#schema-${name}">${name}</a></li>\n`)}</ul>
</nav>
<main id="main" tabindex="-1">
${tags.map(
  ({ name, description }) => html`<section aria-labelledby="${name}">
<h2 id="${name}">${name}</h2>
${prose(description)}${of(name).map(section)}</section>
`,
)}
<section aria-labelledby="schemas">
<h2 id="schemas">Schemas</h2>
${schemas.map(([name, schema]) => schemaSection(name, schema))}</section>
</main>
</body>
</html>
`;
  return page.text;
}

/** Not escaped, because a style sheet has no entities. The text is a constant. */
const STYLE_HTML = html([STYLE] as unknown as TemplateStringsArray);

function entry({ operation }: DocumentedOperation): Html {
  return html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>\n`;
}

function section({ method, path, operation, answers }: DocumentedOperation): Html {
  const { operationId, summary, description, parameters = [], requestBody } = operation;
  const body = requestBody?.content['application/json']?.schema;
  return html`<article aria-labelledby="${operationId}">
<h3 id="${operationId}"><a href="#${operationId}">${summary}</a></h3>
<p class="request"><b class="${method.toLowerCase()}">${method}</b> <code>${path}</code> <small>${operationId}</small></p>
${description === undefined ? '' : prose(description)}
${parameters.length === 0 ? '' : table('Parameter', parameters)}
${body ? html`<h4>Body</h4>\n<p>${kindOf(body)}, as JSON</p>\n` : ''}
<h4>Responses</h4>
<table>
<thead><tr><th scope="col">Status</th><th scope="col">Meaning</th><th scope="col">Body</th></tr></thead>
<tbody>
${answers.map(answerRow)}</tbody>
</table>
</article>
`;
}

function answerRow({
  status,
  answer: { description, content = {} },
}: DocumentedOperation['answers'][number]): Html {
  const bodies = Object.values(content).map(
    ({ schema }, index) => html`${index > 0 ? ' or ' : ''}${bodyOf(schema)}`,
  );
  return html`<tr><th scope="row">${status}</th><td>${inline(description)}</td><td>${bodies}</td></tr>
`;
}

/** Shows a problem by its types, and any other body by its kind. */
function bodyOf(schema: JsonSchema): Html {
  const [, narrowed] = (schema.allOf ?? []) as JsonSchema[];
  const { type } = (narrowed?.properties ?? {}) as { type?: JsonSchema };
  return type ? html`<a href="#schema-Problem">Problem</a> of type ${kindOf(type)}` : kindOf(schema);
}

function schemaSection(name: string, schema: JsonSchema): Html {
  const { description } = schema;
  return html`<article aria-labelledby="schema-${name}">
<h3 id="schema-${name}"><a href="#schema-${name}">${name}</a></h3>
${typeof description === 'string' ? prose(description) : ''}${membersOf(schema)}</article>
`;
}
