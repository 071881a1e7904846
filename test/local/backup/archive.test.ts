import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { createZstdDecompress } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { BadInputError } from '../../../functions/shared/errors.ts';
import { ArchiveWriter, ContentHash, readArchive } from '../../../local/backup/archive.ts';
import { partialOf } from '../../../local/installation/partial-files.ts';
import { folder } from './backup-support.ts';

const LINE = Buffer.from(`1\t${'one'.repeat(13)}\n`);
let path: string;
let bytes: Buffer;

/** Writes an archive of a large table, an empty one and two files. */
async function writeArchive(to: string): Promise<void> {
  const archive = await ArchiveWriter.create(to);
  const large = await archive.addTable('large', async (add) => {
    for (let i = 0; i < 100; i++) await add(Buffer.alloc(100_002, LINE));
  });
  const empty = await archive.addTable('empty', async () => {});
  await writeFile(join(folder, 'a'), 'content');
  await writeFile(join(folder, 'b'), '');
  await archive.addFile('objects/a', join(folder, 'a'));
  await archive.addFile('objects/b', join(folder, 'b'));
  const table = (name: string, digest: typeof large) => ({ name, columns: ['a', 'b'], ...digest });
  await archive.finish({
    program: '1.0.0',
    createdAt: '2026-03-02T08:00:00.000Z',
    database: 'boursomatic',
    schema: { version: 1, name: 'first' },
    tables: [table('empty', empty), table('large', large)],
    partitions: [],
    sequences: [],
  });
}

beforeAll(async () => {
  path = join(folder, 'whole.tar.zst');
  await writeArchive(path);
  bytes = await readFile(path);
});

describe('an archive', () => {
  test('returns what was written, in pieces of bounded size, and counts it', async () => {
    const tables: Record<string, number> = {};
    const files: Record<string, string> = {};
    let largest = 0;
    const manifest = await readArchive(path, {
      rows: async (table, chunk) => {
        tables[table] = (tables[table] ?? 0) + chunk.length;
        largest = Math.max(largest, chunk.length);
      },
      file: async (name, content) => {
        files[name] = '';
        for await (const chunk of content) files[name] += chunk;
      },
    });
    expect(tables).toEqual({ large: 10_000_200 });
    expect(files).toEqual({ 'objects/a': 'content', 'objects/b': '' });
    expect(largest).toBeLessThan(1 << 20);
    expect(manifest.tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['empty', 0],
      ['large', 238_100],
    ]);
    expect(manifest.files).toMatchObject({ count: 2, bytes: 7 });
  });

  test('is a file that only its owner can read, and that tar reads', async () => {
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const plain = join(folder, 'plain.tar');
    await pipeline(
      createReadStream(path, { end: bytes.length - 49 }),
      createZstdDecompress(),
      createWriteStream(plain),
    );
    const listed = execFileSync('tar', ['-tf', plain], { encoding: 'utf8' });
    expect(listed.trimEnd().split('\n')).toEqual([
      'tables/large/000001',
      'tables/large/000002',
      'tables/large/000003',
      'files/objects/a',
      'files/objects/b',
      'manifest.json',
    ]);
  });

  test('is refused if a byte is missing, anywhere', async () => {
    for (const length of [0, 1, 47, 48, 49, 500, bytes.length >> 1, bytes.length - 49, bytes.length - 1]) {
      const cut = join(folder, 'cut.tar.zst');
      await writeFile(cut, bytes.subarray(0, length));
      await expect(readArchive(cut), `${length} bytes`).rejects.toThrow(
        'cut.tar.zst is not a complete backup: use another file, or copy it again',
      );
    }
  });

  test('is refused if a byte was changed, anywhere', async () => {
    for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 20)) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      const altered = join(folder, 'altered.tar.zst');
      await writeFile(altered, changed);
      await expect(readArchive(altered), `byte ${at}`).rejects.toBeInstanceOf(BadInputError);
    }
  }, 120_000);

  test('is refused if it is another file or none', async () => {
    const other = join(folder, 'other.txt');
    await writeFile(other, 'This is a text that has more than the forty-eight bytes of an end.');
    await expect(readArchive(other)).rejects.toThrow('other.txt is not a complete backup');
    await expect(readArchive(folder)).rejects.toThrow(new BadInputError(`${folder} is not a file`));
    await expect(readArchive(join(folder, 'none'))).rejects.toThrow(/none cannot be read \(ENOENT\)/);
  });
});

describe('the hash of a table', () => {
  const digest = (...chunks: string[]) => {
    const content = new ContentHash();
    for (const chunk of chunks) content.add(Buffer.from(chunk));
    return content.end();
  };
  const expected = digest('1\tone\n2\ttwo\n3\tthree\n');

  test.each([
    ['the order of rows', ['3\tthree\n1\tone\n2\ttwo\n']],
    ['the bounds of chunks', ['1\tone\n2', '\tt', 'wo\n3\tthree', '\n']],
  ])('does not depend on %s', (_, chunks) => {
    expect(digest(...chunks)).toEqual(expected);
  });

  test.each([
    ['a value', '1\tone\n2\ttwo\n3\tThree\n'],
    ['the rows of two values', '1\ttwo\n2\tone\n3\tthree\n'],
    ['a row that is there twice instead of another', '1\tone\n1\tone\n3\tthree\n'],
  ])('depends on %s', (_, rows) => {
    expect(digest(rows).sha256).not.toBe(expected.sha256);
  });
});

describe.runIf(process.platform === 'linux')('a full disk', () => {
  test.for([1, 5, 20])('fails each step with its own error: a table of %i chunks', async (chunks) => {
    const full = join(folder, `full-${chunks}.tar.zst`);
    await symlink('/dev/full', partialOf(full));
    const archive = await ArchiveWriter.create(full);
    const writing = (async () => {
      for (let i = 0; ; i++) {
        await archive.addTable(`table_${i}`, async (add) => {
          for (let chunk = 0; chunk < chunks; chunk++) await add(randomBytes(1 << 18));
        });
        await setImmediate();
      }
    })();
    await expect(writing).rejects.toMatchObject({ code: 'ENOSPC' });
    await archive.abort();
  });
});
