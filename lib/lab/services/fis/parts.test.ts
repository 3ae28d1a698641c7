import { describe, expect, test } from 'vitest';
import { virtualLab } from '../../../../test/virtual-lab.ts';
import type { ExperimentTemplate } from '../../../models/fis/types.ts';
import { createFaultConfigurations } from '../../functions/fault-configurations.ts';
import { targetCandidates } from './candidates.ts';
import type { Experiment } from './experiment.ts';
import { templateInput } from './resource.ts';
import { ExperimentRun } from './run-experiment.ts';

test('CloudFormation members become those of the API, chosen names stay', () => {
  expect(
    templateInput({
      Description: 'd',
      RoleArn: 'r',
      Targets: { Fns: { ResourceType: 't', ResourceTags: { Env: 'x' }, SelectionMode: 'ALL', Filters: [{ Path: 'A.B', Values: ['v'] }] } },
      Actions: { Throttle: { ActionId: 'a', Parameters: { maxDuration: 'PT1H', count: 3 }, Targets: { Functions: 'Fns' }, StartAfter: ['Other'] } },
      StopConditions: [{ Source: 'none' }],
      Tags: { 'proofload:fault': 'f' },
      ExperimentOptions: { EmptyTargetResolutionMode: 'skip' },
      LogConfiguration: { LogSchemaVersion: 2, CloudWatchLogsConfiguration: { LogGroupArn: 'g' } },
    }),
  ).toEqual({
    description: 'd',
    roleArn: 'r',
    targets: { Fns: { resourceType: 't', resourceTags: { Env: 'x' }, selectionMode: 'ALL', filters: [{ path: 'A.B', values: ['v'] }] } },
    actions: { Throttle: { actionId: 'a', parameters: { maxDuration: 'PT1H', count: '3' }, targets: { Functions: 'Fns' }, startAfter: ['Other'] } },
    stopConditions: [{ source: 'none' }],
    tags: { 'proofload:fault': 'f' },
    experimentOptions: { emptyTargetResolutionMode: 'skip' },
    logConfiguration: { logSchemaVersion: 2, cloudWatchLogsConfiguration: { logGroupArn: 'g' } },
  });
});

describe('targets', () => {
  const functions = (count: number) => ({
    name: 'lambda',
    operations: {
      ListFunctions: {
        act: ({ Marker = '0' }: { Marker?: string }) => {
          const n = Number(Marker);
          return { Functions: [{ FunctionArn: `arn:f${n}`, Runtime: 'nodejs24.x' }], ...(n + 1 < count ? { NextMarker: String(n + 1) } : {}) };
        },
      },
      ListTags: { act: ({ Resource }: { Resource: string }) => ({ Tags: { env: Resource === 'arn:f1' ? 'test' : 'live' } }) },
    },
  });
  const template = (tag: string, emptyTargetResolutionMode: string): ExperimentTemplate => ({
    description: '',
    targets: { fns: { resourceType: 'aws:lambda:function', resourceTags: { env: tag }, selectionMode: 'ALL' } },
    actions: { wait: { actionId: 'aws:fis:wait', parameters: { duration: 'PT1M' }, targets: { Functions: 'fns' } } },
    stopConditions: [{ source: 'none' }],
    roleArn: '',
    tags: {},
    experimentOptions: { emptyTargetResolutionMode },
  });

  async function run(wanted: ExperimentTemplate): Promise<Experiment> {
    const lab = virtualLab(() => [functions(3)]);
    const [action] = Object.values(wanted.actions);
    const experiment: Experiment = {
      id: 'EXP1',
      arn: '',
      templateId: 'EXT1',
      template: wanted,
      actionsMode: 'run-all',
      actions: { wait: { action: action!, startAfter: [], status: 'pending', reason: '', startMs: undefined, endMs: undefined } },
      tags: new Map(),
      createdMs: 0,
      status: 'pending',
      reason: '',
      errorCode: undefined,
      startMs: undefined,
      endMs: undefined,
      resolved: {},
    };
    const running = new ExperimentRun(experiment, lab.context, createFaultConfigurations());
    for (let turn = 0; turn < 20; turn++) await lab.clock.advance(0);
    await lab.clock.advance(61_000);
    await running.done;
    return experiment;
  }

  test('are found by tag on every page, and reported', async () => {
    expect(await run(template('test', 'fail'))).toMatchObject({ status: 'completed', resolved: { fns: ['arn:f1'] } });
  });

  test('that are empty fail the experiment, or skip the action', async () => {
    expect(await run(template('none', 'fail'))).toMatchObject({
      status: 'failed',
      reason: 'Target resolution returned empty set',
      errorCode: 'InvalidTarget',
      actions: { wait: { status: 'cancelled' } },
    });
    expect(await run(template('none', 'skip'))).toMatchObject({ status: 'completed', actions: { wait: { status: 'skipped' } } });
  });

  test('of types that the lab has not are none', async () => {
    const lab = virtualLab(() => []);
    expect(await targetCandidates(lab.context, { resourceType: 'aws:rds:db', selectionMode: 'ALL' })).toEqual([]);
  });
});
