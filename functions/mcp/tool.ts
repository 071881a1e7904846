import type * as z from 'zod';
import type { Api } from './api.ts';

/** A tool of the server. Its functions know nothing of the protocol. */
export interface Tool<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  name: string;
  /** For people. */
  title: string;
  /** For assistants: when to use it. It contains no text of vendors or users. */
  description: string;
  /** Changes the watchlist; all other tools only read. */
  changes?: { deletes: boolean };
  /** A strict object. */
  input: I;
  /** A strict object, bounded in size. */
  output: O;
  /** @throws ApiProblem if the API refuses a call */
  run(api: Api, input: z.output<I>): Promise<z.output<O>>;
  /** The output for a reader without the structured form. */
  text(output: z.output<O>): string;
}

/** Declares a tool. The types of its functions follow from its schemas. */
export function tool<I extends z.ZodObject, O extends z.ZodObject>(declared: Tool<I, O>): Tool<I, O> {
  return declared;
}

/** A tool of any types, for lists of tools. */
// biome-ignore lint/suspicious/noExplicitAny: tools take different inputs, and no other type covers all of them
export type AnyTool = Tool<any, any>;
