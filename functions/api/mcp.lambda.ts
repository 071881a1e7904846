import { mcpHandler } from '../mcp/handler.ts';
import { servicesOnce } from './services.ts';

/** Serves `/mcp`, the server for assistants. */
export const handler = mcpHandler(servicesOnce());
