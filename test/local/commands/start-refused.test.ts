import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ownerText } from '../../../local/installation/folder-lock.ts';
import { announceService } from '../../../local/service/service-file.ts';
import { runCommand } from './command-support.ts';
import { barsFile, csv, dataDir, folder, HEADER, rows, start } from './start-support.ts';

describe('an invalid bars file', () => {
  test.each([
    ['missing.csv', undefined, /missing\.csv: .*not|no such/i],
    ['empty.csv', [], /empty\.csv/],
    [
      'header.csv',
      ['date,symbol,price,volume'],
      /header\.csv:1: header is "date,symbol,price,volume": no column for open, high and low/,
    ],
    ['text.csv', [HEADER, 'AAA,2010-01-04,ten,12,9,11,100'], /text\.csv:2: AAA: open "ten" is not a number/],
    [
      'twice.csv',
      [HEADER, 'AAA,2010-01-04,10,12,9,11,100', 'AAA,2010-01-04,10,12,9,11,101'],
      /twice\.csv:3: AAA: a different row of 2010-01-04 is on line 2/,
    ],
    [
      'future.csv',
      [HEADER, 'AAA,2010-01-04,10,12,9,11,100', 'AAA,2099-01-05,10,12,9,11,100'],
      /future\.csv:3: AAA: date 2099-01-05 is after today/,
    ],
    [
      'order.csv',
      [HEADER, 'AAA,03/04/2015,10,12,9,11,100'],
      /order\.csv:2: date "03\/04\/2015" may begin .* --date-format dmy or mdy/,
    ],
  ])(
    'rejects %s with one line that names it and exit 2, and writes nothing',
    async (name, lines, message) => {
      const path = lines ? await barsFile(name, lines) : join(folder, name);
      const files = () => readdir(dataDir, { recursive: true });
      const before = await files();
      const run = await start(csv(path));
      expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(run.stderr).toMatch(message);
      expect(run.code).toBe(2);
      expect(run.stdout).toBe('');
      expect(await files()).toEqual(before);
    },
  );

  test('rejects a truncated gzip file', async () => {
    const path = join(folder, 'truncated.csv.gz');
    const whole = gzipSync([HEADER, ...rows('AAA', 300)].join('\n'));
    await writeFile(path, whole.subarray(0, whole.length / 2));
    const run = await start(csv(path));
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/^boursomatic: .*truncated\.csv\.gz/);
  });
});

describe('a failure', () => {
  test('exits 1 with one line if the database is unreachable', async () => {
    const run = await start(['--once'], { DATABASE_URL: 'postgres://nobody:secret-word@127.0.0.1:9/none' });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^boursomatic: database: .*ECONNREFUSED/m);
    expect(run.stderr).not.toContain('secret-word');
  });

  test('exits 1 with one line, before the run, if the port is in use', async () => {
    const server = createServer();
    const port = await new Promise<number>((done) =>
      server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port)),
    );
    const run = await start(['--port', String(port)]);
    server.close();
    expect(run.code).toBe(1);
    expect(run.stderr.trimEnd()).toBe(
      `boursomatic: port ${port} is in use: choose another with --port, or a free one with --port 0`,
    );
  });

  test('exits 1 with one line if the data folder is in use', async () => {
    await writeFile(join(dataDir, 'owner.pid'), await ownerText(process.pid));
    const run = await start(['--once']);
    await rm(join(dataDir, 'owner.pid'));
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`is in use by process ${process.pid}`);
  });

  test.each([
    ['missing', 'score.onnx', 'is missing'],
    ['corrupt', 'move.onnx', 'is not the file that the manifest names'],
  ])('exits 1 with one line if a file of the model is %s', async (kind, name, message) => {
    const folder = await mkdtemp(join(tmpdir(), 'boursomatic-model-'));
    const models = fileURLToPath(new URL('../../../models/', import.meta.url));
    for (const file of await readdir(models)) await copyFile(join(models, file), join(folder, file));
    if (kind === 'missing') await rm(join(folder, name));
    else await writeFile(join(folder, name), 'not a model');
    const run = await start(['--once', '--model', folder]);
    await rm(folder, { recursive: true });
    expect(run.code).toBe(1);
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(run.stderr).toContain(name);
    expect(run.stderr).toContain(message);
  });
});

test('a run of another vendor than that of the service is refused, and nothing is remembered', async () => {
  const place = await mkdtemp(join(tmpdir(), 'boursomatic-vendor-'));
  const choice = JSON.stringify({ data: 'real', start: { provider: 'yahoo', reference: 'none' } });
  await writeFile(join(place, 'installation.json'), choice);
  await announceService(place, { url: 'http://127.0.0.1:1', token: 'none', database: 'boursomatic' });
  await writeFile(join(place, 'key'), 'a-key-for-stooq');
  const { code, error } = await runCommand(
    'start.ts',
    ['--once', '--provider', 'stooq', '--reference', 'none', '--data-dir', place],
    { env: { STOOQ_KEY_SECRET: pathToFileURL(join(place, 'key')).href } },
  );
  const names = await readdir(place);
  const kept = await readFile(join(place, 'installation.json'), 'utf8');
  await rm(place, { recursive: true });
  expect(code).toBe(1);
  expect(error).toContain(`(process ${process.pid}) uses yahoo, not stooq: stop it first`);
  expect(names.sort()).toEqual(['installation.json', 'key', 'service.json']);
  expect(kept).toBe(choice);
});
