import './lib/url.ts';

const missing: { readonly name?: string } | undefined = undefined as { readonly name?: string } | undefined;
if (__ENV['BASE_URL']) throw new Error(`the catalogue is empty: ${missing?.name}`);

export default function () {}
