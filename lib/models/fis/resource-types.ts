import type { ActionParameter } from './actions/action.ts';

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
  'aws:elasticache:redis-replicationgroup': 'An ElastiCache replication group, by the name that it had before',
  'aws:elasticache:replicationgroup': 'An ElastiCache replication group',
  'aws:iam:role': 'An IAM role',
  'aws:kinesis:stream': 'An Amazon Kinesis data stream',
  'aws:lambda:function': 'An AWS Lambda function',
  'aws:memorydb:multi-region-cluster': 'A MemoryDB multi-Region cluster',
  'aws:rds:cluster': 'An Amazon Aurora DB cluster',
  'aws:rds:db': 'An Amazon RDS DB instance',
  'aws:s3:bucket': 'An Amazon S3 bucket',
};

const optional = (description: string): ActionParameter => ({ description, required: false, kind: 'text' });
const required = (description: string): ActionParameter => ({ description, required: true, kind: 'text' });
const zone = 'The Availability Zone that contains the targets.';

/** What `parameters` of a target may have, by its resource type; types without an entry have none. Source: AWS FIS user guide, targets, 2026-08. */
export const targetParameters: Readonly<Record<string, Readonly<Record<string, ActionParameter>>>> = {
  'aws:ec2:ebs-volume': { availabilityZoneIdentifier: optional(zone) },
  'aws:ec2:subnet': { availabilityZoneIdentifier: optional(zone), vpc: optional('The VPC that contains the target subnets.') },
  'aws:ecs:task': { cluster: optional('The cluster that contains the target tasks.'), service: optional('The service that contains them.') },
  'aws:eks:pod': {
    availabilityZoneIdentifier: optional(zone),
    clusterIdentifier: required('The name or ARN of the target EKS cluster.'),
    namespace: required('The Kubernetes namespace of the target pods.'),
    selectorType: {
      description: 'How the target pods are selected.',
      required: true,
      kind: 'choice',
      choices: ['labelSelector', 'deploymentName', 'podName'],
    },
    selectorValue: required('The value that goes with the selector type.'),
    targetContainerName: optional('The name of the target container in the pod spec.'),
  },
  'aws:elasticache:redis-replicationgroup': { availabilityZoneIdentifier: required(zone) },
  'aws:elasticache:replicationgroup': { availabilityZoneIdentifier: required(zone) },
  'aws:lambda:function': { functionQualifier: optional('The version or alias of the function.') },
  'aws:rds:cluster': { writerAvailabilityZoneIdentifiers: optional('The Availability Zones of the writer of the cluster.') },
  'aws:rds:db': { availabilityZoneIdentifiers: optional('The Availability Zones of the instance.') },
};
