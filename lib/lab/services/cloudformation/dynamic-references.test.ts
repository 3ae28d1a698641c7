import { expect, test } from 'vitest';
import { virtualLab } from '../../../../test/virtual-lab.ts';
import { createSsmService } from '../ssm/service.ts';
import { withDynamicReferences } from './dynamic-references.ts';

async function resolve(value: unknown): Promise<unknown> {
  const lab = virtualLab((context) => [createSsmService(context)]);
  await lab.call('ssm', 'PutParameter', { Name: '/a/b', Type: 'String', Value: 'old' });
  await lab.call('ssm', 'PutParameter', { Name: '/a/b', Value: 'new', Overwrite: true });
  return withDynamicReferences(value, lab.context);
}

test('parameters are resolved wherever they stand, by version too; all else stays', async () => {
  expect(
    await resolve({
      Layers: ['{{resolve:ssm:/a/b}}'],
      Text: 'x-{{resolve:ssm:/a/b:1}}-{{resolve:ssm:/a/b}}',
      Step: '{{ FunctionName }}',
      Size: 3,
      Off: null,
    }),
  ).toEqual({ Layers: ['new'], Text: 'x-old-new', Step: '{{ FunctionName }}', Size: 3, Off: null });
});

test('public parameters are resolved', async () => {
  const [layer] = (await resolve(['{{resolve:ssm:/aws/service/fis/lambda-extension/AWS-FIS-extension-x86_64/1.x.x}}'])) as string[];
  expect(layer).toMatch(/^arn:aws:lambda:us-east-1:\d{12}:layer:aws-fis-extension-x86_64:\d+$/);
});

test('what is not there fails, and other services are refused by name', async () => {
  await expect(resolve('{{resolve:ssm:/gone}}')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  await expect(resolve('{{resolve:secretsmanager:s:SecretString:p}}')).rejects.toThrow('secretsmanager');
});
