import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

const FRAME = /(\/[^\s():]+\.js):(\d+):(\d+)/g;

const maps = new Map<string, SourceMap | undefined>();

/**
 * A stack with the places of the sources instead of those of the bundle, where a source map is beside it. Node would
 * do the same by itself if it read the map at every start, which takes a tenth of the start; errors are rare.
 */
export function readableStack(stack: string): string {
  return stack.replaceAll(FRAME, (place, file: string, line: string, column: string) => {
    const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry)) return place;
    return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(file));
  return maps.get(file);
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  } catch {
    // None there, or none that can be read: the place in the bundle is better than no line in the log.
    return undefined;
  }
}
