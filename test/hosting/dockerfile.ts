import { cp, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** An instruction of a Dockerfile. */
export interface Instruction {
  name: string;
  text: string;
}

/** One stage of a Dockerfile: its instructions after FROM. */
export type Stage = Instruction[];

/** Splits a Dockerfile into its stages. Arguments before the first FROM are left out. */
export function readStages(text: string): Stage[] {
  const stages: Stage[] = [];
  const lines = text.replaceAll(/\\\n/g, ' ').split('\n');
  for (const line of lines) {
    const [, name, rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (name === 'FROM') stages.push([]);
    else if (name) stages.at(-1)?.push({ name, text: rest });
  }
  return stages;
}

/** A pattern of .dockerignore. Its stars also stand for names that begin with a dot, unlike those of a shell. */
function toRegExp(pattern: string): RegExp {
  const parts = pattern.replaceAll('.', '\\.').replaceAll('**/', '(?:.+/)?').replaceAll('*', '[^/]*');
  return new RegExp(`^${parts}$`);
}

/**
 * Copies a build context as Docker sends it: without what .dockerignore excludes. The last pattern that matches a path or
 * a folder above it decides.
 */
export async function copyContext(from: string, to: string, ignored: string): Promise<void> {
  const patterns = ignored.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const rules = patterns.map((line) =>
    line.startsWith('!')
      ? { pattern: toRegExp(line.slice(1)), isSent: true }
      : { pattern: toRegExp(line), isSent: false },
  );
  const isSent = (path: string) => {
    const parts = path.split('/');
    const places = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    return rules.findLast(({ pattern }) => places.some((place) => pattern.test(place)))?.isSent ?? true;
  };
  for (const name of await readdir(from)) {
    // Nothing below node_modules is sent, and looking at it would take long.
    if (!isSent(name)) continue;
    await cp(join(from, name), join(to, name), {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => isSent(relative(from, path)),
    });
  }
}
