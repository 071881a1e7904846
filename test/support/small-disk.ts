import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillFile } from './fill-file.ts';

/** A file system of its own, in a file. */
export interface SmallDisk {
  /** Where it is mounted. Every user may enter it. */
  folder: string;
  /** Fills it to the last byte. */
  fill(): Promise<void>;
  /** Removes what {@link fill} wrote. */
  free(): Promise<void>;
  /** Makes it read-only, or writable again. */
  setReadOnly(isReadOnly: boolean): void;
  /** The disk as a power cut would leave it at this moment: with what was synced, and without the rest. */
  afterPowerCut(): Promise<SmallDisk>;
  remove(): Promise<void>;
}

/** Why this machine cannot mount a file system; undefined if it can. */
export const noDisk: string | undefined = await (async () => {
  if (process.platform !== 'linux') return 'needs Linux, to mount a file system';
  if (process.getuid?.() !== 0) return 'needs root, to mount a file system';
  try {
    await (await makeDisk(4)).remove();
    return undefined;
  } catch (error) {
    return `cannot mount a file system: ${error instanceof Error ? error.message : error}`;
  }
})();

/** Makes and mounts a file system (ext4). */
export async function makeDisk(megabytes: number): Promise<SmallDisk> {
  const home = await mkdtemp(join(tmpdir(), 'boursomatic-disk-'));
  await chmod(home, 0o755);
  const image = join(home, 'image');
  call('truncate', '-s', `${megabytes}M`, image);
  // Without a share for root: the last byte is the last one for every user.
  call('mkfs.ext4', '-q', '-F', '-m', '0', image);
  return mountImage(home, image);
}

async function mountImage(home: string, image: string): Promise<SmallDisk> {
  const folder = join(home, 'mounted');
  const filler = join(folder, 'filler');
  await mkdir(folder);
  // The kernel writes nothing to the disk of its own accord: only what a program syncs survives a power cut.
  call('mount', '-o', 'loop,commit=9999', image, folder);
  return {
    folder,
    fill: () => fillFile(filler),
    free: () => rm(filler),
    setReadOnly: (isReadOnly) => call('mount', '-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, folder),
    afterPowerCut: async () => {
      const copy = await mkdtemp(join(tmpdir(), 'boursomatic-disk-'));
      await chmod(copy, 0o755);
      await copyFile(image, join(copy, 'image'));
      return mountImage(copy, join(copy, 'image'));
    },
    remove: async () => {
      // Lazily: a process that has just been killed may still hold a file.
      call('umount', '-l', folder);
      await rm(home, { recursive: true });
    },
  };
}

/** Runs a program of the system's administrator. */
function call(program: string, ...args: string[]): void {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.trim()}`);
}
