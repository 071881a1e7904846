import {
  type OrderableDBInstanceOption,
  paginateDescribeOrderableDBInstanceOptions,
  paginateDescribeSourceRegions,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { Clients } from './clients.ts';
import { call, type Finding } from './findings.ts';
import { resourcesOf, type Target } from './target.ts';

/** Reads whether the region sells the instances of the stacks: class, engine, storage and zones. */
export async function checkInstances({ rds }: Clients, { stacks, region }: Target): Promise<Finding[]> {
  const check = 'Database';
  const findings: Finding[] = [];
  for (const { Properties } of resourcesOf(stacks, 'AWS::RDS::DBInstance')) {
    // A replica has the engine of its source.
    if (Properties.SourceDBInstanceIdentifier !== undefined) continue;
    const { DBInstanceClass, Engine, EngineVersion, StorageType, MultiAZ } = Properties;
    const name = `${String(DBInstanceClass)} with ${String(Engine)} ${String(EngineVersion)} on ${String(StorageType)}${MultiAZ === true ? ' in two zones' : ''}`;
    const fits = (option: OrderableDBInstanceOption) =>
      option.EngineVersion?.split('.')[0] === String(EngineVersion) &&
      option.StorageType === StorageType &&
      (MultiAZ !== true || option.MultiAZCapable === true);
    const isSold = await call('rds:DescribeOrderableDBInstanceOptions', async () => {
      const query = { Engine: String(Engine), DBInstanceClass: String(DBInstanceClass), Vpc: true };
      for await (const page of paginateDescribeOrderableDBInstanceOptions({ client: rds }, query)) {
        if (page.OrderableDBInstanceOptions?.some(fits)) return true;
      }
      return false;
    });
    findings.push(
      isSold
        ? { check, verdict: 'ok', answer: `RDS offers ${name}` }
        : {
            check,
            verdict: 'problem',
            answer: `RDS does not offer ${name} in ${region}`,
            remedy: 'Deploy to another region, or run your own Postgres with "database": "external".',
          },
    );
  }
  return findings;
}

/** Reads whether RDS copies automated backups from the region to the one of the settings. */
export async function checkBackupCopies({ settings, region }: Target): Promise<Finding[]> {
  const to = settings.backupCopy?.region;
  if (to === undefined) return [];
  const check = 'Backup copies';
  const client = new RDSClient({ region: to });
  const isPossible = await call('rds:DescribeSourceRegions', async () => {
    for await (const page of paginateDescribeSourceRegions({ client }, {})) {
      const source = page.SourceRegions?.find(({ RegionName }) => RegionName === region);
      if (source?.SupportsDBInstanceAutomatedBackupsReplication === true) return true;
    }
    return false;
  });
  if (isPossible) return [{ check, verdict: 'ok', answer: `RDS copies backups from ${region} to ${to}` }];
  return [
    {
      check,
      verdict: 'problem',
      answer: `RDS does not copy automated backups from ${region} to ${to}`,
      remedy: 'Choose another "backupRegion", with a "backupKey" there, or remove both.',
    },
  ];
}
