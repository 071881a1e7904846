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
import { Trigger } from 'aws-cdk-lib/triggers';
import type { Construct } from 'constructs';
import { EDGE_HEADERS, ENV } from '../../functions/shared/constants.ts';
import { DOCUMENT } from '../../web/files.ts';
import { edgeFunction, VIEWER_CODE, VIEWS_CODE } from '../constructs/edge-functions.ts';
import { pageBundling } from '../constructs/page-bundling.ts';
import { pageHeaders } from '../constructs/page-headers.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { Settings } from '../settings.ts';
import type { ApiStack } from './api.ts';
import type { DataStack } from './data.ts';

/** The built page in the package of what uploads it. */
const PAGE = 'page';

export interface WebStackProps extends StackProps {
  readonly api: ApiStack;
  readonly data: DataStack;
  readonly settings: Settings;
}

/**
 * The page, from a private bucket through CloudFront, with the API under the same origin: no CORS, one name. What is
 * answered is what local/serving/page.ts answers.
 */
export class WebStack extends Stack {
  constructor(scope: Construct, id: string, { api, data, settings, ...props }: WebStackProps) {
    super(scope, id, { description: 'Boursomatic: the page', ...props });

    const bucket = new Bucket(this, 'Page', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // CloudFormation deletes no bucket with something in it, and would fail at that.
      removalPolicy: RemovalPolicy.RETAIN,
      // The CDK's classes do not quite match their interfaces under exactOptionalPropertyTypes.
    }) as IBucket;
    const toApi = this.#api(api, data);
    const distribution = new Distribution(this, 'Distribution', {
      comment: this.stackName,
      defaultRootObject: DOCUMENT.slice(1),
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...this.#name(settings),
      // Europe and North America: the cheapest class.
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: this.#page(bucket),
      additionalBehaviors: { '/v1/*': toApi, '/.well-known/*': toApi },
    });
    this.#upload(bucket);
    new CfnOutput(this, 'PageUrl', {
      value: `https://${settings.domain ?? distribution.distributionDomainName}`,
    });
  }

  /** The files of the page, and the document for every view. */
  #page(bucket: IBucket): BehaviorOptions {
    // Without the right to list, S3 answers 403 for a file that is not there. Nobody can use it to list: every path
    // that names no file is a view, and no query is passed on.
    Annotations.of(this).acknowledgeWarning(
      '@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
      'Nothing that reaches the bucket lists it.',
    );
    return {
      origin: S3BucketOrigin.withOriginAccessControl(bucket, {
        originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
      }),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      responseHeadersPolicy: pageHeaders(this, 'Headers'),
      // It keeps files for as long as they say, packed in either way, and "ask again" for its least time, which is a
      // second: so long after a deployment may somebody still be given the document before it.
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      functionAssociations: [
        {
          eventType: FunctionEventType.VIEWER_REQUEST,
          function: edgeFunction(this, 'Views', 'Answers views with the document', VIEWS_CODE),
        },
      ],
    };
  }

  /** The API as it is: its answers have headers of their own, which the page's would overwrite. */
  #api({ api }: ApiStack, { edgeProof }: DataStack): BehaviorOptions {
    return {
      origin: new HttpOrigin(Fn.select(2, Fn.split('/', api.apiEndpoint)), {
        // What a reader sends under that name is replaced.
        customHeaders: { [EDGE_HEADERS.proof]: edgeProof },
      }),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      // Every answer is somebody's own.
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      functionAssociations: [
        {
          eventType: FunctionEventType.VIEWER_REQUEST,
          function: edgeFunction(this, 'Viewer', 'Tells the API who asks', VIEWER_CODE),
        },
      ],
    };
  }

  /** Builds the page, and puts it into the bucket as part of the deployment. */
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
    new Trigger(this, 'Upload', { handler: upload });
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
