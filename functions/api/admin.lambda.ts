import { endpoints } from './admin/endpoints.ts';
import { groupHandler } from './core/group-handler.ts';
import { servicesOnce } from './services.ts';

/** Serves the group `admin`. */
export const handler = groupHandler('admin', endpoints, servicesOnce());
