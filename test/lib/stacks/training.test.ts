import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { resource, resources, synthesise } from '../app.ts';

const { training, network } = synthesise();
const source = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

interface Container {
  Environment: { Name: string; Value: unknown }[];
  Secrets: { Name: string; ValueFrom: { 'Fn::Join': [string, unknown[]] } }[];
}
const { Properties: task } = resource(training, 'AWS::ECS::TaskDefinition', 'TrainingDefinition');
const [container] = task.ContainerDefinitions as [Container];
const policy = (idPrefix: string) =>
  resource(training, 'AWS::IAM::Policy', idPrefix).Properties.PolicyDocument as {
    Statement: { Action: string | string[]; Resource: unknown; Condition?: unknown }[];
  };

describe('the trainer', () => {
  test('runs on Fargate, on arm64, with the memory of its size', () => {
    expect(task).toMatchObject({
      RequiresCompatibilities: ['FARGATE'],
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
      Cpu: '2048',
      Memory: '16384',
    });
    const scale = synthesise({ stage: 'prod', size: 'scale' }).training;
    expect(resource(scale, 'AWS::ECS::TaskDefinition', 'TrainingDefinition').Properties).toMatchObject({
      Cpu: '8192',
      Memory: '61440',
    });
  });

  test('receives its login in the variables of libpq, without a password in a URL', () => {
    const fields = container.Secrets.map(({ Name, ValueFrom }) => [Name, ValueFrom['Fn::Join'][1].at(-1)]);
    expect(Object.fromEntries(fields)).toEqual({
      PGHOST: ':host::',
      PGPORT: ':port::',
      PGDATABASE: ':dbname::',
      PGUSER: ':username::',
      PGPASSWORD: ':password::',
    });
    expect(JSON.stringify(container.Secrets)).not.toMatch(/(Pipeline|Api|Migrator)Login|DatabaseSecret/);
    expect(container.Environment).toContainEqual({ Name: 'DATABASE_URL', Value: 'postgresql://' });
  });

  test("verifies the database's certificate with a file in the image", () => {
    expect(container.Environment).toContainEqual({ Name: 'PGSSLMODE', Value: 'verify-full' });
    expect(source('training/Dockerfile')).toMatch(/PGSSLROOTCERT=\/app\/rds-ca\.pem/);
  });

  test('reads the variables that the task sets', () => {
    const entrypoint = source('training/container/entrypoint.py');
    for (const name of ['MODEL_OBJECTS_URL', 'MODEL_VERSION', 'RELEASE_PATH', 'INCUMBENT_PATH']) {
      expect(entrypoint).toContain(`"${name}"`);
    }
  });

  test('may use only the model bucket; the execution role reads the login', () => {
    expect(policy('TrainingDefinitionTaskRole').Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: {
          'Fn::Join': ['', [{ 'Fn::ImportValue': expect.stringMatching(/ModelObjects/) }, '/v*']],
        },
      },
    ]);
    const execution = JSON.stringify(policy('TrainingDefinitionExecutionRole'));
    expect(execution).toMatch(/GetSecretValue.*TrainingLogin/);
    expect(execution).not.toMatch(/(Pipeline|Api|Migrator)Login|s3:/);
  });
});

