import { ProofloadError } from '../../core/errors.ts';

/** The URL of a store elsewhere. */
export interface StoreUrl {
  /** With the password, if it has one: for the driver alone. */
  readonly full: string;
  /** As messages show it. */
  readonly masked: string;
  readonly parsed: URL;
  /** A text of somebody else's without the URL's secrets. */
  redacted(text: string): string;
}

/** Reads the URL of a store. No error shows what was written, for it may hold a password. @throws ProofloadError `bad-store` */
export function parseStoreUrl(text: string): StoreUrl {
  const scheme = text.slice(0, text.indexOf(':'));
  if (!URL.canParse(text))
    throw new ProofloadError('bad-store', `the ${scheme} URL of the store cannot be read`, {
      hint: 'characters such as # / ? @ % in a password are written percent-encoded',
    });
  const parsed = new URL(text);
  const secrets = [parsed.password, ...parsed.searchParams.getAll('password')].flatMap(bothForms).filter((secret) => secret !== '');
  const shown = new URL(text);
  if (shown.password !== '') shown.password = '***';
  if (shown.searchParams.has('password')) shown.searchParams.set('password', '***');
  return {
    full: text,
    masked: shown.href,
    parsed,
    redacted: (other) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), other.replaceAll(text, shown.href)),
  };
}

/** As it stands in the URL, and as the server gets it. */
function bothForms(secret: string): string[] {
  try {
    return [secret, decodeURIComponent(secret)];
  } catch {
    return [secret];
  }
}
