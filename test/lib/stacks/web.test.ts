import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiHandler } from '../../../functions/api/core/api-handler.ts';
import { json } from '../../../functions/api/core/http.ts';
import { ROUTES } from '../../../functions/api/routes.ts';
import { EDGE_HEADERS } from '../../../functions/shared/constants.ts';
import { defined } from '../../../functions/shared/invariant.ts';
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
  DistributionConfig: {
    DefaultCacheBehavior: Behavior;
    CacheBehaviors: Behavior[];
    Origins: Origin[];
    CustomErrorResponses?: object[];
  };
};
const ofPage = config.DefaultCacheBehavior;
const ofApi = config.CacheBehaviors;

/** The code of the function that CloudFront runs for a behaviour. */
function codeBefore({ FunctionAssociations: [only, ...more] }: Behavior): unknown {
  expect(more).toEqual([]);
  expect(only?.EventType).toBe('viewer-request');
  const found = resources(web, 'AWS::CloudFront::Function')[
    defined(only, 'function of the behaviour').FunctionARN['Fn::GetAtt'][0]
  ];
  expect(found?.Properties).toMatchObject({
    AutoPublish: true,
    FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
  });
  return found?.Properties.FunctionCode;
}

const originOf = ({ TargetOriginId }: Behavior) =>
  config.Origins.find(({ Id }) => Id === TargetOriginId) ?? expect.unreachable('no such origin');

