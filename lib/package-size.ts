import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { SettingsError } from './settings-context.ts';

/** What Lambda takes of a function, unpacked. */
export const LARGEST_PACKAGE = 250 * 1024 * 1024;

/** The resources of a template, as far as this looks into them. */
interface Template {
  Resources?: Record<string, { Type: string; Metadata?: Record<string, string> }>;
}

/**
 * Refuses a function whose package Lambda would refuse, before anything is uploaded.
 *
 * @param folder - what was synthesised
 * @param largest - bytes that a package may have
 * @throws SettingsError naming the function and its size
 */
export function assertPackagesFit(folder: string, largest = LARGEST_PACKAGE): void {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.template.json'))) {
    const { Resources = {} } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Template;
    for (const [id, { Type, Metadata }] of Object.entries(Resources)) {
      const asset = Metadata?.['aws:asset:path'];
      // A command that needs no packages, such as bootstrap, makes none: the path is then that of the sources.
      if (Type !== 'AWS::Lambda::Function' || !asset || isAbsolute(asset)) continue;
      const bytes = sizeOf(join(folder, asset));
      if (bytes <= largest) continue;
      throw new SettingsError(
        `function ${id} of ${file.replace('.template.json', '')}: its package has ${mebibytes(bytes)} MiB unpacked, and Lambda takes ${mebibytes(largest)}: leave out what it does not need (lib/constructs/bundling.ts)`,
      );
    }
  }
}

function sizeOf(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

const mebibytes = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);
