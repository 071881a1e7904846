import { describe, expect, test } from 'vitest';
import { resource, resources, synthesise } from '../app.ts';

const { network } = synthesise();

describe('NetworkStack', () => {
  test('has no way to the internet: no NAT gateway, no internet gateway, no route', () => {
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

  test('reaches S3 over the free gateway endpoint', () => {
    network.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
  });

  test('pays for one interface endpoint in one zone, for secrets', () => {
    network.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
    const { Properties } = resource(network, 'AWS::EC2::VPCEndpoint', 'VpcSecretsManager');
    expect(Properties).toMatchObject({ VpcEndpointType: 'Interface', PrivateDnsEnabled: true });
    expect(Properties.SubnetIds).toHaveLength(1);
  });

  test('lets only the functions in, to the database and to the endpoint', () => {
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
