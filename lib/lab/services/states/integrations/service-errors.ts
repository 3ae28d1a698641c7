import { AwsError, messageOf } from '../../../../core/errors.ts';
import { loadWireServices } from '../../../gateway/wire-services.ts';
import { TaskFailure } from './integration.ts';

/** How the errors of one service are named in state machines. */
export interface ErrorNaming {
  /** Before the dot. */
  readonly prefix: string;
  /** The lab's name for the service, whose client knows which errors are modelled. */
  readonly service: string;
  /** Of errors that the service's model does not have. */
  readonly unmodelled: string;
  /** The service as the cause names it. */
  readonly causeName: string;
  /** Optimized integrations tell their causes in the older form of AWS's SDK for Java, those of the SDK in the newer one. */
  readonly causeForm: 'v1' | 'v2';
}

/** A failed call as Step Functions tells it, such as `DynamoDB.ConditionalCheckFailedException`. */
export async function serviceFailure(thrown: unknown, naming: ErrorNaming, requestId: string): Promise<TaskFailure> {
  if (thrown instanceof TaskFailure) return thrown;
  const { prefix, causeName, causeForm } = naming;
  if (!(thrown instanceof AwsError)) return new TaskFailure(`${prefix}.SdkClientException`, messageOf(thrown));
  const { name, message, statusCode } = thrown;
  const modelled = (await loadWireServices()).get(naming.service)?.schemas.error(name) !== undefined;
  const details =
    causeForm === 'v1'
      ? `(Service: ${causeName}; Status Code: ${statusCode}; Error Code: ${name}; Request ID: ${requestId}; Proxy: null)`
      : `(Service: ${causeName}, Status Code: ${statusCode}, Request ID: ${requestId})`;
  return new TaskFailure(`${prefix}.${modelled ? withSuffix(name) : naming.unmodelled}`, `${message} ${details}`);
}

/** The SDK for Java, whose names Step Functions uses, ends every error's name so. */
function withSuffix(name: string): string {
  return name.endsWith('Exception') ? name : `${name}Exception`;
}
