/** The parts of a template that these limits concern. */
export interface Template {
  readonly Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
  readonly Outputs?: Record<string, unknown>;
  readonly Parameters?: Record<string, unknown>;
}

/** A limit of AWS that neither the CDK nor cfn-lint checks. */
interface Limit {
  /** The type of the resources that have the property. */
  readonly type: string;
  readonly what: string;
  readonly most: number;
  /** Undefined if a resource lacks the property. */
  readonly measure: (properties: Record<string, unknown>) => number | undefined;
}

const KIBI = 1024;

/** CloudFormation replaces a reference with an ARN or a name, which is at most about this long. */
const LONGEST_VALUE = 170;

const LIMITS: readonly Limit[] = [
  {
    type: 'AWS::Lambda::Function',
    what: 'bytes of environment variables',
    most: 4 * KIBI,
    measure: ({ Environment }) => lengthOf((Environment as { Variables?: unknown } | undefined)?.Variables),
  },
  {
    type: 'AWS::Lambda::Function',
    what: 'characters in the description',
    most: 256,
    measure: ({ Description }) => lengthOf(Description),
  },
  {
    type: 'AWS::IAM::Policy',
    what: 'characters of the inline policies of a role',
    most: 10_240,
    measure: ({ PolicyDocument }) => lengthOf(PolicyDocument),
  },
  {
    type: 'AWS::S3::BucketPolicy',
    what: 'bytes of the policy',
    most: 20 * KIBI,
    measure: ({ PolicyDocument }) => lengthOf(PolicyDocument),
  },
  {
    type: 'AWS::SNS::TopicPolicy',
    what: 'bytes of the policy',
    most: 30 * KIBI,
    measure: ({ PolicyDocument }) => lengthOf(PolicyDocument),
  },
  {
    type: 'AWS::StepFunctions::StateMachine',
    what: 'bytes of the definition',
    most: 1000 * KIBI,
    measure: ({ DefinitionString }) => lengthOf(DefinitionString),
  },
  {
    type: 'AWS::CloudFront::Function',
    what: 'bytes of code',
    most: 10 * KIBI,
    measure: ({ FunctionCode }) => lengthOf(FunctionCode),
  },
  {
    type: 'AWS::CloudFront::Distribution',
    what: 'characters in the comment',
    most: 128,
    measure: ({ DistributionConfig }) => lengthOf((DistributionConfig as { Comment?: string }).Comment),
  },
  {
    type: 'AWS::CloudWatch::Alarm',
    what: 'characters in the description',
    most: 1024,
    measure: ({ AlarmDescription }) => lengthOf(AlarmDescription),
  },
  {
    type: 'AWS::Scheduler::Schedule',
    what: 'characters in the description',
    most: 512,
    measure: ({ Description }) => lengthOf(Description),
  },
  {
    type: 'AWS::SecretsManager::Secret',
    what: 'characters in the description',
    most: 2048,
    measure: ({ Description }) => lengthOf(Description),
  },
  {
    type: 'AWS::Logs::LogGroup',
    what: 'characters in the name',
    most: 512,
    measure: ({ LogGroupName }) => lengthOf(LogGroupName),
  },
  {
    type: 'AWS::SNS::Topic',
    what: 'characters in the display name',
    most: 100,
    measure: ({ DisplayName }) => lengthOf(DisplayName),
  },
];

/** Each permission to invoke a function is a statement of its policy, of about this many bytes. */
const PERMISSION_BYTES = 500;
const MOST_PERMISSIONS = Math.floor((20 * KIBI) / PERMISSION_BYTES);

/** Limits of CloudFormation for one stack. */
const TEMPLATE_LIMITS = { Resources: 500, Outputs: 200, Parameters: 200 } as const;
const LARGEST_TEMPLATE = 1_000_000;

/** What a template has too much of, one line each. */
export function excessesOf(template: Template): string[] {
  const excesses: string[] = [];
  const check = (name: string, what: string, measured: number, most: number): void => {
    if (measured > most) excesses.push(`${name} has ${measured} ${what}; AWS allows ${most}`);
  };
  check('the template', 'bytes', JSON.stringify(template).length, LARGEST_TEMPLATE);
  for (const [section, most] of Object.entries(TEMPLATE_LIMITS)) {
    const entries = template[section as keyof typeof TEMPLATE_LIMITS] ?? {};
    check('the template', `entries in ${section}`, Object.keys(entries).length, most);
  }
  for (const [id, { Type, Properties = {} }] of Object.entries(template.Resources)) {
    for (const { type, what, most, measure } of LIMITS) {
      if (type === Type) check(id, what, measure(Properties) ?? 0, most);
    }
  }
  for (const [name, count] of permissionsOf(template))
    check(name, 'permissions to invoke it', count, MOST_PERMISSIONS);
  return excesses;
}

function permissionsOf({ Resources }: Template): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { Type, Properties } of Object.values(Resources)) {
    if (Type !== 'AWS::Lambda::Permission') continue;
    const name = JSON.stringify(Properties?.FunctionName);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** The length of a value after CloudFormation has replaced its references, or an upper estimate of it. */
function lengthOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return Buffer.byteLength(value);
  return Buffer.byteLength(JSON.stringify(value, replaceReferences));
}

function replaceReferences(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const [only, ...more] = Object.entries(value);
  if (!only || more.length > 0) return value;
  const [name, content] = only;
  if (name === 'Fn::Join') {
    const [separator, parts] = content as [string, unknown[]];
    return parts.map((part) => (typeof part === 'string' ? part : placeholderOf(part))).join(separator);
  }
  return name === 'Ref' || name.startsWith('Fn::') ? placeholderOf(value) : value;
}

/** Pseudo parameters are short: a partition, a region, an account. */
const placeholderOf = (reference: unknown): string =>
  'x'.repeat(JSON.stringify(reference).includes('"AWS::') ? 15 : LONGEST_VALUE);
