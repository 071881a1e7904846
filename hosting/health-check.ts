/** Exits 0 if the service on this machine answers that it works, else 1. For the health check of the container. */
const port = process.env.BOURSOMATIC_PORT || '8787';
const { ok } = await fetch(`http://127.0.0.1:${port}/v1/health`, { signal: AbortSignal.timeout(10_000) });
process.exit(ok ? 0 : 1);