describe('the network of the trainer', () => {
  test("has two public subnets outside the address range of the VPC's other subnets", () => {
    const all = [network, training].flatMap((template) =>
      Object.values(resources(template, 'AWS::EC2::Subnet')).map(({ Properties }) => Properties.CidrBlock),
    );
    expect(all).toEqual(['10.20.0.0/24', '10.20.1.0/24', '10.20.128.0/24', '10.20.129.0/24']);
    training.resourceCountIs('AWS::EC2::InternetGateway', 1);
    training.resourceCountIs('AWS::EC2::NatGateway', 0);
    training.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
    for (const { Properties } of Object.values(
      resources(training, 'AWS::EC2::SubnetRouteTableAssociation'),
    )) {
      expect(JSON.stringify(Properties)).not.toContain('ImportValue');
    }
  });

  test('allows no ingress, and egress only to HTTPS and the database', () => {
    const { Properties } = resource(training, 'AWS::EC2::SecurityGroup', 'TrainingSecurityGroup');
    expect(Properties).not.toHaveProperty('SecurityGroupIngress');
    expect(Properties.SecurityGroupEgress).toMatchObject([
      { CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 },
    ]);
    const out = Object.values(resources(training, 'AWS::EC2::SecurityGroupEgress'));
    expect(out.map(({ Properties: { FromPort, ToPort } }) => [FromPort, ToPort])).toEqual([[5432, 5432]]);
  });

  test('has access to the database and to the endpoint of Secrets Manager', () => {
    const rules = Object.values(resources(training, 'AWS::EC2::SecurityGroupIngress'));
    const own = { 'Fn::GetAtt': [expect.stringMatching(/^TrainingSecurityGroup/), 'GroupId'] };
    for (const [group, port] of [
      ['DatabaseSecurityGroup', 5432],
      ['EndpointSecurityGroup', 443],
    ]) {
      expect(rules.map(({ Properties }) => Properties)).toContainEqual(
        expect.objectContaining({
          FromPort: port,
          SourceSecurityGroupId: own,
          GroupId: { 'Fn::ImportValue': expect.stringContaining(String(group)) },
        }),
      );
    }
    expect(rules).toHaveLength(2);
  });
});

describe('the state machine', () => {
  test('runs the task in its subnets, with a public address', () => {
    const { Properties } = resource(training, 'AWS::StepFunctions::StateMachine', 'Retraining');
    const definition = JSON.stringify(Properties.DefinitionString);
    expect(definition).toContain('ecs:runTask.sync');
    expect(definition).toContain('\\"AssignPublicIp\\":\\"ENABLED\\"');
    expect(definition).toMatch(/TrainingWayOutSubnet1/);
    expect(Properties).toMatchObject({
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
  });

  test('may stop and describe only tasks of its cluster', () => {
    const [stop] = policy('RetrainingRole').Statement.filter(({ Action }) =>
      [Action].flat().includes('ecs:StopTask'),
    );
    expect(stop?.Condition).toEqual({
      ArnEquals: { 'ecs:cluster': { 'Fn::GetAtt': [expect.stringMatching(/^TrainingCluster/), 'Arn'] } },
    });
  });

  test('starts on Saturdays', () => {
    training.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 6 ? * SAT *)',
      ScheduleExpressionTimezone: 'America/New_York',
      State: 'ENABLED',
      Target: { Input: '{}', Arn: { Ref: Match.stringLikeRegexp('^Retraining') } },
    });
  });
});

describe('the promote function', () => {
  const promoter = resource(training, 'AWS::Lambda::Function', 'PromoteFunction').Properties;

  test('has the training login and reads releases', () => {
    const { Variables } = promoter.Environment as { Variables: Record<string, unknown> };
    expect(Variables).toMatchObject({
      TRAINING_DATABASE_SECRET: { 'Fn::ImportValue': expect.stringMatching(/TrainingLogin/) },
      MODEL_OBJECTS_URL: expect.anything(),
    });
    expect(source('functions/infer/promote.lambda.ts')).toContain('[ENV.trainingDatabaseSecret]: z.string()');
    const granted = JSON.stringify(policy('PromoteFunctionServiceRole'));
    expect(granted).toMatch(/s3:GetObject/);
    expect(granted).not.toMatch(/s3:PutObject|(Pipeline|Api|Migrator)Login/);
  });

  test('runs inside the VPC, without internet access', () => {
    expect(JSON.stringify(promoter.VpcConfig)).toMatch(/isolated/);
    expect(JSON.stringify(promoter.VpcConfig)).not.toMatch(/WayOut/);
  });
});

test('the function that registers logs why an execution failed', () => {
  expect(resource(training, 'AWS::Events::Rule', 'RetrainingFailed').Properties).toMatchObject({
    EventPattern: {
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: [{ Ref: expect.stringMatching(/^Retraining/) }],
        status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    },
    Targets: [{ Arn: { 'Fn::GetAtt': [expect.stringMatching(/^PromoteFunction/), 'Arn'] } }],
  });
});
