import type { Group } from '../core/groups.ts';

export type JsonSchema = Record<string, unknown>;

export interface OpenApiDocument {
  openapi: string;
  jsonSchemaDialect: string;
  info: {
    title: string;
    version: string;
    description: string;
    license: { name: string; identifier: string };
  };
  servers: { url: string; description: string }[];
  tags: { name: Group; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    securitySchemes: Record<string, JsonSchema>;
    schemas: Record<string, JsonSchema>;
    responses: Record<string, ApiAnswer>;
    headers: Record<string, { description: string; schema: JsonSchema }>;
  };
}

export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: Group[];
  security: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, ApiAnswer | { $ref: string }>;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

/** Resolves an answer that is a reference to a shared one. */
export function resolveAnswer(document: OpenApiDocument, answer: ApiAnswer | { $ref: string }): ApiAnswer {
  if (!('$ref' in answer)) return answer;
  const name = answer.$ref.slice(answer.$ref.lastIndexOf('/') + 1);
  const shared = document.components.responses[name];
  if (!shared) throw new Error(`the document has no response ${name}`);
  return shared;
}

export interface ApiAnswer {
  description: string;
  headers?: Record<string, { $ref: string }>;
  content?: Record<string, { schema: JsonSchema }>;
}
