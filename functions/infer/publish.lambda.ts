import * as z from 'zod';
import { copyPublications } from '../publications/copies.ts';
import { ENV } from '../shared/constants.ts';
import { InferResult, type PublishResult, parse } from '../shared/contracts.ts';
import { reachingDatabase } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { openObjects } from '../shared/objects.ts';
import { pipelineDatabase } from '../shared/pipeline-context.ts';
import { readPredictions } from './predictions.ts';
import { publishRun } from './publish.ts';

const Environment = z.object({ [ENV.rawObjectsUrl]: z.string(), [ENV.publicationObjectsUrl]: z.string() });

export async function handler(event: unknown): Promise<PublishResult> {
  const run = parse('inference result', InferResult, event);
  const { RAW_OBJECTS_URL, PUBLICATION_OBJECTS_URL } = readEnvironment(Environment);
  const predictions = await readPredictions(openObjects(RAW_OBJECTS_URL), run.scores);
  return reachingDatabase(async () => {
    const sql = await pipelineDatabase();
    const published = await publishRun(run, predictions, sql);
    await copyPublications(sql, openObjects(PUBLICATION_OBJECTS_URL));
    return published;
  });
}
