/** Acme writes a class of shares after a dot, and lists only American shares. */
export function toAcme(symbol: string): string | undefined {
  return /^[A-Z]+(-[A-Z])?$/.test(symbol) ? symbol.replace('-', '.') : undefined;
}

export function fromAcme(code: string): string {
  return code.replace('.', '-');
}
