import { Duration } from 'aws-cdk-lib';
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
  type ResponseSecurityHeadersBehavior,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { PAGE_HEADERS } from '../../web/headers.ts';

/**
 * The policy that adds the page's headers to every response. With `override: false` it keeps headers that the origin
 * sends. CloudFront accepts the security headers that it knows only in dedicated fields, and all others in a list.
 */
export function pageHeaders(scope: Construct, id: string, { override = true } = {}): ResponseHeadersPolicy {
  const {
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': referrerPolicy,
    'strict-transport-security': strictTransportSecurity,
    'x-content-type-options': _nosniff,
    'x-frame-options': frameOption,
    ...others
  } = PAGE_HEADERS;
  const security: ResponseSecurityHeadersBehavior = {
    contentSecurityPolicy: { contentSecurityPolicy, override },
    // nosniff is the only value of this header.
    contentTypeOptions: { override },
    frameOptions: { frameOption: HeadersFrameOption[frameOption], override },
    referrerPolicy: { referrerPolicy: supported(HeadersReferrerPolicy, referrerPolicy), override },
    strictTransportSecurity: { ...readTransportSecurity(strictTransportSecurity), override },
  };
  return new ResponseHeadersPolicy(scope, id, {
    securityHeadersBehavior: security,
    customHeadersBehavior: {
      customHeaders: Object.entries(others).map(([header, value]) => ({ header, value, override })),
    },
  });
}

function supported<T extends string>(values: Record<string, T>, value: string): T {
  const found = Object.values(values).find((one) => one === value);
  if (found === undefined)
    throw new Error(`CloudFront does not support the value ${value}: change web/headers.ts`);
  return found;
}

function readTransportSecurity(value: string): { accessControlMaxAge: Duration; includeSubdomains: boolean } {
  const [, seconds, subdomains] = /^max-age=(\d+)(; includeSubDomains)?$/.exec(value) ?? [];
  if (seconds === undefined) throw new Error(`strict-transport-security has no max-age in seconds: ${value}`);
  return { accessControlMaxAge: Duration.seconds(Number(seconds)), includeSubdomains: !!subdomains };
}
