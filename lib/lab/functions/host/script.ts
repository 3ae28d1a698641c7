import { Script } from 'node:vm';
import { taskRoot } from '../task-root.ts';
import { wrapperParameters } from './shadow.ts';

/** The compiled code of one function; each call of `evaluate` runs it in a module scope of its own. */
export interface CompiledScript {
  /** Whether its bare names must be looked up in the environment's globals (`bareNames`), and how. */
  readonly bareNames: 'none' | 'strict' | 'sloppy';
  evaluate(parameters: Readonly<Record<string, unknown>>, names: object | undefined): void;
}

/** Code that writes globals through `globalThis` or `global`, and so may read them by bare name. */
const writesGlobals =
  /\b(?:globalThis|global)\s*(?:\.\s*[\w$]+|\[[^\]]*\])\s*(?:=(?!=)|[-+*/%&|^?]{1,2}=|\+\+|--)|(?:assign|defineProperty|defineProperties)\(\s*(?:globalThis|global)\b/;

/**
 * Compiles once, evaluates cheaply: a function with the names of Node's module wrapper and those that an environment replaces.
 * A `with` statement costs a look-up at each global, so only code that needs it gets one.
 */
export function compile(code: string): CompiledScript {
  const strict = /^\s*(?:\/\/[^\n]*\n\s*)*["']use strict["']/.test(code);
  const names = !strict ? 'sloppy' : writesGlobals.test(code) ? 'strict' : 'none';
  const parameters = wrapperParameters.join(', ');
  const source =
    names === 'none'
      ? `(function (__names, ${parameters}) {\n${code}\n})`
      : `(function (__names, ${parameters}) { with (__names) { return (function () {\n${code}\n}).call(this); } })`;
  const script = new Script(source, { filename: `${taskRoot}/index.js`, lineOffset: -1 });
  return {
    bareNames: names,
    evaluate(values, bare) {
      const run = script.runInThisContext() as (...values: unknown[]) => void;
      run.call(values['exports'], bare, ...wrapperParameters.map((name) => values[name]));
    },
  };
}
