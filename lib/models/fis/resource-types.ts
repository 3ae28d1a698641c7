/** Target resource types of FIS, as ListTargetResourceTypes names them. Source: AWS FIS user guide, targets, 2026-08. */
export const resourceTypes: Readonly<Record<string, string>> = {
  'aws:arc:zonal-shift-managed-resource': 'A resource managed by ARC zonal autoshift',
  'aws:directconnect:virtual-interface': 'A Direct Connect virtual interface',
  'aws:dsql:cluster': 'An Aurora DSQL cluster',
  'aws:dynamodb:global-table': 'An Amazon DynamoDB global table',
  'aws:ec2:autoscaling-group': 'An Amazon EC2 Auto Scaling group',
  'aws:ec2:ebs-volume': 'An Amazon EBS volume',
  'aws:ec2:instance': 'An Amazon EC2 instance',
  'aws:ec2:spot-instance': 'An Amazon EC2 Spot Instance',
  'aws:ec2:subnet': 'An Amazon VPC subnet',
  'aws:ec2:transit-gateway': 'A transit gateway',
  'aws:ec2:vpc-endpoint': 'An Amazon VPC endpoint',
  'aws:ecs:cluster': 'An Amazon ECS cluster',
  'aws:ecs:task': 'An Amazon ECS task',
  'aws:eks:cluster': 'An Amazon EKS cluster',
  'aws:eks:nodegroup': 'An Amazon EKS node group',
  'aws:eks:pod': 'A Kubernetes pod',
  'aws:elasticache:replicationgroup': 'An ElastiCache replication group',
  'aws:iam:role': 'An IAM role',
  'aws:kinesis:stream': 'An Amazon Kinesis data stream',
  'aws:lambda:function': 'An AWS Lambda function',
  'aws:memorydb:multi-region-cluster': 'A MemoryDB multi-Region cluster',
  'aws:rds:cluster': 'An Amazon Aurora DB cluster',
  'aws:rds:db': 'An Amazon RDS DB instance',
  'aws:s3:bucket': 'An Amazon S3 bucket',
};

/** What `parameters` of a target may have, by its resource type: name and description; all optional. Only of types that the lab has. */
export const targetParameters: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'aws:lambda:function': { functionQualifier: 'The version or alias of the function.' },
};
