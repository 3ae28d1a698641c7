import { isObject, type JsonObject } from '../json.ts';
import { isExpression } from '../query/jsonata.ts';
import type { Json } from '../types.ts';
import { wrongLanguage } from './choices.ts';
import { distributedFields, type FieldKind, type QueryLanguage, type StatePlace } from './fields.ts';
import type { Findings } from './findings.ts';
import { checkValue } from './values.ts';

/** Longest label of a Map Run, and what must not be in one: it becomes part of ARNs. */
const maxLabelLength = 40;
const notInLabels = /[\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]/u;

const positive: FieldKind = { kind: 'integer', least: 1, most: Number.MAX_SAFE_INTEGER };

/** Fields of ItemBatcher; the `Path` variants belong to JSONPath. */
const batcherFields: Readonly<Record<string, FieldKind>> = {
  ...{ MaxItemsPerBatch: positive, MaxItemsPerBatchPath: { kind: 'path' } },
  ...{ MaxInputBytesPerBatch: positive, MaxInputBytesPerBatchPath: { kind: 'path' } },
  BatchInput: { kind: 'template' },
};
const sizes = ['MaxItemsPerBatch', 'MaxItemsPerBatchPath', 'MaxInputBytesPerBatch', 'MaxInputBytesPerBatchPath'];

/** What the mode of a Map asks for or forbids. Gives the type of what runs for each item. */
export function checkMap(findings: Findings, state: JsonObject, place: StatePlace): StatePlace['machineType'] {
  const field = state['ItemProcessor'] === undefined ? 'Iterator' : 'ItemProcessor';
  const processor = state[field];
  const at = `${place.at}/${field}/ProcessorConfig`;
  const config = isObject(processor) ? (processor['ProcessorConfig'] ?? {}) : {};
  if (!isObject(config)) findings.schema('Expected value of type Object', at);
  const { Mode: mode, ExecutionType: type, ...rest } = isObject(config) ? config : {};
  for (const name of Object.keys(rest)) findings.schema(`Field '${name}' is not supported`, at);
  if (mode === 'DISTRIBUTED') return checkDistributed(findings, state, type, at, place);
  if (mode !== undefined && mode !== 'INLINE') findings.schema('Value should be one of the following: [INLINE, DISTRIBUTED]', `${at}/Mode`);
  for (const name of distributedFields) {
    if (state[name] !== undefined) findings.schema(`Field '${name}' is only supported in DISTRIBUTED mode`, place.at);
  }
  return place.machineType;
}

function checkDistributed(findings: Findings, state: JsonObject, type: Json | undefined, at: string, place: StatePlace): StatePlace['machineType'] {
  if (place.machineType === 'EXPRESS') findings.schema('Express state machine does not support DISTRIBUTED mode', `${at}/Mode`);
  if (type === undefined) findings.schema('These fields are required: [ExecutionType]', at);
  else if (type !== 'STANDARD' && type !== 'EXPRESS')
    findings.schema('Value should be one of the following: [STANDARD, EXPRESS]', `${at}/ExecutionType`);
  const { Label: label, ItemBatcher: batcher } = state;
  if (typeof label === 'string' && (label === '' || label.length > maxLabelLength || notInLabels.test(label))) {
    findings.schema(`Label must have 1 to ${maxLabelLength} characters and none of white space or ?*<>{}[]:;,\\|^~$#%&\`"`, `${place.at}/Label`);
  }
  if (batcher !== undefined) checkBatcher(findings, batcher, `${place.at}/ItemBatcher`, place.language);
  return type === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
}

function checkBatcher(findings: Findings, batcher: Json, at: string, language: QueryLanguage): undefined {
  if (!isObject(batcher)) return findings.schema('Expected value of type Object', at);
  for (const [name, value] of Object.entries(batcher)) {
    const check = Object.hasOwn(batcherFields, name) ? batcherFields[name] : undefined;
    if (check === undefined) findings.schema(`Field '${name}' is not supported`, at);
    else if (check.kind === 'path' && language === 'JSONata') findings.schema(wrongLanguage(name, 'JSONPath', language), at);
    else if (language !== 'JSONata' || !isExpression(value)) checkValue(findings, check, value, `${at}/${name}`, language);
    else checkValue(findings, { kind: 'template' }, value, `${at}/${name}`, language);
  }
  const used = sizes.filter((name) => batcher[name] !== undefined);
  if (used.length === 0) findings.schema(`This object should have at least one of the following fields: [${sizes.join(', ')}]`, at);
  for (const name of ['MaxItemsPerBatch', 'MaxInputBytesPerBatch']) {
    if (batcher[name] !== undefined && batcher[`${name}Path`] !== undefined) {
      findings.schema(`There should only be one of the following fields: [${name}, ${name}Path]`, at);
    }
  }
}
