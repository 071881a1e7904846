import { groupHandler } from './core/group-handler.ts';
import { endpoints } from './recommendations/endpoints.ts';
import { servicesOnce } from './services.ts';

/** Recommendations, and what came of earlier ones. */
export const handler = groupHandler('recommendations', endpoints, servicesOnce());
