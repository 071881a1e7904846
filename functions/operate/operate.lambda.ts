import * as z from 'zod';
import { Email } from '../api/auth/fields.ts';
import { promote, rollback } from '../infer/registry.ts';
import { evidenceFrom } from '../infer/release-evidence.ts';
import { list } from '../infer/versions.ts';
import { deactivateInstruments, listInstruments } from '../ingest/instrument-list.ts';
import { registerInstruments } from '../ingest/instruments.ts';
import { CHOSEN_PURPOSES, ENV } from '../shared/constants.ts';
import { parse } from '../shared/contracts.ts';
import { database, reachingDatabase } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { AnySymbol, ModelVersionName } from '../shared/fields.ts';
import { openObjects } from '../shared/objects.ts';
import { pipelineDatabase } from '../shared/pipeline-context.ts';
import { log } from '../shared/telemetry.ts';
import { setAdmin } from './admins.ts';
import { resetPassword } from './passwords.ts';
import { removeSecondFactorOf } from './second-factors.ts';

const Environment = z.object({
  [ENV.trainingDatabaseSecret]: z.string(),
  [ENV.apiDatabaseSecret]: z.string(),
  [ENV.modelObjectsUrl]: z.string(),
});

const Listing = z.strictObject({
  symbol: AnySymbol,
  exchange: z.string().min(1).max(200).exactOptional(),
  name: z.string().min(1).max(200).exactOptional(),
  sector: z.string().min(1).max(200).exactOptional(),
});

/** A request of an operator, pasted into the test event of the Lambda console. */
export const OperatorRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('list-instruments') }),
  z.strictObject({
    do: z.literal('add-instruments'),
    instruments: z.array(Listing).min(1).max(2000),
    purpose: z.enum(CHOSEN_PURPOSES).exactOptional(),
  }),
  z.strictObject({ do: z.literal('deactivate-instruments'), symbols: z.array(AnySymbol).min(1) }),
  z.strictObject({ do: z.literal('list-models') }),
  z.strictObject({
    do: z.literal('promote-model'),
    version: ModelVersionName,
    /** The reason to promote a version that fails the gate; it is recorded. */
    force: z.string().min(1).optional(),
  }),
  z.strictObject({ do: z.literal('rollback-model'), version: ModelVersionName.optional() }),
  z.strictObject({ do: z.literal('grant-admin'), email: Email }),
  z.strictObject({ do: z.literal('revoke-admin'), email: Email }),
  z.strictObject({ do: z.literal('remove-second-factor'), email: Email }),
  z.strictObject({ do: z.literal('reset-password'), email: Email }),
]);
export type OperatorRequest = z.output<typeof OperatorRequest>;

/** Manages instruments, models and administrators in an AWS account, where the command line cannot reach the database. */
export async function handler(event: unknown): Promise<unknown> {
  const request = parse('operator request', OperatorRequest, event);
  const answer = await reachingDatabase(() => carryOut(request));
  log('info', 'operator request', { do: request.do });
  return answer;
}

async function carryOut(request: OperatorRequest): Promise<unknown> {
  switch (request.do) {
    case 'list-instruments':
      return listInstruments(await pipelineDatabase(), { all: false });
    case 'add-instruments':
      return {
        addedOrChanged: await registerInstruments(
          await pipelineDatabase(),
          request.instruments,
          request.purpose,
        ),
      };
    case 'deactivate-instruments':
      return { deactivated: await deactivateInstruments(await pipelineDatabase(), request.symbols) };
    case 'list-models':
      return list(await training());
    case 'promote-model':
      return promote(await training(), models(), request.version, {
        force: request.force,
        evidence: evidenceFrom(models()),
      });
    case 'rollback-model':
      return rollback(await training(), models(), request.version);
    case 'grant-admin':
    case 'revoke-admin':
      return setAdmin(await users(), request.email, request.do === 'grant-admin');
    case 'remove-second-factor':
      return removeSecondFactorOf(await users(), request.email);
    case 'reset-password':
      return resetPassword(await users(), request.email);
  }
}

async function training() {
  return database(readEnvironment(Environment).TRAINING_DATABASE_SECRET);
}

async function users() {
  return database(readEnvironment(Environment).API_DATABASE_SECRET);
}

const models = () => openObjects(readEnvironment(Environment).MODEL_OBJECTS_URL);
