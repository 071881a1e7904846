/** An accepted finding of cdk-nag's AwsSolutions. */
export interface Acknowledgement {
  /** The rule; some rules add the finding in brackets. */
  readonly rule: RegExp;
  /** The paths of the constructs. */
  readonly path: RegExp;
  readonly reason: string;
}

/** Every accepted finding. */
export const ACKNOWLEDGEMENTS: readonly Acknowledgement[] = [
  {
    rule: /^AwsSolutions-IAM4\[Policy::.*\/AWSLambda(Basic|VPCAccess)ExecutionRole\]$/,
    path: /Function\/ServiceRole\//,
    reason:
      "AWS's managed policies for logs and VPC interfaces name no resource of this account, so nothing can be narrowed.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::(.*Objects.*|<Page\w+\.Arn>)\/([\w/]+\/)?v?\*\]$/,
    path: /(Function\/ServiceRole|TaskRole)\/DefaultPolicy\//,
    reason: 'The wildcard covers the objects of one bucket.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<\w+Function\w+\.Arn>:\*\]$/,
    path: /(Pipeline|Retraining)\/Role|SchedulerRole/,
    reason: 'The wildcard covers the versions of one function.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:execution:.*\]$/,
    path: /DistributedMapPolicy/,
    reason: 'The wildcard covers the map runs of this state machine, whose names Step Functions generates.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    path: /DefaultPolicy/,
    reason:
      'X-Ray, log delivery, ECR login and random passwords accept no resource; application.test.ts lists these actions.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:identity\/\*\]$/,
    path: /-alerts\/SendFunction\/ServiceRole\//,
    reason: 'A condition allows one sender. In the sandbox, SES also checks the identity of the recipient.',
  },
  {
    rule: /^AwsSolutions-VPC7$/,
    path: /-network\/Vpc\//,
    reason:
      'Isolated subnets have no traffic to or from the internet, so flow logs would cost more than they show.',
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    path: /Login|Database\/Instance\/Secret/,
    reason:
      'The migration stack rotates these logins after it has created the roles; the rule looks at one stack only.',
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    path: /\/SigningKeys\//,
    reason:
      'A function renews the keys a day before their use; the four steps of rotation suit passwords that a server stores.',
  },
  {
    rule: /^AwsSolutions-RDS11$/,
    path: /Database\//,
    reason: 'Only the functions reach the port, so another number adds no protection.',
  },
  {
    rule: /^AwsSolutions-RDS3$/,
    path: /Database\//,
    reason:
      'The small size serves one household, and a second instance would double its price. A replica can be recreated.',
  },
  {
    rule: /^AwsSolutions-RDS10$/,
    path: /-dev-data\/Database\/Instance\/|Database\/Replica\//,
    reason:
      'Protection would keep a development stack that failed to create from being deleted. A replica can be recreated.',
  },
  {
    rule: /^AwsSolutions-RDS2$/,
    path: /Database\/Replica\//,
    reason: 'RDS encrypts a replica as its primary, and refuses the property.',
  },
  {
    rule: /^AwsSolutions-S1$/,
    path: /(RawObjects|ModelObjects|PublicationObjects|RunRequestObjects|DeliveryObjects|-web\/Page)\//,
    reason: 'Only functions of these stacks reach the buckets, and they log their actions.',
  },
  {
    rule: /^AwsSolutions-SQS3$/,
    path: /\/DeadLetters\//,
    reason: 'It is the dead-letter queue of the schedules.',
  },
  {
    rule: /^AwsSolutions-APIG4$/,
    path: /-api\/Api\//,
    reason:
      "The functions verify the tokens. API Gateway's authorizer reads the issuer when it is created, and the issuer is this API.",
  },
  {
    rule: /^AwsSolutions-ECS4$/,
    path: /Training\/Cluster/,
    reason: 'One task a week, which logs its progress: Container Insights would cost more than the task.',
  },
  {
    rule: /^AwsSolutions-ECS2$/,
    path: /Training\/Definition/,
    reason: 'The variables name a bucket and a mode; the login comes from a secret.',
  },
  {
    rule: /^AwsSolutions-CFR1$/,
    path: /-web\/Distribution/,
    reason: 'Users may sign in from any country.',
  },
  {
    rule: /^AwsSolutions-CFR2$/,
    path: /-web\/Distribution/,
    reason: 'A web ACL would add a third to the cost of a small installation; the API is throttled instead.',
  },
  {
    rule: /^AwsSolutions-CFR3$/,
    path: /-web\/Distribution/,
    reason: 'The API logs every request; the files of the page are public.',
  },
  {
    rule: /^AwsSolutions-CFR4$/,
    path: /-web\/Distribution/,
    reason: 'A custom certificate requires a custom domain, which is optional.',
  },
];
