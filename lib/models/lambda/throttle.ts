/**
 * Why Lambda refuses an invocation: `Reason` of TooManyRequestsException (the API model's ThrottleReason). AWS names the reasons
 * but not which limit gives which; the ones for rates are assumed.
 */
export type ThrottleReason =
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ConcurrentInvocationLimitExceeded'
  | 'ReservedFunctionInvocationRateLimitExceeded'
  | 'FunctionInvocationRateLimitExceeded'
  | 'CallerRateLimitExceeded';
