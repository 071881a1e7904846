import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { addStacks } from '../../../lib/application.ts';
import { DEFAULT_SETTINGS } from '../../../lib/settings.ts';
import { WebStack } from '../../../lib/stacks/web.ts';
import { newApp, resource } from '../app.ts';

const app = newApp();
const { api } = addStacks(app, DEFAULT_SETTINGS);
const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/abc';
const plain = new WebStack(app, 'a-page', { api, settings: DEFAULT_SETTINGS });
const withName = new WebStack(app, 'a-name', {
  api,
  settings: { ...DEFAULT_SETTINGS, domain: 'bourse.example.com', certificate },
});
const web = Template.fromStack(plain);

interface Behavior {
  PathPattern?: string;
  ViewerProtocolPolicy: string;
  ResponseHeadersPolicyId: unknown;
  CachePolicyId: unknown;
  TargetOriginId: string;
}
const { DistributionConfig: config } = resource(web, 'AWS::CloudFront::Distribution', 'Distribution')
  .Properties as unknown as {
  DistributionConfig: {
    DefaultCacheBehavior: Behavior;
    CacheBehaviors: Behavior[];
    Origins: { Id: string; S3OriginConfig?: unknown; DomainName: unknown }[];
  };
};

describe('WebStack', () => {
  it('serves the page from a bucket that only CloudFront can read', () => {
    web.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    web.resourceCountIs('AWS::CloudFront::OriginAccessControl', 1);
    const policy = JSON.stringify(resource(web, 'AWS::S3::BucketPolicy', 'Page').Properties);
    expect(policy).toMatch(/AWS:SourceArn.*distribution.*cloudfront\.amazonaws\.com/);
  });

  it('has the API under the same origin, and never keeps its answers', () => {
    const [behavior] = config.CacheBehaviors;
    expect(behavior?.PathPattern).toBe('/v1/*');
    // The managed policy that caches nothing.
    expect(behavior?.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
    const origin = config.Origins.find(({ Id }) => Id === behavior?.TargetOriginId);
    expect(JSON.stringify(origin?.DomainName)).toMatch(/Fn::Select.*ImportValue.*boursomatic-dev-api/);
  });

  it('sends everybody to HTTPS, with the headers that keep a page to itself', () => {
    for (const behavior of [config.DefaultCacheBehavior, ...config.CacheBehaviors]) {
      expect(behavior.ViewerProtocolPolicy).toBe('redirect-to-https');
      expect(behavior.ResponseHeadersPolicyId).toEqual({ Ref: expect.stringMatching(/^Headers/) });
    }
    const headers = JSON.stringify(
      resource(web, 'AWS::CloudFront::ResponseHeadersPolicy', 'Headers').Properties,
    );
    expect(headers).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
    expect(headers).not.toMatch(/unsafe-/);
    expect(headers).toContain('"AccessControlMaxAgeSec":63072000');
  });

  it('has a name of its own where it is given one, with TLS of today', () => {
    const named = Template.fromStack(withName);
    named.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Aliases: ['bourse.example.com'],
        ViewerCertificate: { AcmCertificateArn: certificate, MinimumProtocolVersion: 'TLSv1.2_2021' },
      },
    });
    expect(config).not.toHaveProperty('Aliases');
  });

  it('uploads the page as part of the deployment, with a function that can do nothing else', () => {
    web.resourceCountIs('Custom::Trigger', 1);
    const policy = JSON.stringify(resource(web, 'AWS::IAM::Policy', 'UploadFunctionServiceRole').Properties);
    expect(policy).toContain('s3:PutObject');
    expect(policy).not.toMatch(/secretsmanager|s3:(Get|Delete|List)/);
  });
});
