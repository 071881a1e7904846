import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { resource, resources, synthesise } from '../app.ts';

const { api } = synthesise();

describe('ApiStack', () => {
  it('is an HTTP API with one function a route', () => {
    api.hasResourceProperties('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' });
    const routes = Object.values(resources(api, 'AWS::ApiGatewayV2::Route')).map(
      ({ Properties }) => Properties,
    );
    expect(routes.map(({ RouteKey }) => RouteKey)).toEqual(['GET /v1/health', 'GET /v1/recommendations']);
    api.resourceCountIs('AWS::Lambda::Function', 2);
  });

  it.each(['Health', 'Recommendations'])(
    'puts %s inside the VPC, with the login of the API alone',
    (name) => {
      const { Properties } = resource(api, 'AWS::Lambda::Function', `${name}Function`);
      expect(Properties).toMatchObject({
        VpcConfig: { SubnetIds: [expect.anything(), expect.anything()] },
        Environment: {
          Variables: {
            API_DATABASE_SECRET: { 'Fn::ImportValue': expect.stringMatching(/:ExportsOutputRefApiLogin/) },
          },
        },
      });
      const policy = JSON.stringify(
        resource(api, 'AWS::IAM::Policy', `${name}FunctionServiceRole`).Properties,
      );
      expect(policy).toMatch(/GetSecretValue.*ApiLogin/);
      expect(policy).not.toMatch(/(Pipeline|Migrator|Training)Login|DatabaseSecret|s3:/);
    },
  );

  it('answers before the gateway gives up', () => {
    for (const { Properties } of Object.values(resources(api, 'AWS::Lambda::Function'))) {
      expect(Properties.Timeout).toBeLessThan(30);
    }
  });

  it('is throttled, more so when small', () => {
    api.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    });
    synthesise({ stage: 'prod', size: 'scale' }).api.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
    });
  });

  it('logs each request, without what was in it', () => {
    api.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      AccessLogSettings: {
        DestinationArn: Match.anyValue(),
        Format: Match.stringLikeRegexp('context.status'),
      },
    });
    const { Properties } = resource(api, 'AWS::ApiGatewayV2::Stage', 'Stage');
    expect(JSON.stringify(Properties.AccessLogSettings)).not.toMatch(/header|querystring|authoriz/i);
  });
});
