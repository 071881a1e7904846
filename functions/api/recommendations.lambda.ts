import { group } from './core/group-handler.ts';
import { endpoints } from './recommendations/endpoints.ts';

/** Recommendations, and what came of earlier ones. */
export const handler = group('recommendations', endpoints);
