import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { priceListUrl, readPriceList } from '../lib/collect/price-list.ts';
import { messageOf, ProofloadError } from '../lib/core/errors.ts';
import { exitCodes } from '../lib/core/exit-codes.ts';
import { packageRoot } from '../lib/core/package-root.ts';
import { type PriceChange, updatePrices } from '../lib/models/price-list/update.ts';
import type { Command, OptionValues } from './command.ts';

/** The list whose keys, units and steps a new Region's list starts from. */
const knownRegion = 'us-east-1';

export const pricesCommand: Command = {
  name: 'prices',
  usage: 'prices refresh --region <region>',
  summary: 'brings config/prices up to date with the AWS Price List, which needs no credentials; a price that is not found there is named and stays',
  options: {
    region: { type: 'string', value: '<region>', help: `whose prices (default: ${knownRegion})` },
    from: { type: 'string', value: '<url>', help: `base URL of the price list or of a mirror (default: ${priceListUrl})` },
    out: { type: 'string', value: '<file>', help: "where to write (default: the region's file in config/prices of proofload)" },
    json: { type: 'boolean', help: 'what became of each price as one JSON object' },
  },
  arguments: [1, 1],
  async run(env, values, [action]) {
    if (action !== 'refresh')
      throw new ProofloadError('usage', `prices can be refreshed, not ${action}`, { hint: 'proofload prices refresh --region <region>' });
    const region = regionOf(values);
    const matches = await readPriceList(region, baseUrlOf(values), (text) => env.stderr.write(`${text}\n`));
    const folder = join(packageRoot(), 'config', 'prices');
    const own = join(folder, `${region}.yaml`);
    const isNew = !existsSync(own);
    const base = isNew ? join(folder, `${knownRegion}.yaml`) : own;
    const text = readFileSync(base, 'utf8').replace(/^# List prices of \S+ in/, `# List prices of ${region} in`);
    const updated = updatePrices(text, matches, isNew);
    const file = typeof values['out'] === 'string' ? resolve(env.cwd, values['out']) : own;
    write(file, updated.text);
    const shown = relative(env.cwd, file);
    env.stdout.write(values['json'] ? `${JSON.stringify({ region, file: shown, prices: updated.changes })}\n` : changesText(updated.changes, shown));
    return exitCodes.ok.code;
  },
};

function regionOf(values: OptionValues): string {
  const region = String(values['region'] ?? knownRegion);
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) return region;
  throw new ProofloadError('usage', `${region} is not the name of a Region`, { hint: `write it as in ${knownRegion}` });
}

function baseUrlOf(values: OptionValues): string {
  const url = String(values['from'] ?? priceListUrl).replace(/\/$/, '');
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new ProofloadError('usage', `--from takes a URL, not ${url}`);
}

/** Whole or not at all. */
function write(file: string, text: string): void {
  try {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  } catch (thrown) {
    throw new ProofloadError('prices-not-written', `${file} could not be written: ${messageOf(thrown)}`, {
      hint: 'name another file with --out',
      cause: thrown,
    });
  }
}

const outcomeWords: Readonly<Record<PriceChange['outcome'], string>> = {
  changed: 'changed',
  confirmed: 'as before',
  kept: 'not found',
  'left-out': 'not found',
};

function changesText(changes: readonly PriceChange[], file: string): string {
  const width = Math.max(...changes.map(({ key }) => key.length));
  const rows = changes.map(({ key, outcome, before, after, date, reason }) => {
    const what = {
      changed: `${before} -> ${after}, ${date}`,
      confirmed: `${after}, ${date}`,
      kept: `stays ${after} of ${date}: ${reason}`,
      'left-out': `left out: ${reason}`,
    }[outcome];
    return `${key.padEnd(width)}  ${outcomeWords[outcome].padEnd(9)}  ${what}`;
  });
  const count = (outcome: PriceChange['outcome']): number => changes.filter((each) => each.outcome === outcome).length;
  const unfound = count('kept') + count('left-out');
  return `${rows.join('\n')}\n${count('changed')} changed, ${count('confirmed')} as before, ${unfound} not found; written to ${file}\n`;
}
