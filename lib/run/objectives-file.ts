import { readFileSync } from 'node:fs';
import { type Document, isMap, LineCounter, type Node, parseDocument } from 'yaml';
import { messageOf, ProofloadError } from '../core/errors.ts';
import { validateObjectives } from '../grade/objectives.ts';

/** Objectives of a YAML file, checked. @throws ProofloadError `bad-objectives`, `unknown-indicator` with line and column, `no-file` */
export function readObjectivesFile(path: string, name: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ProofloadError('no-file', `the objectives cannot be read: ${messageOf(cause)}`, {
      hint: 'give an SLO file; see docs/objectives.md',
      cause,
    });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const [error] = document.errors;
  if (error)
    throw new ProofloadError('bad-objectives', `${place(error.pos[0])}: ${error.message}`, { hint: 'mend the YAML; see docs/objectives.md' });
  const objectives: unknown = document.toJS();
  try {
    validateObjectives(objectives, name);
  } catch (thrown) {
    if (!(thrown instanceof ProofloadError)) throw thrown;
    const message = thrown.message.startsWith(`${name}: `) ? thrown.message.slice(name.length + 2) : thrown.message;
    throw new ProofloadError(
      thrown.code,
      `${place(offsetOf(document, message))}: ${message}`,
      thrown.hint === undefined ? {} : { hint: thrown.hint },
    );
  }
  return objectives;
}

/** Where the member is that a message begins with (`objectives[2].pass[0]...`), or the one of it that it calls unknown. */
function offsetOf(document: Document, message: string): number {
  const path = (/^[A-Za-z_][\w.[\]]*/.exec(message)?.[0] ?? '').split(/[.[\]]+/).filter((part) => part !== '');
  const stranger = / has a member (\S+), which/.exec(message)?.[1];
  let node: unknown = document.contents;
  let offset = (node as Node | null)?.range?.[0] ?? 0;
  for (const part of [...path, ...(stranger === undefined ? [] : [stranger])]) {
    const key = isMap(node) ? node.items.find((pair) => String(pair.key) === part)?.key : undefined;
    const next: unknown = (node as { get?(key: unknown, keep: boolean): unknown } | null)?.get?.(/^\d+$/.test(part) ? Number(part) : part, true);
    const at = (key as Node | undefined)?.range?.[0] ?? (next as Node | undefined)?.range?.[0];
    if (at === undefined) break;
    offset = at;
    node = next;
  }
  return offset;
}
