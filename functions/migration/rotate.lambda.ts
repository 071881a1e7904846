import { randomBytes } from 'node:crypto';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { parse } from '../shared/contracts.ts';
import { reachingDatabase } from '../shared/database.ts';
import { log } from '../shared/telemetry.ts';
import { rotateLogin, type Vault } from './rotate.ts';

/** The event that Secrets Manager sends. Unknown keys are ignored, because it may add some. */
const RotationEvent = z.object({
  SecretId: z.string(),
  ClientRequestToken: z.string(),
  Step: z.enum(['createSecret', 'setSecret', 'testSecret', 'finishSecret']),
});

const client = new SecretsManagerClient();

/** Performs one step of the rotation of a login. */
export async function handler(event: unknown): Promise<void> {
  const { SecretId, ClientRequestToken, Step } = parse('rotation event', RotationEvent, event);
  await reachingDatabase(() => rotateLogin(Step, ClientRequestToken, vaultOf(SecretId)));
  log('info', 'rotation', { secret: SecretId, step: Step });
}

function vaultOf(SecretId: string): Vault {
  return {
    read: async (VersionStage, VersionId) => {
      try {
        const command = new GetSecretValueCommand({
          SecretId,
          VersionStage,
          ...(VersionId && { VersionId }),
        });
        return (await client.send(command)).SecretString;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    writePending: async (ClientRequestToken, SecretString) => {
      await client.send(
        new PutSecretValueCommand({
          SecretId,
          ClientRequestToken,
          SecretString,
          VersionStages: ['AWSPENDING'],
        }),
      );
    },
    finish: async (token) => {
      const { VersionIdsToStages: versions = {} } = await client.send(
        new DescribeSecretCommand({ SecretId }),
      );
      const current = Object.keys(versions).find((id) => versions[id]?.includes('AWSCURRENT'));
      if (current === token) return;
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: token,
          RemoveFromVersionId: current,
        }),
      );
    },
    newPassword: () => randomBytes(30).toString('base64url'),
  };
}
