import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { ENV } from '../../shared/constants.ts';
import { parse } from '../../shared/contracts.ts';
import { readEnvironment } from '../../shared/environment.ts';
import { openObjects } from '../../shared/objects.ts';
import { log } from '../../shared/telemetry.ts';
import type { RunReply } from './run-request.ts';
import { startRequestedRun } from './start-requested-run.ts';
import { stateMachine } from './state-machine.ts';

const Environment = z.object({
  [ENV.stateMachineArn]: z.string().min(1),
  [ENV.runRequestsUrl]: z.string().min(1),
});

/** The part of EventBridge's event for a new object that this function needs. */
const ObjectCreated = z.object({ detail: z.object({ object: z.object({ key: z.string().min(1) }) }) });

/** Starts the runs that administrators request. */
export async function handler(event: unknown): Promise<RunReply> {
  const { key } = parse('event for a new run request', ObjectCreated, event).detail.object;
  const { STATE_MACHINE_ARN, RUN_REQUESTS_URL } = readEnvironment(Environment);
  const reply = await startRequestedRun(
    openObjects(RUN_REQUESTS_URL),
    stateMachine(STATE_MACHINE_ARN),
    key,
    wallClock(),
  );
  log(reply.refused === undefined ? 'info' : 'error', 'run requested', { key, ...reply });
  return reply;
}
