import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { defined } from '../functions/shared/invariant.ts';
import { rounded } from './quantile.ts';

/** Parts of the API's work, by the source of the innermost frame that belongs to one of them. */
const PARTS = {
  /** Building queries, talking to Postgres, and parsing its rows. */
  driver: /\/node_modules\/postgres\//,
  /** The local gateway: reading the request, and compressing and writing the response. */
  gateway: /\/local\/serving\//,
  validation: /\/node_modules\/(zod|ajv)\//,
  /** Everything else of the handlers: access, middleware, and the answer's text. */
  handler: /\/(functions|node_modules)\//,
} as const;

const Profile = z.object({
  nodes: z.array(
    z.object({
      id: z.int(),
      callFrame: z.object({ functionName: z.string(), url: z.string() }),
      children: z.array(z.int()).optional(),
    }),
  ),
  samples: z.array(z.int()),
  timeDeltas: z.array(z.number()),
});
type Profile = z.output<typeof Profile>;

/** A folder for a server's profile. */
export interface ProfileFolder {
  /** The environment in which a Node process writes its profile when it ends. */
  environment: Record<string, string>;
  /** The shares of the parts in percent; Node's own HTTP server and its garbage collection are `node` and `garbage`. */
  shares(): Promise<Record<string, number>>;
  remove(): Promise<void>;
}

/** Makes a folder for the profile of one process. */
export async function profileFolder(): Promise<ProfileFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-profile-'));
  return {
    environment: { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` },
    shares: async () => {
      const file = defined((await readdir(folder))[0], 'profile');
      return sharesOf(Profile.parse(JSON.parse(await readFile(join(folder, file), 'utf8'))));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The share of each part in the time that the processor was busy, in percent. */
export function sharesOf({ nodes, samples, timeDeltas }: Profile): Record<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const partOf = (id: number): string => {
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const { url, functionName } = defined(byId.get(at), 'node of a profile').callFrame;
      if (functionName === '(garbage collector)') return 'garbage';
      if (functionName === '(idle)') return 'idle';
      const part = Object.entries(PARTS).find(([, source]) => source.test(url));
      if (part) return part[0];
    }
    return 'node';
  };
  const times: Record<string, number> = {};
  samples.forEach((id, i) => {
    const part = partOf(id);
    times[part] = (times[part] ?? 0) + defined(timeDeltas[i], 'time of a sample');
  });
  const busy = Object.entries(times).reduce((sum, [part, time]) => (part === 'idle' ? sum : sum + time), 0);
  return Object.fromEntries(
    [...Object.keys(PARTS), 'node', 'garbage'].map((part) => [
      part,
      rounded((100 * (times[part] ?? 0)) / busy),
    ]),
  );
}
