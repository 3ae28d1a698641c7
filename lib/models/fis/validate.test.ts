import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Numbers } from '../../core/numbers.ts';
import { packageRoot } from '../../core/package-root.ts';
import { fisLimits } from './limits.ts';
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
      'a real action that the lab lacks',
      { actions: { a: { actionId: 'aws:ec2:stop-instances' } } },
      'aws:ec2:stop-instances of a is not supported by the lab',
    ],
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
