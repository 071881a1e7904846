import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { freePort } from '../../local/installation/postgres-server.ts';
import { installPythonPackages } from '../../local/installation/python-venv.ts';
import { HELP_OPTION, readCommandLine } from '../../local/terminal/command-line.ts';
import { exitOnError } from '../../local/terminal/exit.ts';
import { Progress } from '../../local/terminal/progress.ts';
import { copyContext, readStages, type Stage } from './dockerfile.ts';

const HELP = `Usage: npm run test:image

Checks the Dockerfile without a container engine. hadolint reads it. Then every step of it runs in a clean folder with
the files that Docker would send, and the result starts as the image would: its entry point as the first process, its
health check, and a stop by a signal. Needs python3 with pip. As root on Linux, the service is the first process of a
namespace of its own, and a user without rights, as in a container.

  -h, --help   print this text
`;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VENV = join(ROOT, '.cache/hadolint');

/** The folders of the image, which this check replaces. */
const PROGRAM = '/opt/boursomatic';
const DATA = '/data';

/** The user of the image. */
const USER = 1000;

/** Longest time in seconds until the health check succeeds, and until a stopped service has ended. */
const START_SECONDS = 120;
const STOP_SECONDS = 5;

await exitOnError(async () => {
  if (readCommandLine({ options: HELP_OPTION }).values.help) return void process.stdout.write(HELP);
  const progress = new Progress();
  progress.update('hadolint…');
  lint();
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-image-'));
  try {
    await chmod(folder, 0o755);
    const [build, final] = readStages(await readFile(join(ROOT, 'Dockerfile'), 'utf8'));
    const program = join(folder, 'program');
    await mkdir(program);
    await runStage(defined(build, 'first stage'), folder, progress);
    await runStage(defined(final, 'second stage'), folder, progress);
    progress.update('Starting the service…');
    const { healthy, stopped } = await startAndStop(defined(final, 'second stage'), folder);
    const size = execFileSync('du', ['-sm', program], { encoding: 'utf8' }).split('\t')[0];
    process.stdout.write(
      `hadolint has no finding, every step runs, ${size} MB; healthy after ${healthy} s, stopped within ${stopped} s\n`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

function lint(): void {
  installPythonPackages(VENV, join(ROOT, 'test/hosting/requirements.txt'));
  const { status, stdout } = spawnSync(join(VENV, 'bin/hadolint'), ['--no-color', join(ROOT, 'Dockerfile')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new BoursomaticError('dockerfile', `hadolint: ${stdout}`);
}

/** Puts the folders of this check in place of the image's. */
function placed(text: string, folder: string): string {
  return text.replaceAll(PROGRAM, join(folder, 'program')).replaceAll(DATA, join(folder, 'data'));
}

/** Runs the steps of a stage that change files. */
async function runStage(stage: Stage, folder: string, progress: Progress): Promise<void> {
  const program = join(folder, 'program');
  for (const { name, text } of stage) {
    progress.update(`${name} ${text}`);
    if (name === 'RUN') {
      const command = placed(text, folder);
      const { status, stdout, stderr } = spawnSync('sh', ['-ec', command], {
        cwd: program,
        encoding: 'utf8',
        env: { ...process.env, PATH: outsidePath() },
      });
      if (status !== 0) throw new BoursomaticError('dockerfile', `RUN ${text} failed: ${stdout}${stderr}`);
    } else if (name === 'COPY') {
      await copy(text, program);
    }
  }
}

/** The PATH without this project's own programs, which a container does not have. */
function outsidePath(): string {
  const parts = (process.env.PATH ?? '').split(':').filter((part) => !part.includes('node_modules'));
  // The project's Node is that of the image.
  return [join(ROOT, 'node_modules/node/bin'), ...parts].join(':');
}

async function copy(text: string, program: string): Promise<void> {
  // The second stage takes the whole result of the first, which is already there.
  if (text.startsWith('--from=')) return;
  const parts = text.split(/\s+/);
  const target = defined(parts.pop(), 'target of COPY');
  if (target === '.') return copyContext(ROOT, program, await readFile(join(ROOT, '.dockerignore'), 'utf8'));
  for (const part of parts) {
    const isInto = target.endsWith('/');
    const name = defined(part.split('/').at(-1), 'name');
    await cp(join(ROOT, part), isInto ? join(program, target, name) : join(program, target), {
      recursive: true,
    });
  }
}

/** Starts the entry point, waits for the health check, and stops it. @returns the seconds that both took */
async function startAndStop(stage: Stage, folder: string): Promise<{ healthy: number; stopped: number }> {
  const environment = {
    ...Object.fromEntries(
      valuesOf(stage, 'ENV').flatMap((text) => text.split(' ').map((pair) => pair.split('='))),
    ),
    BOURSOMATIC_DATA_DIR: join(folder, 'data'),
    BOURSOMATIC_PORT: String(await freePort()),
    PATH: outsidePath(),
  };
  const cwd = join(folder, 'program');
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(join(folder, 'data'), USER, USER);
  const user = isRoot ? { uid: USER, gid: USER } : {};
  const entry = readList(stage, 'ENTRYPOINT');
  const limits = [
    'setpriv',
    `--reuid=${USER}`,
    `--regid=${USER}`,
    '--clear-groups',
    '--no-new-privs',
    '--bounding-set=-all',
  ];
  const [program = '', ...args] = isRoot
    ? ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', ...limits, ...entry]
    : entry;
  let output = '';
  const began = performance.now();
  const child = spawn(program, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  const end = new Promise<number | null>((resolve) => child.once('close', resolve));
  try {
    const [check = '', ...rest] = readList(stage, 'HEALTHCHECK');
    const isHealthy = () =>
      spawnSync(check, rest, { cwd, env: environment, ...user, stdio: 'ignore' }).status === 0;
    while (!isHealthy()) {
      if (child.exitCode !== null || secondsSince(began) > START_SECONDS)
        throw new BoursomaticError('image', `the service did not become healthy:\n${output}`);
      await wait(500);
    }
    const healthy = secondsSince(began);
    const stopping = performance.now();
    // unshare does not pass the signal on to the first process of the namespace.
    const first = isRoot ? childOf(defined(child.pid, 'pid')) : defined(child.pid, 'pid');
    process.kill(first, 'SIGTERM');
    const code = await Promise.race([end, wait(STOP_SECONDS * 1000, 'late')]);
    if (code !== 0) throw new BoursomaticError('image', `the stop ended with ${code}:\n${output}`);
    return { healthy, stopped: secondsSince(stopping) };
  } finally {
    if (child.exitCode === null) child.kill('SIGKILL');
    await end;
  }
}

function valuesOf(stage: Stage, name: string): string[] {
  return stage.filter((one) => one.name === name).map(({ text }) => text);
}

/** The program and the arguments of an instruction in the form of JSON. */
function readList(stage: Stage, name: string): string[] {
  const [text] = valuesOf(stage, name);
  return JSON.parse(defined(/\[.*\]$/.exec(text ?? '')?.[0], name));
}

function childOf(pid: number): number {
  return Number(execFileSync('pgrep', ['--parent', String(pid)], { encoding: 'utf8' }).trim());
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 100) / 10;
}
