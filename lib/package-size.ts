import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { SettingsError } from './settings-context.ts';

/** Lambda's limit for an unpacked package, in bytes. */
const LARGEST_PACKAGE = 250 * 1024 * 1024;

/** The parts of a template that this file reads. */
interface Template {
  Resources?: Record<string, { Type: string; Metadata?: Record<string, string> }>;
}

/**
 * Checks before the upload that Lambda accepts the package of every function.
 *
 * @param folder - the synthesised cloud assembly
 * @param largest - the limit of an unpacked package, in bytes
 * @throws SettingsError naming the function and its size
 */
export function assertPackagesFit(folder: string, largest = LARGEST_PACKAGE): void {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.template.json'))) {
    const { Resources = {} } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Template;
    for (const [id, { Type, Metadata }] of Object.entries(Resources)) {
      const asset = Metadata?.['aws:asset:path'];
      // Commands such as bootstrap bundle nothing; the asset path is then the absolute path of the sources.
      if (Type !== 'AWS::Lambda::Function' || !asset || isAbsolute(asset)) continue;
      const bytes = sizeOf(join(folder, asset));
      if (bytes <= largest) continue;
      throw new SettingsError(
        `function ${id} of ${file.replace('.template.json', '')}: its unpacked package has ${mebibytes(bytes)} MiB, and Lambda's limit is ${mebibytes(largest)} MiB. Remove files that it does not need (lib/constructs/bundling.ts).`,
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
