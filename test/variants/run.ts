import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { HELP_OPTION, readCommandLine } from '../../local/terminal/command-line.ts';
import { exitOnError } from '../../local/terminal/exit.ts';
import { Progress } from '../../local/terminal/progress.ts';
import { lintTemplates } from './cfn-lint.ts';
import { combinations, type Finding, synthesise } from './synthesis.ts';

const HELP = `Usage: npm run test:variants

Synthesises the stacks with every pair of settings that the settings accept, and with every corner: each stage, size
and database with the first and the last values of all other settings. Checks each template with the CDK's validation,
cdk-nag, cfn-lint and limits of AWS. Bundles no function. Needs python3 with pip.

  -h, --help   print this text
`;

await exitOnError(async () => {
  if (readCommandLine({ options: HELP_OPTION }).values.help) return void process.stdout.write(HELP);
  const began = performance.now();
  const progress = new Progress();
  const { contexts } = combinations();
  const templates = await mkdtemp(join(tmpdir(), 'boursomatic-templates-'));
  try {
    const seen = new Set<string>();
    const found: Finding[] = [];
    for (const [index, context] of contexts.entries()) {
      progress.update(`Combination ${index + 1} of ${contexts.length}: ${seen.size} templates`);
      found.push(...synthesise(context, templates, seen));
    }
    const findings = firstOfEach(found).map(({ text, context }) => `${text}\n    with ${describe(context)}`);
    progress.update(`cfn-lint: ${seen.size} templates`);
    findings.push(...(await lintTemplates(templates)));
    const seconds = Math.round((performance.now() - began) / 1000);
    for (const finding of findings) progress.line(finding);
    process.stdout.write(
      `${contexts.length} combinations, ${seen.size} templates, ${findings.length} findings, ${seconds} s\n`,
    );
    if (findings.length > 0)
      throw new BoursomaticError(
        'variants',
        `the templates have ${findings.length} findings; see above. Mend them, or acknowledge them with a reason (test/lib/acknowledgements.ts)`,
      );
  } finally {
    await rm(templates, { recursive: true, force: true });
  }
});

function firstOfEach(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.toReversed().map((finding) => [finding.text, finding])).values()].toReversed();
}

function describe(context: Readonly<Record<string, string>>): string {
  return Object.entries(context)
    .map(([key, value]) => `-c ${key}=${value}`)
    .join(' ');
}
