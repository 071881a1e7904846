import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiHandler } from '../../../functions/api/core/api-handler.ts';
import { json } from '../../../functions/api/core/http.ts';
import { ROUTES } from '../../../functions/api/routes.ts';
import { EDGE_HEADERS } from '../../../functions/shared/constants.ts';
import { addStacks } from '../../../lib/application.ts';
import { VIEWER_CODE, VIEWS_CODE } from '../../../lib/constructs/edge-functions.ts';
import { DEFAULT_SETTINGS } from '../../../lib/settings.ts';
import { PAGE_HEADERS } from '../../../web/headers.ts';
import { getRequest, lambdaContext } from '../../functions/api/support.ts';
import { newApp, resource, resources } from '../app.ts';

const { web: stack } = addStacks(newApp(), DEFAULT_SETTINGS);
const web = Template.fromStack(stack);

interface Behavior {
  PathPattern?: string;
  ViewerProtocolPolicy: string;
  ResponseHeadersPolicyId?: unknown;
  CachePolicyId: string;
  OriginRequestPolicyId?: string;
  AllowedMethods?: string[];
  Compress: boolean;
  TargetOriginId: string;
  FunctionAssociations: { EventType: string; FunctionARN: { 'Fn::GetAtt': [string, string] } }[];
}
interface Origin {
  Id: string;
  S3OriginConfig?: unknown;
  DomainName: unknown;
  OriginCustomHeaders?: { HeaderName: string; HeaderValue: unknown }[];
}
const { DistributionConfig: config } = resource(web, 'AWS::CloudFront::Distribution', 'Distribution')
  .Properties as unknown as {
  DistributionConfig: { DefaultCacheBehavior: Behavior; CacheBehaviors: Behavior[]; Origins: Origin[] };
};
const ofPage = config.DefaultCacheBehavior;
const ofApi = config.CacheBehaviors;

/** The code that CloudFront runs before a behaviour's requests. */
function codeBefore({ FunctionAssociations: [only, ...more] }: Behavior): unknown {
  expect(more).toEqual([]);
  expect(only?.EventType).toBe('viewer-request');
  const found = resources(web, 'AWS::CloudFront::Function')[only?.FunctionARN['Fn::GetAtt'][0] ?? ''];
  expect(found?.Properties).toMatchObject({
    AutoPublish: true,
    FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
  });
  return found?.Properties.FunctionCode;
}

const originOf = ({ TargetOriginId }: Behavior) =>
  config.Origins.find(({ Id }) => Id === TargetOriginId) ?? expect.unreachable('no such origin');

describe('the page', () => {
  test('comes from a bucket that only CloudFront can read', () => {
    web.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    web.resourceCountIs('AWS::CloudFront::OriginAccessControl', 1);
    expect(originOf(ofPage)).toHaveProperty('S3OriginConfig');
    const policy = JSON.stringify(resource(web, 'AWS::S3::BucketPolicy', 'Page').Properties);
    expect(policy).toMatch(/AWS:SourceArn.*distribution.*cloudfront\.amazonaws\.com/);
  });

  test('has the headers that one machine gives it, to the letter', () => {
    expect(ofPage.ResponseHeadersPolicyId).toEqual({ Ref: expect.stringMatching(/^Headers/) });
    expect(headersOf()).toEqual(PAGE_HEADERS);
  });

  test('answers views with the document, and says of a missing file that it is missing', () => {
    expect(codeBefore(ofPage)).toBe(VIEWS_CODE);
    // Custom error responses would be those of the API too.
    expect(config).not.toHaveProperty('CustomErrorResponses');
    const policy = JSON.stringify(resource(web, 'AWS::S3::BucketPolicy', 'Page').Properties);
    expect(policy).toContain('"s3:ListBucket"');
    // Where the function was taken away by hand, the bucket would be listed without it.
    expect(config).toMatchObject({ DefaultRootObject: 'index.html' });
  });

  test('is packed, and kept for as long as its files say', () => {
    expect(ofPage.Compress).toBe(true);
    // The managed policy that keeps what the bucket says, in gzip and brotli.
    expect(ofPage.CachePolicyId).toBe('658327ea-f89d-4fab-a63d-7e88639e58f6');
    // Nothing else reaches the bucket: no query that would list it.
    expect(ofPage).not.toHaveProperty('OriginRequestPolicyId');
    expect(ofPage).not.toHaveProperty('AllowedMethods');
  });

  test('has a name of its own where it is given one, with TLS of today', () => {
    const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/abc';
    const named = addStacks(newApp(), { ...DEFAULT_SETTINGS, domain: 'bourse.example.com', certificate });
    Template.fromStack(named.web).hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Aliases: ['bourse.example.com'],
        ViewerCertificate: { AcmCertificateArn: certificate, MinimumProtocolVersion: 'TLSv1.2_2021' },
      },
    });
    expect(config).not.toHaveProperty('Aliases');
  });
});

