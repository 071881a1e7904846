/**
 * Errors of Lambda's Invoke for a function that cannot run yet. Lambda refuses the call at once, so a retry costs almost
 * nothing.
 */
export const NOT_READY: readonly string[] = [
  // Another execution uses the function's reserved concurrency.
  'TooManyRequestsException',
  // After weeks without a call, Lambda removes a function's interface in the VPC. The next call gets this error,
  'ResourceNotReadyException',
  // and further calls get this one while Lambda recreates the interface, because the function is pending.
  'ResourceConflictException',
  'ENINotReadyException',
  // EC2 did not provide the interface.
  'EC2ThrottledException',
  'EC2UnexpectedException',
];
