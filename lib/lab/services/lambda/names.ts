import { constraint } from './errors.ts';
import type { Architecture } from './lambda-function.ts';

const maxNameLength = 64;

/** A function's own name, as CreateFunction takes it. */
export function checkName(name: string | undefined): string {
  if (name === undefined) throw constraint(null, 'functionName', 'not be null');
  if (name.length > maxNameLength) throw constraint(name, 'functionName', `have length less than or equal to ${maxNameLength}`);
  if (!/^[a-zA-Z0-9-_]+$/.test(name)) throw constraint(name, 'functionName', 'satisfy regular expression pattern: [a-zA-Z0-9-_]+');
  return name;
}

export function checkArchitecture(architectures: readonly unknown[] | undefined): Architecture {
  const [architecture = 'x86_64'] = architectures ?? [];
  if (architecture === 'x86_64' || architecture === 'arm64') return architecture;
  throw constraint(`[${architecture}]`, 'architectures', 'satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64]]');
}
