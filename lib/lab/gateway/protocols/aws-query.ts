import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../../core/errors.ts';
import { readForm } from './form-shapes.ts';
import { bodyText, faultOf, type Protocol, type WireService } from './protocol.ts';

/** Smithy's number for ISO timestamps, the default of awsQuery. */
const isoTime = 5;

/** awsQuery: a form in, with `Action` and flattened members; XML out. */
export const awsQuery: Protocol = {
  decode(request, wire) {
    const form = new URLSearchParams(request.method === 'GET' ? request.query : bodyText(request.body));
    const operation = form.get('Action') ?? '';
    if (operation === '') throw new AwsError('MissingAction', 'The request is missing an action or a required parameter.');
    return { operation, input: () => readInput(form, wire, operation) };
  },

  encode(wire, operation, output, requestId) {
    return xmlResponse(200, requestId, responseXml(wire, operation, output, requestId));
  },

  unknownOperation: (service, operation) =>
    new AwsError(
      'InvalidAction',
      `The action ${operation} is not valid for this web service: the lab has no operation ${service}.${operation}.`,
      400,
    ),
  missingToken: () => new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403),

  encodeError(wire, error, requestId) {
    const { name, message } = error;
    const detail = `<Type>${faultOf(error)}</Type><Code>${escapeXml(name)}</Code><Message>${escapeXml(message)}</Message>`;
    const namespace = wire?.xmlNamespace ? ` xmlns="${wire.xmlNamespace}"` : '';
    const body = `<ErrorResponse${namespace}><Error>${detail}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
    return xmlResponse(error.statusCode, requestId, body);
  },
};

function readInput(form: URLSearchParams, wire: WireService, operation: string): unknown {
  const schema = wire.schemas.operation(operation)?.input;
  return schema ? readForm(schema, form) : {};
}

/** `<XResponse><XResult>...</XResult><ResponseMetadata>`, as one struct whose result member is the operation's output. */
function responseXml(wire: WireService, operation: string, output: unknown, requestId: string): string {
  const schema = wire.schemas.operation(operation)?.output;
  const serializer = new XmlShapeSerializer({
    xmlNamespace: wire.xmlNamespace ?? '',
    serviceNamespace: wire.name,
    timestampFormat: { useTrait: true, default: isoTime },
  });
  const metadata = [3, wire.name, 'ResponseMetadata', 0, ['RequestId'], [0]];
  // An output without members still has its element (clients such as botocore insist); an operation without output has none.
  const result = schema?.isStructSchema() ? schema : undefined;
  const names = [...(result ? [`${operation}Result`] : []), 'ResponseMetadata'];
  const members = [...(result ? [() => result.getSchema()] : []), () => metadata];
  const envelope = [3, wire.name, `${operation}Response`, 0, names, members];
  const value = { [`${operation}Result`]: output ?? {}, ResponseMetadata: { RequestId: requestId } };
  serializer.write(NormalizedSchema.of(envelope as never), value);
  return String(serializer.flush());
}

function xmlResponse(status: number, requestId: string, body: string) {
  return { status, headers: { 'x-amzn-requestid': requestId, 'content-type': 'text/xml' }, body };
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
