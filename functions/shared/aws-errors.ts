/**
 * Errors of the services by AWS's own names. The SDK throws objects whose `name` is the error's name; the local twins throw
 * ServiceError; domain code asks by name and so needs no SDK.
 */
export type ServiceErrorName =
  | 'AccessDeniedException'
  | 'AccessDenied'
  | 'ConcurrentModificationException'
  | 'ConcurrentRunsExceededException'
  | 'EntityNotFoundException'
  | 'ExecutionAlreadyExists'
  | 'InternalServiceException'
  | 'InvalidInputException'
  | 'InvalidToken'
  | 'KMS.DisabledException'
  | 'NoSuchBucket'
  | 'NoSuchKey'
  | 'NoSuchVersion'
  | 'OperationTimeoutException'
  | 'PreconditionFailed'
  | 'ResourceNotFoundException'
  | 'ResourceNumberLimitExceededException'
  | 'SlowDown'
  | 'TaskDoesNotExist'
  | 'TaskTimedOut'
  | 'ThrottlingException'
  | 'ValidationException';

export class ServiceError extends Error {
  constructor(name: ServiceErrorName, message: string) {
    super(message);
    this.name = name;
  }
}

export function isServiceError(error: unknown, ...names: ServiceErrorName[]): error is Error {
  return error instanceof Error && (names as string[]).includes(error.name);
}

export function isThrottling(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Throttling|ThrottlingException|TooManyRequestsException|SlowDown|ProvisionedThroughputExceededException)$/.test(error.name)
  );
}

export function isAccessDenied(error: unknown): boolean {
  return isServiceError(error, 'AccessDeniedException', 'AccessDenied');
}

export function isNotFound(error: unknown): boolean {
  return isServiceError(error, 'EntityNotFoundException', 'ResourceNotFoundException', 'NoSuchKey', 'NoSuchBucket', 'NoSuchVersion');
}
