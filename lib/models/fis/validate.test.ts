import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Numbers } from '../../core/numbers.ts';
import { packageRoot } from '../../core/package-root.ts';
import { actionsNotInLab } from './actions/not-in-lab.ts';
import { actions } from './actions/registry.ts';
import { fisLimits } from './limits.ts';
import { resourceTypes } from './resource-types.ts';
import type { TemplateInput } from './types.ts';
import { validatedTemplate } from './validate.ts';

const limits = fisLimits(Numbers.fromFolder(join(packageRoot(), 'config/quotas')));
const documentArn = 'arn:aws:ssm:us-east-1:123456789012:document/throttle';
const wait = (duration = 'PT1M') => ({ actionId: 'aws:fis:wait', parameters: { duration } });
const automation = (parameters: Record<string, string> = {}) => ({
  actionId: 'aws:ssm:start-automation-execution',
  parameters: { documentArn, maxDuration: 'PT1H', ...parameters },
});
const functions = { resourceType: 'aws:lambda:function', resourceTags: { env: 'test' }, selectionMode: 'ALL' };
const template = (changes: Partial<TemplateInput> = {}): TemplateInput => ({
  description: 'a fault',
  roleArn: 'arn:aws:iam::123456789012:role/fis',
  stopConditions: [{ source: 'none' }],
  actions: { wait: wait() },
  ...changes,
});
const withFault = (fault: string, parameters: Record<string, string> = {}, target: object = {}) => ({
  targets: { functions: { ...functions, ...target } },
  actions: {
    a: { actionId: `aws:lambda:invocation-${fault}`, parameters: { duration: 'PT1M', ...parameters }, targets: { Functions: 'functions' } },
  },
});
const alarmArn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:too-bad';
const withAssertion = (parameters: Record<string, string>) => ({
  actions: { a: { actionId: 'aws:cloudwatch:assert-alarm-state', parameters: { alarmArns: alarmArn, alarmStates: 'OK', ...parameters } } },
});
const times = <T>(count: number, make: (index: number) => T): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, make(index)]));

