// Plain JavaScript: it runs with the machine's Node, before the project's own Node is installed.
import { spawn } from 'node:child_process';
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
  const install = spawn(command, [...args, 'ci', '--loglevel=error'], {
    cwd: new URL('..', import.meta.url),
    stdio: ['ignore', 2, 2],
    // A group of its own, so that a stop reaches the scripts of packages as well.
    detached: process.platform !== 'win32',
  });
  const end = () => {
    try {
      process.kill(process.platform === 'win32' ? install.pid : -install.pid, 'SIGKILL');
    } catch {
      // It has already ended.
    }
    process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || end(), 500).unref();
  install.on('error', (error) => {
    process.stderr.write(`npm ci: ${error.message}\n`);
    process.exit(1);
  });
  install.on('exit', (code) => process.exit(code ?? 1));
}
