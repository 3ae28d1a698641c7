import type { WireRequest } from '../../contract.ts';
import { fisBody } from './fis-body.ts';
import { parseJson } from './json-shapes.ts';
import { jsonable } from './jsonable.ts';
import { bodyText } from './protocol.ts';
import type { RestRoute } from './rest-route.ts';

/**
 * The routes of FIS, which the installed client does not export. Its inputs hold neither times nor blobs, so the JSON body,
 * the path's labels and the query are the input; times in outputs travel as epoch seconds.
 * Each: operation, method, path, and, where names differ, the members of the path's labels.
 */
const table: readonly (readonly [operation: string, method: string, path: string, members?: Readonly<Record<string, string>>])[] = [
  ['CreateExperimentTemplate', 'POST', '/experimentTemplates'],
  ['DeleteExperimentTemplate', 'DELETE', '/experimentTemplates/{id}'],
  ['GetAction', 'GET', '/actions/{id}'],
  ['GetExperiment', 'GET', '/experiments/{id}'],
  ['GetExperimentTemplate', 'GET', '/experimentTemplates/{id}'],
  ['GetSafetyLever', 'GET', '/safetyLevers/{id}'],
  ['GetTargetResourceType', 'GET', '/targetResourceTypes/{resourceType}'],
  ['ListActions', 'GET', '/actions'],
  ['ListExperimentResolvedTargets', 'GET', '/experiments/{id}/resolvedTargets', { id: 'experimentId' }],
  ['ListExperimentTemplates', 'GET', '/experimentTemplates'],
  ['ListExperiments', 'GET', '/experiments'],
  ['ListTagsForResource', 'GET', '/tags/{resourceArn+}'],
  ['ListTargetResourceTypes', 'GET', '/targetResourceTypes'],
  ['StartExperiment', 'POST', '/experiments'],
  ['StopExperiment', 'DELETE', '/experiments/{id}'],
  ['TagResource', 'POST', '/tags/{resourceArn+}'],
  ['UntagResource', 'DELETE', '/tags/{resourceArn+}'],
  ['UpdateExperimentTemplate', 'PATCH', '/experimentTemplates/{id}'],
  ['UpdateSafetyLeverState', 'PATCH', '/safetyLevers/{id}/state'],
];

export const fisRoutes: readonly RestRoute[] = table.map(([operation, method, path, members = {}]) => ({
  operation,
  method,
  path,
  input: (request, labels) => readInput(request, labels, members),
  output: (output) => ({ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(jsonable(output ?? {})) }),
}));

function readInput(request: WireRequest, labels: Readonly<Record<string, string>>, members: Readonly<Record<string, string>>): unknown {
  const input = fisBody(parseJson(bodyText(request.body)));
  const query = new URLSearchParams(request.query);
  for (const [name, value] of query) input[name] = name === 'maxResults' ? Number(value) : value;
  if (query.has('tagKeys')) input['tagKeys'] = query.getAll('tagKeys');
  for (const [label, value] of Object.entries(labels)) input[members[label] ?? label] = value;
  return input;
}
