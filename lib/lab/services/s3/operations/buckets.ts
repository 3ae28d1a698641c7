import type {
  CreateBucketCommandInput,
  CreateBucketCommandOutput,
  DeleteBucketCommandInput,
  HeadBucketCommandInput,
  HeadBucketCommandOutput,
  ListBucketsCommandInput,
  ListBucketsCommandOutput,
} from '@aws-sdk/client-s3';
import { AwsError } from '../../../../core/errors.ts';
import { dateOf } from '../../../../core/time-format.ts';
import type { LabContext, Operation } from '../../../contract.ts';
import type { Buckets } from '../buckets.ts';
import { only } from '../members.ts';

type Output<Of> = Omit<Of, '$metadata'>;

export function createBucket(context: LabContext, buckets: Buckets): Operation<CreateBucketCommandInput, Output<CreateBucketCommandOutput>> {
  return only(['Bucket', 'CreateBucketConfiguration'], {
    latencyKey: 's3.manage',
    act({ Bucket = '', CreateBucketConfiguration }) {
      const asked: string = CreateBucketConfiguration?.LocationConstraint ?? 'us-east-1';
      if (asked !== context.region)
        throw new AwsError(
          'IllegalLocationConstraintException',
          `The ${asked} location constraint is incompatible for the region specific endpoint this request was sent to.`,
        );
      const { name } = buckets.create(Bucket);
      return { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
    },
  });
}

export function headBucket(context: LabContext, buckets: Buckets): Operation<HeadBucketCommandInput, Output<HeadBucketCommandOutput>> {
  return only(['Bucket'], {
    latencyKey: 's3.manage',
    act: ({ Bucket }) => ({ BucketArn: `arn:aws:s3:::${buckets.get(Bucket).name}`, BucketRegion: context.region }),
  });
}

export function deleteBucket(buckets: Buckets): Operation<DeleteBucketCommandInput, object> {
  return only(['Bucket'], {
    latencyKey: 's3.manage',
    act({ Bucket }) {
      buckets.remove(Bucket);
      return {};
    },
  });
}

export function listBuckets(context: LabContext, buckets: Buckets): Operation<ListBucketsCommandInput, Output<ListBucketsCommandOutput>> {
  return only(['Prefix'], {
    latencyKey: 's3.manage',
    act: ({ Prefix = '' }) => ({
      Buckets: buckets
        .all()
        .filter(({ name }) => name.startsWith(Prefix))
        .map(({ name, createdMs }) => ({ Name: name, CreationDate: dateOf(createdMs) })),
      Owner: { ID: context.account },
    }),
  });
}
