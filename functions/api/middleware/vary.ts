import type { ApiResponse } from '../core/http.ts';

/** Adds a request header to the answer's `Vary`. */
export function addVary(response: ApiResponse, name: string): void {
  const { vary } = response.headers ?? {};
  response.headers = { ...response.headers, vary: vary ? `${vary}, ${name}` : name };
}
