import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { Fault } from './faults.ts';

/** The delays of slow answers, in milliseconds. */
export interface Timing {
  /** Before every answer. Default 0. */
  delayMs: number;
  /** How long a hanging request stays open. Default Infinity. */
  hangMs: number;
  /** Bytes in each piece of a dripping answer, and the time between pieces. Default 16 every 50. */
  dripBytes: number;
  dripMs: number;
}

export const DEFAULT_TIMING: Timing = {
  delayMs: 0,
  hangMs: Number.POSITIVE_INFINITY,
  dripBytes: 16,
  dripMs: 50,
};

/** Short delays, for tests and impatient users. */
export const FAST_TIMING: Timing = { delayMs: 0, hangMs: 300, dripBytes: 64, dripMs: 10 };

/**
 * Sends an answer, or fails to, according to the fault. Resolves once the connection is done.
 *
 * @param date - the Date header of an answer that has none of its own
 */
export function deliver(
  response: ServerResponse,
  answer: Answer,
  date: Date,
  timing: Timing,
  fault: Fault | undefined,
): void {
  if (timing.delayMs > 0) {
    setTimeout(() => send(response, answer, date, timing, fault), timing.delayMs);
  } else send(response, answer, date, timing, fault);
}

function send(response: ServerResponse, answer: Answer, date: Date, timing: Timing, fault?: Fault): void {
  const { socket } = response;
  if (!socket || socket.destroyed) return;
  if (fault?.kind === 'hang') {
    if (Number.isFinite(timing.hangMs)) setTimeout(() => socket.destroy(), timing.hangMs);
    return;
  }
  if (fault?.kind === 'reset' && fault.at !== 'body') {
    socket.resetAndDestroy();
    return;
  }
  const body = Buffer.from(answer.body);
  response.sendDate = false;
  response.setHeader('date', date.toUTCString());
  response.setHeader('server', 'ATS');
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.setHeader('content-length', body.length);
  response.writeHead(answer.status);
  if (fault?.kind === 'reset') {
    // The peer must receive the first half before the reset, which would otherwise overtake it.
    response.write(body.subarray(0, body.length >> 1), () => setTimeout(() => socket.resetAndDestroy(), 10));
  } else if (fault?.kind === 'slow_drip') {
    drip(response, body, fault.bytes ?? timing.dripBytes, fault.everyMs ?? timing.dripMs);
  } else response.end(body);
}

function drip(response: ServerResponse, body: Buffer, bytes: number, everyMs: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + bytes));
    sent += bytes;
    if (sent < body.length) return;
    clearInterval(timer);
    response.end();
  }, everyMs);
  response.on('close', () => clearInterval(timer));
}