describe('validatedTemplate', () => {
  test('fills in what AWS fills in', () => {
    expect(validatedTemplate(template(), limits)).toMatchObject({
      targets: {},
      tags: {},
      experimentOptions: { accountTargeting: 'single-account', emptyTargetResolutionMode: 'fail' },
    });
  });

  test.each<[string, Partial<TemplateInput>, string]>([
    ['no description', { description: undefined }, "1 validation error detected: Value null at 'description' failed to satisfy constraint"],
    ['two members missing', { description: undefined, roleArn: undefined }, '2 validation errors detected'],
    ['no role', { roleArn: 'arn:aws:iam::123456789012:user/me' }, 'is not the ARN of an IAM role'],
    ['no action', { actions: {} }, 'at least one action'],
    [
      'a target that is no ARN',
      withFault('add-delay', {}, { resourceTags: {}, resourceArns: ['my-function'] }),
      'my-function of target functions is not an ARN',
    ],
    ['a filter in camel case', withFault('add-delay', {}, { filters: [{ path: 'vpcConfig.SubnetIds', values: ['x'] }] }), 'in Pascal case'],
    ['a filter without values', withFault('add-delay', {}, { filters: [{ path: 'Runtime', values: [] }] }), 'must have a value'],
    ['a percentage above 100', withFault('add-delay', { invocationPercentage: '101' }), 'must be a whole number from 1 to 100, not 101'],
    ['a delay of more than 15 minutes', withFault('add-delay', { startupDelayMilliseconds: '900001' }), 'from 0 to 900000'],
    ['a delay that is no whole number', withFault('add-delay', { startupDelayMilliseconds: '1.5' }), 'must be a whole number'],
    ['an error without preventExecution', withFault('error'), 'needs the parameter preventExecution'],
    ['preventExecution that is neither', withFault('error', { preventExecution: 'maybe' }), 'must be true or false, not maybe'],
    ['a response without a status', withFault('http-integration-response', { contentTypeHeader: 'a/b', preventExecution: 'true' }), 'statusCode'],
    ['a Lambda action of 59 s', withFault('add-delay', { duration: 'PT59S' }), 'must be from PT1M to PT12H'],
    ['a Lambda action without a target', { actions: withFault('add-delay').actions }, 'names the target functions'],
    ['a target parameter that there is not', withFault('add-delay', {}, { parameters: { qualifier: 'live' } }), 'has no parameter qualifier'],
    ['alarms by their names', withAssertion({ alarmArns: 'too-bad' }), 'must be ARNs of CloudWatch alarms'],
    ['six alarms', withAssertion({ alarmArns: Array(6).fill(alarmArn).join(',') }), 'at most 5 items'],
    ['an alarm state that there is not', withAssertion({ alarmStates: 'OK,GREEN' }), 'must be OK, ALARM or INSUFFICIENT_DATA'],
    ['maxDuration of 20 s', { actions: { a: automation({ maxDuration: 'PT20S' }) } }, 'must be from PT1M to PT12H, not PT20S'],
    ['a duration above 12 h', { actions: { a: wait('PT12H1S') } }, 'must be from PT1M to PT12H'],
    ['a duration that is none', { actions: { a: wait('60') } }, 'must be an ISO 8601 duration'],
    ['an unknown parameter', { actions: { a: automation({ duration: 'PT1M' }) } }, 'has no parameter duration'],
    ['a parameter of every object', { actions: { a: automation({ toString: 'x' }) } }, 'has no parameter toString'],
    ['a missing parameter', { actions: { a: { actionId: 'aws:fis:wait' } } }, 'needs the parameter duration'],
    ['document parameters that are no object', { actions: { a: automation({ documentParameters: '["x"]' }) } }, 'must be a JSON object'],
    ['document parameters with a number', { actions: { a: automation({ documentParameters: '{"n":1}' }) } }, 'must be a JSON object of strings'],
    ['a target that nothing uses', { targets: { functions } }, 'No action uses the target functions'],
    [
      'a target that the action lacks',
      { targets: { functions }, actions: { a: { ...wait(), targets: { Functions: 'functions' } } } },
      'has no target Functions',
    ],
    [
      'a resource type that does not exist',
      { targets: { t: { ...functions, resourceType: 'aws:sqs:queue' } } },
      'aws:sqs:queue of target t does not exist',
    ],
    ['a wrong selection mode', { targets: { t: { ...functions, selectionMode: 'PERCENT(101)' } } }, 'is not ALL, COUNT(n) or PERCENT(n)'],
    ['startAfter of nothing', { actions: { a: { ...wait(), startAfter: ['b'] } } }, 'starts after b'],
    ['startAfter in a circle', { actions: { a: { ...wait(), startAfter: ['b'] }, b: { ...wait(), startAfter: ['a'] } } }, 'leads back to itself'],
    [
      'an alarm that is none',
      { stopConditions: [{ source: 'aws:cloudwatch:alarm', value: 'my-alarm-by-its-name' }] },
      'is not the ARN of a CloudWatch alarm',
    ],
    ['no stop condition', { stopConditions: [] }, 'must have a stop condition'],
    ['many accounts', { experimentOptions: { accountTargeting: 'multi-account' } }, 'not supported by the lab'],
  ])('refuses %s', (_, changes, message) => {
    const attempt = () => validatedTemplate(template(changes), limits);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ name: 'ValidationException', statusCode: 400 }));
  });

  describe('an action that the lab does not run', () => {
    const web = { resourceType: 'aws:ec2:instance', filters: [{ path: 'State.Name', values: ['running'] }], selectionMode: 'ALL' };
    const of = (actionId: string, key: string, target: object, parameters: Record<string, string> = {}) => ({
      targets: { t: { selectionMode: 'ALL', ...target } as never },
      actions: { a: { actionId, parameters, targets: { [key]: 't' } } },
    });
    const pod = { clusterIdentifier: 'c', namespace: 'n', selectorType: 'podName', selectorValue: 'p' };
    const pods = (parameters: object) =>
      of('aws:eks:pod-delete', 'Pods', { resourceType: 'aws:eks:pod', parameters }, { kubernetesServiceAccount: 's' });
    const tagged = (resourceType: string) => ({ resourceType, resourceTags: { env: 'test' } });
    const latency = (parameters: Record<string, string>) =>
      of('aws:ebs:volume-io-latency', 'Volumes', tagged('aws:ec2:ebs-volume'), { duration: 'PT5S', ...parameters });

    test.each<[string, Partial<TemplateInput>, string]>([
      ['no target', { actions: { a: { actionId: 'aws:ec2:stop-instances' } } }, 'needs the target Instances'],
      [
        'a target of another type',
        of('aws:ec2:stop-instances', 'Instances', tagged('aws:lambda:function')),
        'needs a target of type aws:ec2:instance',
      ],
      ['an unknown parameter', of('aws:ec2:reboot-instances', 'Instances', web, { duration: 'PT1M' }), 'has no parameter duration'],
      [
        'no percentage',
        of('aws:kinesis:stream-provisioned-throughput-exception', 'KinesisStreams', tagged('aws:kinesis:stream'), { duration: 'PT1M' }),
        'needs the parameter percentage',
      ],
      ['a share of 0.05 %', latency({ readIOPercentage: '0.05' }), 'must be a number from 0.1 to 100, not 0.05'],
      [
        'a scope that there is not',
        of('aws:network:disrupt-connectivity', 'Subnets', tagged('aws:ec2:subnet'), { duration: 'PT1M', scope: 'internet' }),
        'must be one of all, availability-zone',
      ],
      [
        'an interruption in 20 minutes',
        of('aws:ec2:send-spot-instance-interruptions', 'SpotInstances', tagged('aws:ec2:spot-instance'), { durationBeforeInterruption: 'PT20M' }),
        'must be from PT2M to PT15M',
      ],
      [
        'a bucket by its ARN',
        of(
          'aws:s3:bucket-pause-replication',
          'Buckets',
          { resourceType: 'aws:s3:bucket', resourceArns: ['arn:aws:s3:::b'] },
          { duration: 'PT1M', region: 'eu-west-1' },
        ),
        'takes only targets named by tags',
      ],
      ['a pod without its cluster', pods({ ...pod, clusterIdentifier: undefined }), 'needs the parameter clusterIdentifier'],
      ['a selector that there is not', pods({ ...pod, selectorType: 'name' }), 'must be one of labelSelector, deploymentName, podName'],
    ])('is refused for %s first', (_, changes, message) => {
      expect(() => validatedTemplate(template(changes), limits)).toThrow(message);
    });

    test.each<[string, Partial<TemplateInput>]>([
      ['aws:ec2:stop-instances', of('aws:ec2:stop-instances', 'Instances', web, { startInstancesAfterDuration: 'PT15M' })],
      ['aws:ebs:volume-io-latency', latency({ readIOPercentage: '0.1', writeIOLatencyMilliseconds: '60000' })],
      ['aws:eks:pod-delete', pods(pod)],
    ])('%s is refused by name when FIS would take its template', (actionId, changes) => {
      expect(() => validatedTemplate(template(changes), limits)).toThrow(`The action ${actionId} of a is not supported by the lab`);
    });

    test('has a resource type that FIS has, and an id of its own', () => {
      const ids = [...actions.map((each) => each.actionId), ...actionsNotInLab.map((each) => each.actionId)];
      expect(new Set(ids).size).toBe(ids.length);
      for (const { actionId, targets } of actionsNotInLab)
        for (const type of Object.values(targets)) expect(Object.keys(resourceTypes), actionId).toContain(type);
    });
  });

  test('refuses an action that no FIS has as FIS does, whatever else is wrong', () => {
    const actions = { a: { actionId: 'aws:lambda:put-function-concurrent-executions', targets: { Functions: 'gone' } } };
    expect(() => validatedTemplate(template({ actions }), limits)).toThrow(
      expect.objectContaining({
        name: 'ResourceNotFoundException',
        statusCode: 404,
        message: 'Invalid actionId: aws:lambda:put-function-concurrent-executions',
      }),
    );
  });

  test('takes the native Lambda faults and what they leave out', () => {
    const answer = { contentTypeHeader: 'application/json', statusCode: '503', preventExecution: 'true' };
    for (const given of [
      withFault('add-delay', {}, { parameters: { functionQualifier: '$LATEST' } }),
      withFault('error', { preventExecution: 'false', invocationPercentage: '1' }),
      withFault('http-integration-response', answer),
      withAssertion({ alarmStates: 'OK, INSUFFICIENT_DATA' }),
    ]) {
      expect(Object.keys(validatedTemplate(template(given), limits).actions)).toEqual(['a']);
    }
  });

  test.each<[string, Partial<TemplateInput>]>([
    ['21 actions', { actions: times(21, () => wait()) }],
    ['11 actions at once', { actions: times(11, () => wait()) }],
    ['6 stop conditions', { stopConditions: Array.from({ length: 6 }, () => ({ source: 'none' })) }],
  ])('refuses %s as too many', (_, changes) => {
    expect(() => validatedTemplate(template(changes), limits)).toThrow(expect.objectContaining({ name: 'ServiceQuotaExceededException' }));
  });

  test('takes 20 actions of which 10 start at once', () => {
    const actions = times(20, (index) => (index < 10 ? wait() : { ...wait('PT12H'), startAfter: ['a0'] }));
    expect(Object.keys(validatedTemplate(template({ actions }), limits).actions)).toHaveLength(20);
  });
});
