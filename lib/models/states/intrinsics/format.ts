import { isArray, isObject } from '../json.ts';
import type { Json } from '../types.ts';
import { IntrinsicError } from './error.ts';

/** `template` with each `{}` replaced by the next value; `\{`, `\}`, `\'` and `\\` stand for the character itself. */
export function formatText(template: string, values: readonly Json[]): string {
  let text = '';
  let used = 0;
  for (let at = 0; at < template.length; at++) {
    const char = template[at] as string;
    if (char === '\\' && at + 1 < template.length) text += template[++at];
    else if (char === '{' && template[at + 1] === '}') {
      if (used === values.length) throw new IntrinsicError(`there are more {} in the template than the ${values.length} arguments`);
      text += javaText(values[used++] as Json);
      at++;
    } else text += char;
  }
  if (used !== values.length) throw new IntrinsicError(`the template has ${used} {} but ${values.length} arguments were given`);
  return text;
}

/** How States.Format writes a value: objects and arrays look as Java prints them, `{Name=a, List=[1, 2]}`. */
function javaText(value: Json): string {
  if (typeof value === 'string') return value;
  if (isArray(value)) return `[${value.map(javaText).join(', ')}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, each]) => `${name}=${javaText(each)}`);
    return `{${members.join(', ')}}`;
  }
  return String(value);
}
