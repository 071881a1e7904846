import { Function as EdgeFunction, FunctionCode, FunctionRuntime } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { EDGE_HEADERS } from '../../functions/shared/constants.ts';
import { DOCUMENT, NO_VIEW } from '../../web/files.ts';

/**
 * Serves the document for every view, with the expression and the decoding of local/serving/page.ts. The bucket refuses
 * a path that cannot be decoded.
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

/**
 * Passes the client's address to the API, which otherwise sees CloudFront's. It replaces any value that the client
 * sends in this header.
 */
export const VIEWER_CODE = `function handler(event) {
  const request = event.request;
  request.headers['${EDGE_HEADERS.viewer}'] = { value: event.viewer.ip };
  return request;
}
`;

/** A CloudFront function, which runs before each request of a behaviour. */
export function edgeFunction(scope: Construct, id: string, comment: string, code: string): EdgeFunction {
  return new EdgeFunction(scope, id, {
    comment,
    runtime: FunctionRuntime.JS_2_0,
    code: FunctionCode.fromInline(code),
  });
}
