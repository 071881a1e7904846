import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { GROUPS, type Group } from '../../../functions/api/groups.ts';
import { GATEWAY_ROUTES } from '../../../functions/api/routes.ts';
import { resource, resources, synthesise } from '../app.ts';

const { api } = synthesise();
const functionOf = (group: Group) => `${group.charAt(0).toUpperCase()}${group.slice(1)}Function`;
const policyOf = (group: Group) =>
  JSON.stringify(resource(api, 'AWS::IAM::Policy', `${functionOf(group)}ServiceRole`).Properties);

describe('ApiStack', () => {
  it('is an HTTP API that leads every path to the function of its group', () => {
    api.hasResourceProperties('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' });
    api.resourceCountIs('AWS::Lambda::Function', GROUPS.length);
    const integrations = resources(api, 'AWS::ApiGatewayV2::Integration');
    const routes = Object.values(resources(api, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => {
      const target = JSON.stringify(Properties.Target);
      const [, integration] = Object.entries(integrations).find(([id]) => target.includes(id)) ?? [];
      const [, name = ''] = /"(\w+)Function[0-9A-F]{8}"/.exec(JSON.stringify(integration)) ?? [];
      return `${Properties.RouteKey} ${name.toLowerCase()}`;
    });
    expect(routes.sort()).toEqual(
      GATEWAY_ROUTES.map(({ method, path, name }) => `${method} ${path} ${name}`).sort(),
    );
  });

  it.each(GROUPS)(
    'puts %s inside the VPC, with the login of the API and the keys of access tokens',
    (group) => {
      const { Properties } = resource(api, 'AWS::Lambda::Function', functionOf(group));
      expect(Properties).toMatchObject({
        VpcConfig: { SubnetIds: [expect.anything(), expect.anything()] },
        Environment: {
          Variables: {
            API_DATABASE_SECRET: { 'Fn::ImportValue': expect.stringMatching(/:ExportsOutputRefApiLogin/) },
            SIGNING_KEYS_SECRET: { 'Fn::ImportValue': expect.stringMatching(/:ExportsOutputRefSigningKeys/) },
            TOKEN_ISSUER: { 'Fn::GetAtt': [expect.stringMatching(/^Api/), 'ApiEndpoint'] },
          },
        },
      });
      expect(policyOf(group)).toMatch(/GetSecretValue.*ApiLogin/);
      expect(policyOf(group)).toMatch(/GetSecretValue.*SigningKeys/);
      expect(policyOf(group)).not.toMatch(/(Pipeline|Migrator)Login|DatabaseSecret|PutSecretValue/);
    },
  );

  it.each(GROUPS)('lets %s read releases and log in as the training role only if it is admin', (group) => {
    const { Variables } = resource(api, 'AWS::Lambda::Function', functionOf(group)).Properties
      .Environment as { Variables: object };
    const more = ['TRAINING_DATABASE_SECRET', 'MODEL_OBJECTS_URL'].filter((name) => name in Variables);
    expect(more.length).toBe(group === 'admin' ? 2 : 0);
    expect(/TrainingLogin|s3:/.test(policyOf(group))).toBe(group === 'admin');
  });

  it('answers before the gateway gives up', () => {
    for (const { Properties } of Object.values(resources(api, 'AWS::Lambda::Function'))) {
      expect(Properties.Timeout).toBeLessThan(30);
    }
  });

  it('is throttled, more so when small', () => {
    api.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    });
    synthesise({ stage: 'prod', size: 'scale', retraining: 'off' }).api.hasResourceProperties(
      'AWS::ApiGatewayV2::Stage',
      {
        DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
      },
    );
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
