import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect } from 'vitest';
import type { DateFormat } from '../../../../functions/ingest/bars-file/days.ts';
import { type BarsFile, readBarsFile } from '../../../../functions/ingest/bars-file/read-bars-file.ts';
import type { Bar } from '../../../../functions/ingest/providers/provider.ts';
import { BadInputError } from '../../../../functions/shared/errors.ts';

/** A folder of a test file's bars files. */
export function useBarsFolder() {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'boursomatic-bars-file-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const pathOf = (name: string) => join(folder, name);
  return {
    pathOf,
    /** Writes a file, and reads it as bars. */
    read: async (name: string, content: string | Uint8Array, dateFormat?: DateFormat) => {
      await writeFile(pathOf(name), content);
      return readBarsFile(pathOf(name), dateFormat);
    },
    /** Writes a file that is refused. @returns the message after the path of the folder */
    refusal: async (name: string, content: string | Uint8Array, dateFormat?: DateFormat) => {
      await writeFile(pathOf(name), content);
      return refusalOf(pathOf(name), dateFormat).then((message) => message.replaceAll(`${folder}/`, ''));
    },
  };
}

/** The message with which a path is refused: one line of printable text. */
export async function refusalOf(path: string, dateFormat?: DateFormat): Promise<string> {
  const error = await readBarsFile(path, dateFormat).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BadInputError);
  const { message } = error as BadInputError;
  expect(message).toMatch(/^[^\p{Cc}]+$/u);
  expect(message.length).toBeLessThan(500);
  return message;
}

/** All bars of a file's symbol. */
export function barsOf(file: BarsFile, symbol: string): Bar[] {
  return file.series.get(symbol)?.bars('1900-01-01', '2199-12-31') ?? [];
}

/** A zip of some files, as a packer writes it. */
export function zipOf(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const data = Buffer.from(content);
    const packed = deflateRawSync(data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const end = Buffer.alloc(14);
    end.writeUInt32LE(offset, 10);
    const made = Buffer.from([20, 0]);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02'), made, common, end, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
