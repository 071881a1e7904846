// Plain JavaScript: it runs with the machine's Node, before the project's own Node is installed.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

const modified = (path) => {
  try {
    return statSync(new URL(`../${path}`, import.meta.url)).mtimeMs;
  } catch {
    return 0;
  }
};

// npm writes this file last, so its date is that of a complete installation.
if (modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
  process.stderr.write('Installing dependencies with npm ci. This happens once and takes about a minute.\n');
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []];
  // Standard output belongs to the command that follows, so npm writes to standard error.
  const { status } = spawnSync(command, [...args, 'ci', '--loglevel=error'], {
    cwd: new URL('..', import.meta.url),
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
}
