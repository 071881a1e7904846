import { closeDatabases } from '../functions/shared/database.ts';
import { serve } from '../local/serving/serve.ts';

// The API as it is deployed, behind the local gateway. The environment says which database.
const service = await serve(0);
service.open();
process.once('SIGTERM', async () => {
  await service.close();
  await closeDatabases();
});
process.stdout.write(`${service.url}\n`);
