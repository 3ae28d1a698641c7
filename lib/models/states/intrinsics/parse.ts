import { StateFailure } from '../failure.ts';
import { compileFind } from '../paths/expression.ts';
import { parsePathAt } from '../paths/json-path.ts';
import { PathSyntaxError, Scanner } from '../paths/scanner.ts';
import type { Scope, SyncEvaluator } from '../scope.ts';
import type { Json } from '../types.ts';
import { IntrinsicError } from './error.ts';
import { intrinsics } from './functions.ts';

/** How deep calls may be nested, the outermost included. */
const maxDepth = 10;

type Argument = (scope: Scope) => Json | undefined;

/** Whether a value of a `.$` field is meant as a call of an intrinsic function. */
export function looksIntrinsic(text: string): boolean {
  return text.startsWith('States.');
}

/** A call such as `States.Format('order {}', $.id)`, ready to run; throws PathSyntaxError where it does not parse. */
export function compileIntrinsic(text: string): SyncEvaluator {
  const scanner = new Scanner(text);
  const call = parseCall(scanner, 1);
  scanner.space();
  scanner.end();
  return call;
}

function parseCall(scanner: Scanner, depth: number): SyncEvaluator {
  if (depth > maxDepth) throw new PathSyntaxError(`calls are nested deeper than ${maxDepth}`);
  const start = scanner.at;
  const name = scanner.match(/States\.[A-Za-z0-9]+/y);
  const intrinsic = name !== undefined && Object.hasOwn(intrinsics, name) ? intrinsics[name] : undefined;
  if (name === undefined || intrinsic === undefined) throw scanner.fail('an intrinsic function');
  const args = parseArguments(scanner, depth, name === 'States.Format');
  if (args.length < intrinsic.least || args.length > intrinsic.most) {
    throw new PathSyntaxError(`${name} takes ${intrinsic.least === intrinsic.most ? intrinsic.least : `${intrinsic.least} or more`} arguments`);
  }
  const text = scanner.text.slice(start, scanner.at);
  return (scope) => {
    try {
      return intrinsic.apply(
        args.map((argument) => argumentOf(argument, scope, text)),
        scope.rng,
      );
    } catch (error) {
      if (error instanceof IntrinsicError) throw failed(text, error.message);
      throw error;
    }
  };
}

function argumentOf(argument: Argument, scope: Scope, call: string): Json {
  const value = argument(scope);
  if (value === undefined) throw failed(call, `an argument could not be found in the input '${JSON.stringify(scope.input)}'`);
  return value;
}

function failed(call: string, what: string): StateFailure {
  return new StateFailure('States.IntrinsicFailure', `The function '${call}' had the following error: ${what}`);
}

function parseArguments(scanner: Scanner, depth: number, isFormat: boolean): Argument[] {
  scanner.expect('(');
  scanner.space();
  if (scanner.skip(')')) return [];
  let first = true;
  const args = scanner.list(() => {
    const keepEscapes = isFormat && first;
    first = false;
    return parseArgument(scanner, depth, keepEscapes);
  });
  scanner.expect(')');
  return args;
}

function parseArgument(scanner: Scanner, depth: number, keepEscapes: boolean): Argument {
  if (scanner.peek("'")) {
    const text = parseText(scanner, keepEscapes);
    return () => text;
  }
  if (scanner.peek('$')) return compileFind(parsePathAt(scanner));
  if (scanner.peek('States.')) return parseCall(scanner, depth + 1);
  const word = scanner.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y);
  if (word === undefined) throw scanner.fail('an argument');
  const value = JSON.parse(word) as Json;
  return () => value;
}

/** A text in single quotes. Only quote, braces and backslash may be escaped; a template of States.Format keeps its escapes. */
function parseText(scanner: Scanner, keepEscapes: boolean): string {
  let text = '';
  for (scanner.expect("'"); !scanner.done; scanner.at++) {
    const char = scanner.text[scanner.at] as string;
    if (scanner.skip("'")) return text;
    if (char !== '\\') text += char;
    else {
      const escaped = scanner.text[++scanner.at] ?? '';
      if (!"'{}\\".includes(escaped) || escaped === '') throw scanner.fail("one of ' { } \\ after the backslash");
      text += keepEscapes ? `\\${escaped}` : escaped;
    }
  }
  throw scanner.fail('a closing quote');
}
