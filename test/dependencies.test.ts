import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = new URL('..', import.meta.url);
const read = (name: string) => readFile(fileURLToPath(new URL(name, ROOT)), 'utf8');

/** An entry of package-lock.json. */
interface Locked {
  /** A part of this repository. */
  link?: boolean;
  /** Part of another package's archive, whose checksum covers it. */
  inBundle?: boolean;
  resolved?: string;
  integrity?: string;
  hasInstallScript?: boolean;
}

test('every locked npm package comes from the registry, with a checksum', async () => {
  const { packages } = JSON.parse(await read('package-lock.json')) as { packages: Record<string, Locked> };
  const installed = Object.entries(packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && !link,
  );
  expect(installed.length).toBeGreaterThan(500);
  const from = ({ resolved }: Locked) =>
    resolved === undefined || resolved.startsWith('https://registry.npmjs.org/');
  const strange = installed.filter(
    ([, one]) => !from(one) || !(one.inBundle || one.integrity?.startsWith('sha512-')),
  );
  expect(strange.map(([path]) => path)).toEqual([]);
});

test('no npm runs the install script of onnxruntime-node, which downloads libraries for GPUs', async () => {
  const { packages } = JSON.parse(await read('package-lock.json')) as { packages: Record<string, Locked> };
  // npm 11 obeys allowScripts. Earlier ones run the scripts of the packages that the lockfile marks: after an update of
  // onnxruntime-node, remove its line "hasInstallScript". npm install does not add it again.
  expect(packages['node_modules/onnxruntime-node']).toBeDefined();
  expect(packages['node_modules/onnxruntime-node']).not.toHaveProperty('hasInstallScript');
  expect(JSON.parse(await read('package.json')).allowScripts).toHaveProperty('onnxruntime-node', false);
});

test.each(['start', 'instruments'])('npm run %s prints no warning of npm', async (script) => {
  // Without the settings of this machine's user, of the npm that runs the tests, and its notice of a newer npm.
  const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const env = {
    ...Object.fromEntries(own),
    npm_config_userconfig: '/dev/null',
    npm_config_update_notifier: 'false',
  };
  const cwd = fileURLToPath(ROOT);
  const { stderr } = await promisify(execFile)('npm', ['run', script, '--', '--help'], { cwd, env });
  expect(stderr).toBe('');
});

test('every dependency has an exact version, so that an update is a change of this repository', async () => {
  const { dependencies, devDependencies } = JSON.parse(await read('package.json'));
  const versions = Object.entries<string>({ ...dependencies, ...devDependencies });
  const loose = versions.filter(
    ([, version]) => !/^(?:npm:[@\w/-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});

test('every locked Python package comes from PyPI, with a checksum', async () => {
  const packages = (await read('training/uv.lock')).split('[[package]]').slice(1);
  expect(packages.length).toBeGreaterThan(10);
  for (const one of packages) {
    if (/^source = \{ (?:virtual|editable) = "\."/m.test(one)) continue;
    expect(one).toContain('source = { registry = "https://pypi.org/simple" }');
    const files = [...one.matchAll(/\{ url = "([^"]*)"([^}]*)\}/g)];
    expect(files.length).toBeGreaterThan(0);
    for (const [, url, rest] of files) {
      expect(url).toMatch(/^https:\/\/files\.pythonhosted\.org\//);
      expect(rest).toMatch(/hash = "sha256:[0-9a-f]{64}"/);
    }
  }
});

test('npm prints a bill of materials of all packages', async () => {
  const args = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'];
  const { stdout } = await promisify(execFile)('npm', args, {
    cwd: fileURLToPath(ROOT),
    maxBuffer: 32 * 1024 * 1024,
  });
  const { bomFormat, components } = JSON.parse(stdout) as {
    bomFormat: string;
    components: { name: string }[];
  };
  expect(bomFormat).toBe('CycloneDX');
  expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(['jose', 'postgres', 'react']));
});
