import type { Assessment } from '../../../grade/types.ts';
import { runFacts } from '../../tables/run-facts.ts';
import type { Table } from '../../tables/table.ts';
import { plural } from '../../words.ts';
import { html, type Markup } from '../markup.ts';
import { folded, section, tableMarkup } from '../parts.ts';

/** With what the run was made, so that somebody else can make it again. */
export function settingsSection(assessment: Assessment): Markup {
  const { manifest, resources = [] } = assessment;
  const facts = runFacts(assessment).map(([label, text]) => html`<div><dt>${label}</dt><dd>${text}</dd></div>`);
  const configurations = tableMarkup(resourceTable(assessment));
  const numbers = tableMarkup(numberTable(assessment));
  return section(
    'settings',
    'Settings',
    html`<dl class="list">${facts}</dl>\n`,
    configurations && folded(`Configuration that the run found: ${plural(resources.length, 'resource')}`, configurations),
    numbers && folded(`Numbers that the verdict rests on: ${manifest.numbers.length}`, numbers),
    folded('Objectives as planned', html`<pre tabindex="0">${JSON.stringify(manifest.objectives ?? null, null, 2)}</pre>`),
  );
}

function resourceTable({ resources = [] }: Assessment): Table {
  return {
    caption: 'Configuration that the run found',
    columns: [
      { label: 'Resource', align: 'left' },
      { label: 'Type', align: 'left' },
      { label: 'Setting', align: 'left' },
      { label: 'Value', align: 'left' },
    ],
    rows: resources.flatMap(({ logicalId, physicalId, type, configuration }) =>
      [['PhysicalResourceId', physicalId] as const, ...Object.entries(configuration)].map(([setting, value], index) => [
        { text: index === 0 ? logicalId : '' },
        { text: index === 0 ? type : '' },
        { text: setting },
        { text: typeof value === 'string' ? value : (JSON.stringify(value) ?? 'absent') },
      ]),
    ),
    footnotes: [],
  };
}

/** The least certain ones first. */
function numberTable({ manifest }: Assessment): Table {
  const order = ['assumed', 'measured', 'documented'] as const;
  return {
    caption: 'Numbers of config/ that the verdict rests on',
    columns: [
      { label: 'Number', align: 'left' },
      { label: 'Status', align: 'left' },
    ],
    rows: order.flatMap((status) =>
      manifest.numbers
        .filter((number) => number.status === status)
        .map(({ key }) => [{ text: key }, { text: status, ...(status === 'assumed' ? { tone: 'warn' as const } : {}) }]),
    ),
    footnotes: [],
  };
}
