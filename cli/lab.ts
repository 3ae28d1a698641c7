import { relative } from 'node:path';
import type { Env } from '../lib/core/env.ts';
import { ProofloadError } from '../lib/core/errors.ts';
import { exitCodes } from '../lib/core/exit-codes.ts';
import { Numbers } from '../lib/core/numbers.ts';
import { type RunningLab, startLab } from '../lib/lab/lab.ts';
import { configFolder, labStacks, resolveReferences } from '../lib/run/lab-stacks.ts';
import { siteQuotas } from '../lib/run/site-numbers.ts';
import { labAccount, readSite, type SiteFile } from '../lib/sites/site-file.ts';
import type { Command, OptionValues } from './command.ts';

export const labCommand: Command = {
  name: 'lab',
  usage: 'lab [[stack=]template|exercise ...]',
  summary: 'serves an embedded AWS on loopback until Ctrl-C; with no argument, an empty account to which any SDK can add',
  detail: [
    'Each template becomes a stack, named after its path; an exercise stands for its system and its faults.',
    'A parameter @Logical, or @stack.Logical, means the physical name of a resource of a stack loaded before.',
  ].join('\n'),
  options: {
    port: { type: 'string', value: '<number>', help: 'port on 127.0.0.1; 0 for any free one (default: 4566)' },
    parameter: {
      type: 'string',
      multiple: true,
      value: '<[stack:]Name=Value>',
      help: 'a template parameter, of the last template where no stack is named; may be repeated',
    },
    'time-scale': { type: 'string', value: '<number>', help: "how many of the lab's seconds pass in one of the wall's (default: the site's, 1)" },
    json: { type: 'boolean', help: 'one JSON line when ready: endpoint, account, region, frontDoors' },
    'with-parent': { type: 'boolean', help: 'end when standard input ends' },
  },
  arguments: [0, 64],
  async run(env, values, positionals) {
    const site = readSite(String(values['site'] ?? 'lab'), env.cwd);
    const stacks = await labStacks(positionals, (values['parameter'] ?? []) as readonly string[], env.cwd);
    const lab = await startLab(labOptions(site, values, env));
    try {
      for (const [index, stack] of stacks.entries()) {
        const parameters = await resolveReferences(stack.parameters, stacks[index - 1]?.stackName, (name, logicalId) =>
          physicalName(lab, name, logicalId),
        );
        await lab.loadStack({ ...stack, parameters });
      }
      env.stdout.write(
        values['json']
          ? readyLine(lab)
          : readyText(
              lab,
              stacks.map(({ file, stackName }) => `${stackName} (${relative(env.cwd, file)})`),
            ),
      );
      await untilTold(env, values['with-parent'] === true);
      return exitCodes.ok.code;
    } finally {
      await lab.stop();
    }
  },
};

function labOptions(site: SiteFile, values: OptionValues, env: Env): Parameters<typeof startLab>[0] {
  if (site.kind !== 'lab') throw new ProofloadError('usage', `site ${site.name} is not a lab`, { hint: 'give a site file with kind: lab' });
  return {
    port: wholeNumber(values['port'] ?? '4566', '--port', 0, 65_535),
    timeScale: values['time-scale'] === undefined ? site.timeScale : wholeNumber(values['time-scale'], '--time-scale', 1, 1_000),
    delays: values['latency'] !== 'none' && site.latency !== 'none',
    asAwsIs: values['as-aws-is'] === true || site.asAwsIs,
    seed: String(values['seed'] ?? env.rng.hex(16)),
    account: site.accounts[0] ?? labAccount,
    region: site.region,
    quotas: siteQuotas(site),
    latency: Numbers.fromFolder(configFolder('latency')),
    stacks: [],
    onIncident: (text) => env.stderr.write(`proofload lab: ${text}\n`),
    onDefect: (thrown, operation) =>
      env.stderr.write(
        `proofload lab: ${operation} failed inside the lab: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`,
      ),
  };
}

function wholeNumber(value: unknown, option: string, least: number, most: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new ProofloadError('usage', `${option} must be a whole number from ${least} to ${most}, not ${String(value)}`);
}

async function physicalName(lab: RunningLab, stack: string, logicalId: string): Promise<string> {
  const reply = await lab.context.call<{ StackResources?: { PhysicalResourceId?: string }[] }>(
    'cloudformation',
    'DescribeStackResources',
    { StackName: stack, LogicalResourceId: logicalId },
    { kind: 'service', service: 'cloudformation' },
  );
  const found = reply.StackResources?.[0]?.PhysicalResourceId;
  if (found === undefined) throw new ProofloadError('unknown-resource', `stack ${stack} has no resource ${logicalId}`);
  return found;
}

function readyLine({ endpoint, account, region, frontDoors }: RunningLab): string {
  return `${JSON.stringify({ endpoint, account, region, frontDoors: frontDoors() })}\n`;
}

function readyText(lab: RunningLab, stacks: readonly string[]): string {
  const doors = Object.entries(lab.frontDoors()).map(([name, url]) => `  ${name}: ${url}`);
  return [
    `The lab is ready: ${lab.endpoint} (account ${lab.account}, ${lab.region})`,
    ...(stacks.length > 0 ? ['Stacks', ...stacks.map((each) => `  ${each}`)] : ['An empty account: add to it with any AWS SDK or the AWS CLI.']),
    ...(doors.length > 0 ? ['Front doors', ...doors] : []),
    'Try',
    `  AWS_ENDPOINT_URL=${lab.endpoint} AWS_ACCESS_KEY_ID=lab AWS_SECRET_ACCESS_KEY=lab AWS_DEFAULT_REGION=${lab.region} aws cloudformation describe-stacks`,
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}

/** Resolves at Ctrl-C, SIGTERM, or, for a lab that belongs to a run, when the parent's end of standard input closes. */
function untilTold(env: Env, withParent: boolean): Promise<void> {
  return new Promise((resolve) => {
    const off = env.onSignal(() => {
      off();
      resolve();
    });
    if (withParent) process.stdin.resume().once('end', resolve).once('close', resolve);
  });
}
