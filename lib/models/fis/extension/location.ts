/** A folder in S3: what lies below `prefix` of `bucket`. */
export interface S3Location {
  readonly bucket: string;
  /** Empty, or ending in a slash. */
  readonly prefix: string;
}

/** The location that `AWS_FIS_CONFIGURATION_LOCATION` names (`arn:aws:s3:::bucket/FisConfigs/`); undefined when it is none. */
export function s3Location(arn: string | undefined): S3Location | undefined {
  const [, bucket, path = ''] = /^arn:[^:]+:s3:::([a-z0-9.-]{3,63})(?:\/(.*))?$/.exec(arn ?? '') ?? [];
  if (bucket === undefined) return undefined;
  return { bucket, prefix: path === '' || path.endsWith('/') ? path : `${path}/` };
}
