import { Annotations, CfnOutput, Duration, Fn, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AccessLevel,
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  type DistributionProps,
  FunctionEventType,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { EDGE_HEADERS, ENV } from '../../functions/shared/constants.ts';
import { DOCUMENT } from '../../web/files.ts';
import { DeploymentTrigger } from '../constructs/deployment-trigger.ts';
import { edgeFunction, VIEWER_CODE, VIEWS_CODE } from '../constructs/edge-functions.ts';
import { pageBundling } from '../constructs/page-bundling.ts';
import { pageHeaders } from '../constructs/page-headers.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { Settings } from '../settings.ts';
import type { ApiStack } from './api.ts';
import type { DataStack } from './data.ts';

/** Folder of the built page in the package of the upload function. */
const PAGE = 'page';

/**
 * Statuses that CloudFront lets a distribution configure. By default it caches most of them for ten seconds, for all
 * clients. Except for 404, 414 and 501 it does so even if the response says no-store.
 */
export const ERROR_STATUSES = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504] as const;

export interface WebStackProps extends StackProps {
  readonly api: ApiStack;
  readonly data: DataStack;
  readonly settings: Settings;
}

/**
 * The page, from a private bucket through CloudFront. The API has the same origin, so it needs no CORS. Paths get the
 * same responses as from local/serving/page.ts.
 */
export class WebStack extends Stack {
  /** URL of the page, without a slash at the end. */
  readonly pageUrl: string;

  constructor(scope: Construct, id: string, { api, data, settings, ...props }: WebStackProps) {
    super(scope, id, { description: 'Boursomatic: the page', ...props });

    const bucket = new Bucket(this, 'Page', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // CloudFormation cannot delete a bucket that has objects, not even after a creation that failed.
      removalPolicy: RemovalPolicy.RETAIN,
      // Under exactOptionalPropertyTypes, CDK classes do not match their own interfaces.
    }) as IBucket;
    const apiBehavior = this.#api(api, data);
    const distribution = new Distribution(this, 'Distribution', {
      comment: this.stackName,
      defaultRootObject: DOCUMENT.slice(1),
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...this.#customDomain(settings),
      // The cheapest class: edge locations in Europe and North America.
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: this.#page(bucket),
      // Entries without a page change only how long CloudFront caches, for every behaviour.
      errorResponses: ERROR_STATUSES.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      additionalBehaviors: { '/v1/*': apiBehavior, '/mcp': apiBehavior, '/.well-known/*': apiBehavior },
    });
    this.#upload(bucket);
    this.pageUrl = `https://${settings.domain ?? distribution.distributionDomainName}`;
    new CfnOutput(this, 'PageUrl', { description: 'URL of the page', value: this.pageUrl });
  }

  /** Serves the files of the page, and the document for every view. */
  #page(bucket: IBucket): BehaviorOptions {
    // Without s3:ListBucket, S3 returns 403 instead of 404 for a missing file. Clients cannot list the bucket: each path
    // without a file is a view, and CloudFront forwards no query.
    Annotations.of(this).acknowledgeWarning(
      '@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
      'No request that reaches the bucket can list it.',
    );
    return {
      origin: S3BucketOrigin.withOriginAccessControl(bucket, {
        originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
      }),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      responseHeadersPolicy: pageHeaders(this, 'Headers'),
      // It compresses with gzip and brotli, and caches for as long as the file's headers say, but at least a second. For
      // that second after a deployment, a client may get the previous document.
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      functionAssociations: [
        {
          eventType: FunctionEventType.VIEWER_REQUEST,
          function: edgeFunction(this, 'Views', 'Serves the document for every view', VIEWS_CODE),
        },
      ],
    };
  }

  /**
   * Forwards to the API. Its responses have their own headers, which those of the page must not replace. API Gateway's own
   * refusals have none.
   */
  #api({ api }: ApiStack, { edgeProof }: DataStack): BehaviorOptions {
    return {
      origin: new HttpOrigin(Fn.select(2, Fn.split('/', api.apiEndpoint)), {
        // CloudFront replaces any value that a client sends in this header.
        customHeaders: { [EDGE_HEADERS.proof]: edgeProof },
      }),
      // A redirect would hide from a client that it sends tokens without encryption.
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      responseHeadersPolicy: pageHeaders(this, 'ApiHeaders', { override: false }),
      // Responses depend on the user.
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      functionAssociations: [
        {
          eventType: FunctionEventType.VIEWER_REQUEST,
          function: edgeFunction(this, 'Viewer', 'Passes the client address to the API', VIEWER_CODE),
        },
      ],
    };
  }

  /** Builds the page and uploads it to the bucket as part of the deployment. */
  #upload(bucket: IBucket): void {
    const upload = new ServiceFunction(this, 'UploadFunction', {
      entry: 'web/upload.lambda.ts',
      timeout: Duration.minutes(2),
      memorySize: 256,
      bundling: pageBundling(PAGE),
      environment: { [ENV.pageBucket]: bucket.bucketName, [ENV.pageFolder]: PAGE },
    });
    upload.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] }),
    );
    new DeploymentTrigger(this, 'Upload', { handler: upload });
  }

  /** A custom domain, if the settings name one. Its owner creates the DNS record. */
  #customDomain({ domain, certificate }: Settings): Partial<DistributionProps> {
    if (!domain || !certificate) return {};
    return {
      domainNames: [domain],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificate),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    };
  }
}
