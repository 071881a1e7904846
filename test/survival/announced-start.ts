import { Progress } from '../../local/terminal/progress.ts';

/** Runs `npm start` and prints every step as it begins; away from a terminal, it prints one in two seconds at most. */
Progress.prototype.update = (text) => void process.stderr.write(`${text}\n`);

await import('../../local/commands/start.ts');
