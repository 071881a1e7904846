import { endpoints } from './admin/endpoints.ts';
import { group } from './core/group-handler.ts';

/** What administrators can do. */
export const handler = group('admin', endpoints);
