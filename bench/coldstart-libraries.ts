import middy from '@middy/core';
import { importJWK, jwtVerify, SignJWT } from 'jose';
import postgres from 'postgres';
import * as z from 'zod';

/** The libraries that every API function imports, and nothing of the project. */
export const handler = middy(async () => ({
  body: z.strictObject({ name: z.string() }),
  importJWK,
  jwtVerify,
  SignJWT,
  postgres,
}));
