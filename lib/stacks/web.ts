import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CfnOutput, Duration, Fn, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  type DistributionProps,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Trigger } from 'aws-cdk-lib/triggers';
import type { Construct } from 'constructs';
import { ENV } from '../../functions/shared/constants.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { Settings } from '../settings.ts';
import type { ApiStack } from './api.ts';

/** The built page. */
const PAGE = 'web/dist';
const PROJECT_ROOT = resolve(import.meta.dirname, '../..');

/** Whether there is a page to serve. */
export const hasPage = (): boolean => existsSync(resolve(PROJECT_ROOT, PAGE, 'index.html'));

/** What the page may load: its own files, and nothing of anybody else's. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export interface WebStackProps extends StackProps {
  readonly api: ApiStack;
  readonly settings: Settings;
}

/** The page, from a private bucket through CloudFront, with the API under the same origin: no CORS, one name. */
export class WebStack extends Stack {
  constructor(scope: Construct, id: string, { api, settings, ...props }: WebStackProps) {
    super(scope, id, { description: 'Boursomatic: the page', ...props });

    const bucket = new Bucket(this, 'Page', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // It can be built again.
      removalPolicy: RemovalPolicy.DESTROY,
      // The CDK's classes do not quite match their interfaces under exactOptionalPropertyTypes.
    }) as IBucket;
    const headers = new ResponseHeadersPolicy(this, 'Headers', {
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: CONTENT_SECURITY_POLICY, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(730),
          includeSubdomains: true,
          override: true,
        },
      },
    });
    const secured = {
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      responseHeadersPolicy: headers,
    };
    const distribution = new Distribution(this, 'Distribution', {
      comment: this.stackName,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...this.#name(settings),
      // Europe and North America: the cheapest class.
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        ...secured,
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      },
      additionalBehaviors: {
        '/v1/*': {
          ...secured,
          origin: new HttpOrigin(Fn.select(2, Fn.split('/', api.api.apiEndpoint))),
          allowedMethods: AllowedMethods.ALLOW_ALL,
          // Every answer is somebody's own.
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        },
      },
    });
    const upload = new ServiceFunction(this, 'UploadFunction', {
      entry: 'web/upload.lambda.ts',
      timeout: Duration.minutes(2),
      memorySize: 256,
      files: [PAGE],
      environment: { [ENV.pageBucket]: bucket.bucketName, [ENV.pageFolder]: PAGE },
    });
    upload.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] }),
    );
    new Trigger(this, 'Upload', { handler: upload });
    new CfnOutput(this, 'PageUrl', {
      value: `https://${settings.domain ?? distribution.distributionDomainName}`,
    });
  }

  /** A name of its own, where it is given one; its DNS record is whoever's the domain is. */
  #name({ domain, certificate }: Settings): Partial<DistributionProps> {
    if (!domain || !certificate) return {};
    return {
      domainNames: [domain],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificate),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    };
  }
}
