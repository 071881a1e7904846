import { closeDatabases } from '../functions/shared/database.ts';
import { serve } from '../local/serving/serve.ts';

// Serves the deployed API functions behind the local gateway, on the database that the environment names.
const service = await serve({ port: 0 });
service.open();
process.once('SIGTERM', async () => {
  await service.close();
  await closeDatabases();
});
process.stdout.write(`${service.url}\n`);
