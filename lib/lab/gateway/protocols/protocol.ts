import type { AwsError } from '../../../core/errors.ts';
import type { WireRequest, WireResponse } from '../../contract.ts';
import type { ServiceSchemas } from './schemas.ts';

/** What the wire formats need to know of a service, beside the shapes of its operations. */
export interface WireService {
  /** Signing name, which is also the lab's name for the service: `dynamodb`, `monitoring`, ... */
  readonly name: string;
  /** What stands before the dot in X-Amz-Target, and the service's name in rpcv2Cbor's paths. */
  readonly targetPrefix?: string;
  /** Version in the content type of awsJson answers. */
  readonly jsonVersion?: '1.0' | '1.1';
  /** Namespace of the XML that awsQuery answers. */
  readonly xmlNamespace?: string;
  /** Namespace before the names of the service's own errors in awsJson; most services send bare names. */
  readonly errorNamespace?: string;
  /** Its clients want the awsQuery code of each error in a header of the newer protocols. */
  readonly queryCompatible?: boolean;
  /** Inputs and outputs stay as the JSON that travels; no shape is walked (DynamoDB: the hot path, and dynalite speaks it). */
  readonly plainJson?: boolean;
  readonly schemas: ServiceSchemas;
}

/** One call as a protocol read it. */
interface DecodedCall {
  readonly operation: string;
  /** Reads the input; apart from the operation so that an operation that the lab lacks is named before its input is judged. */
  input(): unknown;
}

/** One of AWS's wire formats, both ways. */
export interface Protocol {
  /** Throws an AwsError when the request names no operation. */
  decode(request: WireRequest, wire: WireService): DecodedCall;
  encode(wire: WireService, operation: string, output: unknown, requestId: string): WireResponse;
  /** What AWS answers in this format to an operation that the service does not have. */
  unknownOperation(service: string, operation: string): AwsError;
  /** What AWS answers in this format to a request without any signature. */
  missingToken(): AwsError;
  encodeError(wire: WireService | undefined, error: AwsError, requestId: string): WireResponse;
}

/** The text of a body, without copying it first. */
export function bodyText(body: Uint8Array): string {
  return (Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)).toString('utf8');
}

/** Whose fault an error is, as awsQuery puts it. */
export function faultOf(error: AwsError): 'Sender' | 'Receiver' {
  return error.statusCode < 500 ? 'Sender' : 'Receiver';
}