describe('the API', () => {
  test('is under the same origin, whole', () => {
    const patterns = ofApi.map(({ PathPattern = '' }) => PathPattern.replace('*', ''));
    const reached = ({ path }: { path: string }) => patterns.some((pattern) => path.startsWith(pattern));
    expect(ROUTES.filter((route) => !reached(route))).toEqual([]);
    for (const behavior of ofApi) {
      expect(JSON.stringify(originOf(behavior).DomainName)).toMatch(
        /Fn::Select.*ImportValue.*boursomatic-dev-api/,
      );
      expect(behavior.AllowedMethods).toContain('DELETE');
    }
  });

  test('hears all that readers say but the name of the page, and what it answers is never kept', () => {
    for (const behavior of ofApi) {
      // The managed policies that cache nothing, and that pass on everything except Host.
      expect(behavior.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
      expect(behavior.OriginRequestPolicyId).toBe('b689b0a8-53d0-40ab-baf2-68738e2966ac');
    }
  });

  test("keeps the headers of its own answers: the page's would open what it closes", () => {
    for (const behavior of ofApi) expect(behavior).not.toHaveProperty('ResponseHeadersPolicyId');
  });

  test('promises TLS for as long as the page does', async () => {
    const { headers } = await apiHandler(async () => json(200, {}))(getRequest('/v1/x'), lambdaContext());
    const name = 'strict-transport-security';
    expect(headers?.[name]).toBe(PAGE_HEADERS[name]);
  });

  test('is told who asks, and by a secret that it is CloudFront who says so', () => {
    for (const behavior of ofApi) {
      expect(codeBefore(behavior)).toBe(VIEWER_CODE);
      const [only, ...more] = originOf(behavior).OriginCustomHeaders ?? [];
      expect(more).toEqual([]);
      expect(only?.HeaderName).toBe(EDGE_HEADERS.proof);
      expect(JSON.stringify(only?.HeaderValue)).toMatch(
        /resolve:secretsmanager:.*boursomatic-dev-data:\w*SigningKeys.*:SecretString:edge::/,
      );
    }
    expect(originOf(ofPage)).not.toHaveProperty('OriginCustomHeaders');
  });
});

test('sends everybody to HTTPS', () => {
  for (const behavior of [ofPage, ...ofApi]) expect(behavior.ViewerProtocolPolicy).toBe('redirect-to-https');
});

describe('a deployment', () => {
  test('uploads the page, with a function that can do nothing else', () => {
    web.resourceCountIs('Custom::Trigger', 1);
    const policy = JSON.stringify(resource(web, 'AWS::IAM::Policy', 'UploadFunctionServiceRole').Properties);
    expect(policy).toContain('s3:PutObject');
    expect(policy).not.toMatch(/secretsmanager|s3:(Get|Delete|List)/);
  });

  describe('builds the page', () => {
    let folder: string;
    let upload: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'boursomatic-web-'));
      const app = newApp({ 'aws:cdk:bundling-stacks': [stack.stackName] }, folder);
      const bundled = Template.fromStack(addStacks(app, DEFAULT_SETTINGS).web);
      const { Properties } = resource(bundled, 'AWS::Lambda::Function', 'UploadFunction');
      const { S3Key } = Properties.Code as { S3Key: string };
      upload = join(folder, `asset.${S3Key.replace('.zip', '')}`);
      expect(Properties.Environment).toMatchObject({ Variables: { PAGE_FOLDER: 'page' } });
    }, 120_000);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('into the package of what uploads it, whether it was built before or not', () => {
      expect(readdirSync(upload)).toEqual(expect.arrayContaining(['index.mjs', 'page']));
      const html = readFileSync(join(upload, 'page/index.html'), 'utf8');
      const scripts = [...html.matchAll(/ src="\/([^"]+)"/g)].map(([, path = '']) => path);
      expect(scripts.length).toBeGreaterThan(0);
      for (const script of scripts) expect(existsSync(join(upload, 'page', script)), script).toBe(true);
    });

    test('for readers, not for developers', () => {
      const assets = readdirSync(join(upload, 'page/assets')).filter((name) => name.endsWith('.js'));
      const text = assets.map((name) => readFileSync(join(upload, 'page/assets', name), 'utf8')).join('\n');
      expect(text).not.toContain('jsxDEV');
    });
  });
});

/** The headers of the policy, as a browser reads them. */
function headersOf(): Record<string, string> {
  const { ResponseHeadersPolicyConfig: policy } = resource(
    web,
    'AWS::CloudFront::ResponseHeadersPolicy',
    'Headers',
  ).Properties as unknown as {
    ResponseHeadersPolicyConfig: {
      CustomHeadersConfig: { Items: { Header: string; Value: string; Override: boolean }[] };
      SecurityHeadersConfig: {
        ContentSecurityPolicy: { ContentSecurityPolicy: string };
        ContentTypeOptions: object;
        FrameOptions: { FrameOption: string };
        ReferrerPolicy: { ReferrerPolicy: string };
        StrictTransportSecurity: { AccessControlMaxAgeSec: number; IncludeSubdomains: boolean };
      };
    };
  };
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = policy;
  for (const one of [...Object.values(security), ...custom.Items])
    expect(one).toMatchObject({ Override: true });
  expect(security.StrictTransportSecurity.IncludeSubdomains).toBe(false);
  return {
    'content-security-policy': security.ContentSecurityPolicy.ContentSecurityPolicy,
    'referrer-policy': security.ReferrerPolicy.ReferrerPolicy,
    'strict-transport-security': `max-age=${security.StrictTransportSecurity.AccessControlMaxAgeSec}`,
    ...(security.ContentTypeOptions && { 'x-content-type-options': 'nosniff' }),
    'x-frame-options': security.FrameOptions.FrameOption,
    ...Object.fromEntries(custom.Items.map(({ Header, Value }) => [Header, Value])),
  };
}
