import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type VirtualLab, virtualLab } from '../../../../test/virtual-lab.ts';
import { createSsmService } from './service.ts';

let lab: VirtualLab;
beforeEach(() => {
  lab = virtualLab((context) => [createSsmService(context)]);
});
afterEach(() => lab.stop());

const put = (Name: string, Value: string, more: object = {}) =>
  lab.call<{ Version: number }>('ssm', 'PutParameter', { Name, Value, Type: 'String', ...more });
const names = (reply: { Parameters: { Name: string }[] }) => reply.Parameters.map((parameter) => parameter.Name);

describe('Parameter Store', () => {
  test('versions a parameter only with Overwrite', async () => {
    expect(await put('/a/b', '1', { Tags: [{ Key: 'k', Value: 'v' }] })).toEqual({ Version: 1, Tier: 'Standard' });
    await expect(put('/a/b', '2')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect(await put('/a/b', '2', { Overwrite: true })).toMatchObject({ Version: 2 });
    expect(await lab.call('ssm', 'GetParameter', { Name: '/a/b' })).toMatchObject({
      Parameter: { Value: '2', Version: 2, ARN: 'arn:aws:ssm:us-east-1:123456789012:parameter/a/b' },
    });
    expect(await lab.call('ssm', 'GetParameter', { Name: '/a/b:1' })).toMatchObject({ Parameter: { Value: '1', Selector: ':1' } });
    await expect(lab.call('ssm', 'GetParameter', { Name: '/a/b:9' })).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
    expect(await lab.call('ssm', 'ListTagsForResource', { ResourceType: 'Parameter', ResourceId: '/a/b' })).toEqual({
      TagList: [{ Key: 'k', Value: 'v' }],
    });
  });

  test('keeps the last hundred versions', async () => {
    for (let version = 1; version <= 101; version++) await put('p', String(version), { Overwrite: true });
    await expect(lab.call('ssm', 'GetParameter', { Name: 'p:1' })).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
    expect(await lab.call('ssm', 'GetParameter', { Name: 'p:2' })).toMatchObject({ Parameter: { Value: '2' } });
  });

  test('lists a hierarchy page by page', async () => {
    for (let n = 10; n < 35; n++) await put(`/proofload/undo/run/f${n}`, 'x');
    await put('/proofload/undone', 'x');
    const listed: string[] = [];
    let NextToken: string | undefined;
    do {
      const reply: { Parameters: { Name: string }[]; NextToken?: string } = await lab.call('ssm', 'GetParametersByPath', {
        Path: '/proofload/undo/',
        Recursive: true,
        ...(NextToken ? { NextToken } : {}),
      });
      listed.push(...names(reply));
      NextToken = reply.NextToken;
    } while (NextToken);
    expect(listed).toEqual(Array.from({ length: 25 }, (_, n) => `/proofload/undo/run/f${n + 10}`));
    expect(names(await lab.call('ssm', 'GetParametersByPath', { Path: '/proofload' }))).toEqual(['/proofload/undone']);
  });

  test('reads, describes and deletes many, naming what is not there', async () => {
    await put('a', '1');
    await put('/b', '2');
    expect(await lab.call('ssm', 'GetParameters', { Names: ['a', 'x'] })).toMatchObject({ Parameters: [{ Value: '1' }], InvalidParameters: ['x'] });
    expect(names(await lab.call('ssm', 'DescribeParameters', { ParameterFilters: [{ Key: 'Name', Option: 'BeginsWith', Values: ['/'] }] }))).toEqual([
      '/b',
    ]);
    expect(await lab.call('ssm', 'DeleteParameters', { Names: ['a', 'x'] })).toEqual({ DeletedParameters: ['a'], InvalidParameters: ['x'] });
    await expect(lab.call('ssm', 'DeleteParameter', { Name: 'a' })).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  test('refuses values that are too long and types that the lab lacks', async () => {
    await expect(put('a', 'x'.repeat(4097))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(put('a', 'x', { Type: 'SecureString' })).rejects.toMatchObject({ name: 'UnsupportedParameterType' });
    await expect(put('a', 'x', { AllowedPattern: '\\d+' })).rejects.toMatchObject({ name: 'ParameterPatternMismatchException' });
  });
});

describe('documents', () => {
  const content = (seconds: number) =>
    JSON.stringify({ schemaVersion: '0.3', mainSteps: [{ name: 's', action: 'aws:sleep', inputs: { Duration: `PT${seconds}S` } }] });

  test('have versions and a default one', async () => {
    await lab.call('ssm', 'CreateDocument', { Name: 'doc', DocumentType: 'Automation', Content: content(1) });
    await expect(lab.call('ssm', 'UpdateDocument', { Name: 'doc', Content: content(1) })).rejects.toMatchObject({ name: 'DuplicateDocumentContent' });
    await lab.call('ssm', 'UpdateDocument', { Name: 'doc', Content: content(2), DocumentVersion: '$LATEST' });
    expect(await lab.call('ssm', 'GetDocument', { Name: 'doc' })).toMatchObject({ DocumentVersion: '1', Content: content(1) });
    await lab.call('ssm', 'UpdateDocumentDefaultVersion', { Name: 'doc', DocumentVersion: '2' });
    expect(await lab.call('ssm', 'DescribeDocument', { Name: 'doc' })).toMatchObject({
      Document: { DefaultVersion: '2', LatestVersion: '2', Status: 'Active' },
    });
    expect(await lab.call('ssm', 'ListDocuments', { Filters: [{ Key: 'DocumentType', Values: ['Automation'] }] })).toMatchObject({
      DocumentIdentifiers: [{ Name: 'doc' }],
    });
    await lab.call('ssm', 'DeleteDocument', { Name: 'doc' });
    await expect(lab.call('ssm', 'GetDocument', { Name: 'doc' })).rejects.toMatchObject({ name: 'InvalidDocument' });
  });
});
