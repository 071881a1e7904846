import type { ApiResponse } from '../core/http.ts';

/** Says that an answer also depends on a header of the request. */
export function addVary(response: ApiResponse, name: string): void {
  const { vary } = response.headers ?? {};
  response.headers = { ...response.headers, vary: vary ? `${vary}, ${name}` : name };
}
