import type { LabContext, LabService } from '../../contract.ts';
import { Buckets } from './buckets.ts';
import { createBucket, deleteBucket, headBucket, listBuckets } from './operations/buckets.ts';
import { listObjectsV2 } from './operations/list.ts';
import { abortMultipartUpload, completeMultipartUpload, createMultipartUpload, listParts, uploadPart } from './operations/multipart.ts';
import { deleteObject, deleteObjects, getObject, headObject, putObject } from './operations/objects.ts';

/** Amazon S3: general purpose buckets without versions, path-style; objects are kept in memory up to a bound. */
export function createS3Service(context: LabContext): LabService {
  const buckets = new Buckets(context);
  return {
    name: 's3',
    operations: {
      CreateBucket: createBucket(context, buckets),
      HeadBucket: headBucket(context, buckets),
      DeleteBucket: deleteBucket(buckets),
      ListBuckets: listBuckets(context, buckets),
      PutObject: putObject(context, buckets),
      GetObject: getObject(context, buckets),
      HeadObject: headObject(context, buckets),
      DeleteObject: deleteObject(context, buckets),
      DeleteObjects: deleteObjects(context, buckets),
      ListObjectsV2: listObjectsV2(context, buckets),
      CreateMultipartUpload: createMultipartUpload(context, buckets),
      UploadPart: uploadPart(context, buckets),
      CompleteMultipartUpload: completeMultipartUpload(context, buckets),
      AbortMultipartUpload: abortMultipartUpload(context, buckets),
      ListParts: listParts(context, buckets),
    },
  };
}
