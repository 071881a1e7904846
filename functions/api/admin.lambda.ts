import { endpoints } from './admin/endpoints.ts';
import { groupHandler } from './core/group-handler.ts';
import { servicesOnce } from './services.ts';

/** What administrators can do. */
export const handler = groupHandler('admin', endpoints, servicesOnce());
