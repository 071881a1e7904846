import * as z from 'zod';
import { wallClock } from '../shared/clock.ts';
import { ENV } from '../shared/constants.ts';
import { parse } from '../shared/contracts.ts';
import { readEnvironment } from '../shared/environment.ts';
import { openObjects } from '../shared/objects.ts';
import type { LookupReply } from '../shared/symbol-lookup.ts';
import { log } from '../shared/telemetry.ts';
import { answerLookup } from './answer-lookup.ts';
import { openProvider } from './providers/open.ts';

const Environment = z.object({ [ENV.runRequestsUrl]: z.string().min(1) });

/** The part of EventBridge's event for a new object that this function needs. */
const ObjectCreated = z.object({ detail: z.object({ object: z.object({ key: z.string().min(1) }) }) });

/** Asks the vendors about the symbols that a user wants to follow. */
export async function handler(event: unknown): Promise<LookupReply | null> {
  const { key } = parse('event for a new lookup', ObjectCreated, event).detail.object;
  const { RUN_REQUESTS_URL } = readEnvironment(Environment);
  const objects = openObjects(RUN_REQUESTS_URL);
  const reply = await answerLookup(objects, () => openProvider(process.env), key, wallClock());
  log('info', 'symbols looked up', { key, answers: reply?.answers.length ?? 0 });
  return reply ?? null;
}
