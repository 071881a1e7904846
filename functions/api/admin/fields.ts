import * as z from 'zod';
import { textParameter } from '../lists/parameters.ts';

/** A line of text that a person wrote. */
export const line = textParameter;

/** An identifier of a row. */
export const Id = z.uuid('must be a UUID').describe('The id.');

/** The path parameter of what is about one row. */
export const IdParams = z.strictObject({ id: Id });
