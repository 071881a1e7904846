import { Function as EdgeFunction, FunctionCode, FunctionRuntime } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { EDGE_HEADERS } from '../../functions/shared/constants.ts';
import { DOCUMENT, NO_VIEW } from '../../web/files.ts';

/**
 * Answers views with the document, as local/serving/page.ts does, by the same expression. It decodes the path because that
 * does; what cannot be decoded is left for the bucket to refuse.
 */
export const VIEWS_CODE = `const NO_VIEW = ${NO_VIEW};
function handler(event) {
  const request = event.request;
  try {
    if (!NO_VIEW.test(decodeURIComponent(request.uri))) request.uri = '${DOCUMENT}';
  } catch (error) {
    return request;
  }
  return request;
}
`;

/** Tells the API who asks, which sees CloudFront's own address. What a reader sends under that name is replaced. */
export const VIEWER_CODE = `function handler(event) {
  const request = event.request;
  request.headers['${EDGE_HEADERS.viewer}'] = { value: event.viewer.ip };
  return request;
}
`;

/** A function that CloudFront runs before each request of a behaviour, in a JavaScript of its own. */
export function edgeFunction(scope: Construct, id: string, comment: string, code: string): EdgeFunction {
  return new EdgeFunction(scope, id, {
    comment,
    runtime: FunctionRuntime.JS_2_0,
    code: FunctionCode.fromInline(code),
  });
}
