import { basename, dirname } from 'node:path';

/** One stack to load: its template file, its name (default: `defaultStackName`) and the values of its parameters. */
export interface StackSource {
  readonly file: string;
  readonly stackName?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * The name of a stack that nobody named: `<scenario>-<variant>` for `scenarios/<scenario>/<variant>/template.yaml`, `<scenario>` for
 * `scenarios/<scenario>/template.yaml`, else the base name of the file, or of its folder where the file is just called `template`.
 * Characters that CloudFormation does not take in a name become hyphens; a name must start with a letter.
 */
export function defaultStackName(file: string): string {
  const parts = file.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  const scenarios = parts.lastIndexOf('scenarios');
  const isTemplate = /^template\.(ya?ml|json|template)$/.test(parts.at(-1) ?? '');
  const below = scenarios < 0 ? [] : parts.slice(scenarios + 1, -1);
  const base = basename(file).replace(/\.(ya?ml|json|template)$/, '');
  const name = !isTemplate ? base : below.length > 0 ? below.join('-') : basename(dirname(file));
  const legal = name.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^[^A-Za-z]+/, '');
  return legal.slice(0, 128) || 'stack';
}
