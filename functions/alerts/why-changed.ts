export function whyChanged(_row: unknown): string {
  return 'The call changed.';
}