describe('the page', () => {
  test('is stored in a bucket that only CloudFront can read', () => {
    web.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    web.resourceCountIs('AWS::CloudFront::OriginAccessControl', 1);
    expect(originOf(ofPage)).toHaveProperty('S3OriginConfig');
    const policy = JSON.stringify(resource(web, 'AWS::S3::BucketPolicy', 'Page').Properties);
    expect(policy).toMatch(/AWS:SourceArn.*distribution.*cloudfront\.amazonaws\.com/);
  });

  test('has exactly the headers of the local server', () => {
    expect(ofPage.ResponseHeadersPolicyId).toEqual({ Ref: expect.stringMatching(/^Headers/) });
    expect(headersOf('Headers', true)).toEqual(PAGE_HEADERS);
  });

  test('serves the document for views, and 404 for a missing file', () => {
    expect(codeBefore(ofPage)).toBe(VIEWS_CODE);
    const policy = JSON.stringify(resource(web, 'AWS::S3::BucketPolicy', 'Page').Properties);
    expect(policy).toContain('"s3:ListBucket"');
    // If somebody removed the function, a request for / would list the bucket without a root object.
    expect(config).toMatchObject({ DefaultRootObject: 'index.html' });
  });

  test('is compressed, and cached as its files specify', () => {
    expect(ofPage.Compress).toBe(true);
    // The managed policy that follows the bucket's caching headers, with gzip and brotli.
    expect(ofPage.CachePolicyId).toBe('658327ea-f89d-4fab-a63d-7e88639e58f6');
    // No query reaches the bucket, so no request can list it.
    expect(ofPage).not.toHaveProperty('OriginRequestPolicyId');
    expect(ofPage).not.toHaveProperty('AllowedMethods');
  });

  test('uses the configured domain, with TLS 1.2 or later', () => {
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
  test('has the same origin as the page', () => {
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

  test('receives every client header except Host, and is never cached', () => {
    for (const behavior of ofApi) {
      // The managed policies that disable caching and forward everything except Host.
      expect(behavior.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
      expect(behavior.OriginRequestPolicyId).toBe('b689b0a8-53d0-40ab-baf2-68738e2966ac');
    }
  });

  test("keeps its own response headers; API Gateway's own refusals get those of the page", () => {
    for (const behavior of ofApi)
      expect(behavior.ResponseHeadersPolicyId).toEqual({ Ref: expect.stringMatching(/^ApiHeaders/) });
    expect(headersOf('ApiHeaders', false)).toEqual(PAGE_HEADERS);
  });

  test('sends the strict-transport-security header of the page', async () => {
    const { headers } = await apiHandler(async () => json(200, {}))(getRequest('/v1/x'), lambdaContext());
    const name = 'strict-transport-security';
    expect(headers?.[name]).toBe(PAGE_HEADERS[name]);
  });

  test('receives the client address, with a secret that identifies CloudFront', () => {
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

test('CloudFront caches no error, and passes on the body of each', async () => {
  // CloudFront caches these for ten seconds by default, for all users, whatever the caching headers say.
  const cached = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];
  expect(config.CustomErrorResponses).toEqual(
    cached.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
  );
  // It caches other statuses only for the max-age of the response.
  for (const status of [410, 412, 415, 422, 429]) {
    const { headers } = await apiHandler(async () => json(status, {}))(getRequest('/v1/x'), lambdaContext());
    expect(headers?.['cache-control'], String(status)).toBe('private, no-store');
  }
});

test('only the page redirects to HTTPS; the API refuses HTTP, so that a client with a wrong URL notices', () => {
  expect(ofPage.ViewerProtocolPolicy).toBe('redirect-to-https');
  for (const behavior of ofApi) expect(behavior.ViewerProtocolPolicy).toBe('https-only');
});

describe('a deployment', () => {
  test('uploads the page with a function that may only write its bucket', () => {
    web.resourceCountIs('Custom::Trigger', 1);
    const policy = JSON.stringify(resource(web, 'AWS::IAM::Policy', 'UploadFunctionServiceRole').Properties);
    expect(policy).toContain('s3:PutObject');
    expect(policy).not.toMatch(/secretsmanager|s3:(Get|Delete|List)/);
  });

  describe('build of the page', () => {
    let folder: string;
    let upload: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'boursomatic-web-'));
      const app = newApp({ 'aws:cdk:bundling-stacks': [stack.stackName] }, { outdir: folder });
      const bundled = Template.fromStack(addStacks(app, DEFAULT_SETTINGS).web);
      const { Properties } = resource(bundled, 'AWS::Lambda::Function', 'UploadFunction');
      const { S3Key } = Properties.Code as { S3Key: string };
      upload = join(folder, `asset.${S3Key.replace('.zip', '')}`);
      expect(Properties.Environment).toMatchObject({ Variables: { PAGE_FOLDER: 'page' } });
    }, 120_000);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('includes it in the package of the upload function', () => {
      expect(readdirSync(upload)).toEqual(expect.arrayContaining(['index.mjs', 'page']));
      const html = readFileSync(join(upload, 'page/index.html'), 'utf8');
      const scripts = [...html.matchAll(/ src="\/([^"]+)"/g)].map(([, path = '']) => path);
      expect(scripts.length).toBeGreaterThan(0);
      for (const script of scripts) expect(existsSync(join(upload, 'page', script)), script).toBe(true);
    });

    test('builds it for production', () => {
      const assets = readdirSync(join(upload, 'page/assets')).filter((name) => name.endsWith('.js'));
      const text = assets.map((name) => readFileSync(join(upload, 'page/assets', name), 'utf8')).join('\n');
      expect(text).not.toContain('jsxDEV');
    });
  });
});

/**
 * The headers of a policy, as a browser receives them.
 *
 * @param replaces - whether they replace those of the origin
 */
function headersOf(id: string, replaces: boolean): Record<string, string> {
  const { ResponseHeadersPolicyConfig: policy } = resource(web, 'AWS::CloudFront::ResponseHeadersPolicy', id)
    .Properties as unknown as {
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
    expect(one).toMatchObject({ Override: replaces });
  const { AccessControlMaxAgeSec: maxAge, IncludeSubdomains } = security.StrictTransportSecurity;
  return {
    'content-security-policy': security.ContentSecurityPolicy.ContentSecurityPolicy,
    'referrer-policy': security.ReferrerPolicy.ReferrerPolicy,
    'strict-transport-security': `max-age=${maxAge}${IncludeSubdomains ? '; includeSubDomains' : ''}`,
    ...(security.ContentTypeOptions && { 'x-content-type-options': 'nosniff' }),
    'x-frame-options': security.FrameOptions.FrameOption,
    ...Object.fromEntries(custom.Items.map(({ Header, Value }) => [Header, Value])),
  };
}
