/** One page of `items` and the token of the next; `undefined` where `token` is none that an earlier page gave. */
export function pageOf<Item>(items: readonly Item[], token: string | undefined, size: number): { items: Item[]; next?: string } | undefined {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0 || (token !== undefined && start === 0)) return undefined;
  const end = start + size;
  return { items: items.slice(start, end), ...(end < items.length ? { next: Buffer.from(String(end)).toString('base64url') } : {}) };
}
