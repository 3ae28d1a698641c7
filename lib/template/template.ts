import { readFileSync } from 'node:fs';
import { ProofloadError } from '../core/errors.ts';
import { checkConditions } from './conditions.ts';
import { parseTemplateDocument } from './document.ts';
import { parseParameters } from './parameters.ts';
import { checkReferences } from './references.ts';
import { applySamTransform } from './sam/transform.ts';
import { checkSections, isObject, parseOutputs, parseResources, requireObject, samTransform } from './sections.ts';
import { templateError } from './template-error.ts';
import type { Template } from './types.ts';

/** Reads a template file (the only function here that touches a disk) and parses it; `text` in its place where it is known. */
export function readTemplate(file: string, text?: string): Template {
  return parseTemplate(file, text ?? readText(file));
}

/**
 * Parses and checks a template; `file` names it in errors. Throws ProofloadError (exit 2) with file and line for anything that is
 * malformed, unsupported (by name) or refers to what the template lacks.
 */
export function parseTemplate(file: string, text: string): Template {
  const { value, lines } = parseTemplateDocument(file, text);
  const place = { file };
  if (!isObject(value)) throw templateError('bad-template', place, 'a template is a mapping with a Resources section');
  checkSections(value, { file, lines });
  const transforms = samTransform(value, { file, lines });
  const reading = { file, lines };
  const declared = parseResources(value, reading);
  const template: Template = {
    file,
    text,
    transforms,
    ...(typeof value['Description'] === 'string' ? { description: value['Description'] } : {}),
    parameters: parseParameters(value, reading),
    mappings: requireObject(value, 'Mappings', reading),
    conditions: requireObject(value, 'Conditions', reading),
    resources: transforms.length > 0 ? applySamTransform(declared, value['Globals'], reading) : declared,
    outputs: parseOutputs(value, reading),
    lines,
  };
  checkConditions(template);
  checkReferences(template);
  return template;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : `cannot be read (${(cause as Error).message})`;
    throw new ProofloadError('template-not-found', `template ${file} ${reason}`, {
      cause,
      hint: 'give the path of a CloudFormation or SAM template',
    });
  }
}
