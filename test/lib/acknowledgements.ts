/** A rule of cdk-nag's AwsSolutions that is not followed, where, and why. */
export interface Acknowledgement {
  /** The rule; of rules that name what they found, with it in brackets. */
  readonly rule: RegExp;
  /** Which constructs, by path. */
  readonly path: RegExp;
  readonly reason: string;
}

/** Every finding there may be. */
export const ACKNOWLEDGEMENTS: readonly Acknowledgement[] = [
  {
    rule: /^AwsSolutions-IAM4\[Policy::.*\/AWSLambda(Basic|VPCAccess)ExecutionRole\]$/,
    path: /Function\/ServiceRole\//,
    reason:
      "Lambda's own two policies, for logs and for interfaces in a VPC, name nothing of this account that could be narrowed.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::(.*Objects.*|<Page\w+\.Arn>)\/v?\*\]$/,
    path: /(Function\/ServiceRole|TaskRole)\/DefaultPolicy\//,
    reason: 'The objects of one bucket.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<\w+Function\w+\.Arn>:\*\]$/,
    path: /(Pipeline|Retraining)\/Role|SchedulerRole/,
    reason: 'The versions of one function, which are that function.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:execution:.*\]$/,
    path: /DistributedMapPolicy/,
    reason: "The map's runs of this state machine alone: their names are made as they start.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    path: /DefaultPolicy/,
    reason:
      'X-Ray, delivery of logs, logging in to ECR and a random password take no resource; application.test.ts holds the list of these actions.',
  },
  {
    rule: /^AwsSolutions-VPC7$/,
    path: /-network\/Vpc\//,
    reason:
      'Isolated subnets have no way in or out that a flow log could show; it would cost more than it tells.',
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    path: /Login|Database\/Instance\/Secret/,
    reason:
      'The migration stack rotates the logins of a managed database, once the roles are there: this rule looks in one stack.',
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    path: /\/SigningKeys\//,
    reason:
      'A function renews them, a day ahead of their use: rotation has four steps for a password that a second party is told.',
  },
  {
    rule: /^AwsSolutions-RDS11$/,
    path: /Database\//,
    reason: 'Nothing reaches the port but the functions, whichever number it has.',
  },
  {
    rule: /^AwsSolutions-RDS3$/,
    path: /Database\//,
    reason:
      'Small is for one household: a second instance would double its price. A replica can be made again.',
  },
  {
    rule: /^AwsSolutions-S1$/,
    path: /(RawObjects|ModelObjects|RunRequestObjects|-web\/Page)\//,
    reason: 'Only functions of these stacks reach the buckets, and they log what they do.',
  },
  {
    rule: /^AwsSolutions-SQS3$/,
    path: /\/DeadLetters\//,
    reason: 'It is the dead-letter queue, of the schedules.',
  },
  {
    rule: /^AwsSolutions-APIG4$/,
    path: /-api\/Api\//,
    reason:
      "Functions verify the tokens: API Gateway's own authorizer asks the issuer as it is made, and the issuer is this very API.",
  },
  {
    rule: /^AwsSolutions-ECS4$/,
    path: /Training\/Cluster/,
    reason: 'One task a week, which logs what it does: Container Insights would cost more than the task.',
  },
  {
    rule: /^AwsSolutions-ECS2$/,
    path: /Training\/Definition/,
    reason: 'The variables name a bucket and a mode; the login comes from a secret.',
  },
  {
    rule: /^AwsSolutions-CFR1$/,
    path: /-web\/Distribution/,
    reason: 'The page is for whoever has a login, wherever they are.',
  },
  {
    rule: /^AwsSolutions-CFR2$/,
    path: /-web\/Distribution/,
    reason: 'A web ACL costs as much as a third of a small installation; the API is throttled instead.',
  },
  {
    rule: /^AwsSolutions-CFR3$/,
    path: /-web\/Distribution/,
    reason: 'The API logs every request; the files of the page are public, and the same for everybody.',
  },
  {
    rule: /^AwsSolutions-CFR4$/,
    path: /-web\/Distribution/,
    reason: "The rule asks for a certificate of one's own, which needs a domain of one's own.",
  },
];
