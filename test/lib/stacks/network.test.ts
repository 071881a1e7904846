import { describe, expect, test } from 'vitest';
import { resource, resources, synthesise } from '../app.ts';

const { network } = synthesise();

describe('NetworkStack', () => {
  test('has no NAT gateway, internet gateway or route to the internet', () => {
    network.resourceCountIs('AWS::EC2::NatGateway', 0);
    network.resourceCountIs('AWS::EC2::InternetGateway', 0);
    network.resourceCountIs('AWS::EC2::EIP', 0);
    network.resourceCountIs('AWS::EC2::Route', 0);
  });

  test('has one isolated subnet in each of two zones', () => {
    const subnets = Object.values(resources(network, 'AWS::EC2::Subnet')).map(({ Properties }) => Properties);
    expect(subnets.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual([
      { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
      { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] },
    ]);
    for (const { MapPublicIpOnLaunch } of subnets) expect(MapPublicIpOnLaunch).toBe(false);
  });

  test('uses the free gateway endpoint for S3', () => {
    network.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
  });

  test('has one interface endpoint, in one zone, for Secrets Manager', () => {
    network.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
    const { Properties } = resource(network, 'AWS::EC2::VPCEndpoint', 'VpcSecretsManager');
    expect(Properties).toMatchObject({ VpcEndpointType: 'Interface', PrivateDnsEnabled: true });
    expect(Properties.SubnetIds).toHaveLength(1);
  });

  test('has that endpoint in both zones in size scale, whose database survives the loss of a zone', () => {
    const { network: scale } = synthesise({ size: 'scale' });
    expect(resource(scale, 'AWS::EC2::VPCEndpoint', 'VpcSecretsManager').Properties.SubnetIds).toHaveLength(
      2,
    );
  });

  test('lets only the functions reach the database and the endpoint', () => {
    const rules = Object.values(resources(network, 'AWS::EC2::SecurityGroupIngress')).map(
      ({ Properties }) => Properties,
    );
    expect(rules.map(({ FromPort, ToPort }) => [FromPort, ToPort])).toEqual([
      [443, 443],
      [5432, 5432],
    ]);
    const functions = { 'Fn::GetAtt': [expect.stringMatching(/^FunctionSecurityGroup/), 'GroupId'] };
    for (const { SourceSecurityGroupId } of rules) expect(SourceSecurityGroupId).toEqual(functions);
    for (const { Properties } of Object.values(resources(network, 'AWS::EC2::SecurityGroup'))) {
      expect(Properties).not.toHaveProperty('SecurityGroupIngress');
    }
  });

  test('needs no custom resource', () => {
    network.resourceCountIs('AWS::Lambda::Function', 0);
  });
});
