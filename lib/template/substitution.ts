/** A part of `Fn::Sub` text: literal text, or the name between `${` and `}`. */
export type SubstitutionPart = { readonly text: string } | { readonly name: string };

/** Splits the text of `Fn::Sub`; `${!Name}` is the literal `${Name}`. What looks like no name stays literal, as on AWS it is refused elsewhere. */
export function substitutionParts(text: string): SubstitutionPart[] {
  const parts: SubstitutionPart[] = [];
  let from = 0;
  for (const match of text.matchAll(/\$\{(!?)([^{}]*)\}/g)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    const name = match[2] ?? '';
    parts.push(match[1] === '!' ? { text: `\${${name}}` } : { name: name.trim() });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** The text and the local variables of an `Fn::Sub` argument; undefined where it is malformed. */
export function substitutionOf(argument: unknown): { text: string; variables: Readonly<Record<string, unknown>> } | undefined {
  if (typeof argument === 'string') return { text: argument, variables: {} };
  if (!Array.isArray(argument) || argument.length !== 2) return undefined;
  const [text, variables] = argument as [unknown, unknown];
  if (typeof text !== 'string' || typeof variables !== 'object' || variables === null || Array.isArray(variables)) return undefined;
  return { text, variables: variables as Record<string, unknown> };
}
