import { Pace } from '../../functions/ingest/providers/pace.ts';

/** Runs `npm start` without the pauses that spare a vendor: the loopback market needs none. */
Pace.prototype.turn = async () => true;

await import('../../local/commands/start.ts');
