import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

const FRAME = /(\/[^\s():]+\.js):(\d+):(\d+)/g;

const maps = new Map<string, SourceMap | undefined>();

/**
 * Maps the positions of a stack trace from the bundle to the sources, if the bundle has a source map. Node can do this,
 * but it would read the map at every cold start, which takes a tenth of it. Errors are rare.
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
    // Without a readable map, the log shows positions in the bundle.
    return undefined;
  }
}
