import { endpoints } from './admin/endpoints.ts';
import { group } from './group.ts';

/** What administrators can do. */
export const handler = group('admin', endpoints);
