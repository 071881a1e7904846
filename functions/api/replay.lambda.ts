import { groupHandler } from './core/group-handler.ts';
import { endpoints } from './replay/endpoints.ts';
import { servicesOnce } from './services.ts';

/** Serves the group `replay`, which needs the library that runs models. */
export const handler = groupHandler('replay', endpoints, servicesOnce());
