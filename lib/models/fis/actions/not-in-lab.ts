import type { ActionShape, ValueRule } from './action.ts';

// Data: the actions that FIS has and the lab does not run, with what a template must say of them. A template of one is held to it, as FIS would hold it,
// before it is refused as not supported by the lab; an id that is neither here nor in registry.ts is refused as FIS refuses it.
// Source: AWS FIS actions reference, 2026-08. Where it calls no parameter optional, the parameter is required; where it has no word on the parts of a list
// or a text, any is taken.

type Rules = Readonly<Record<string, ValueRule>>;

const needs = (rule: Omit<ValueRule, 'required'>): ValueRule => ({ ...rule, required: true });
const may = (rule: Omit<ValueRule, 'required'>): ValueRule => ({ ...rule, required: false });
const choice = (...choices: string[]): Omit<ValueRule, 'required'> => ({ kind: 'choice', choices });

const text = { kind: 'text' } as const;
const integer = { kind: 'integer' } as const;
const list = { kind: 'list' } as const;
const percentage = { kind: 'integer', range: 'percentage' } as const;
const load = { kind: 'integer', range: 'load' } as const;
const truth = choice('true', 'false', 'True', 'False');

const duration: Rules = { duration: needs({ kind: 'duration' }) };
/** Of actions of which AWS says only that their duration is in ISO 8601. */
const stress: Rules = { duration: needs({ kind: 'duration', bounds: 'stress' }) };
const apiError: Rules = {
  ...duration,
  service: needs(choice('ec2', 'kinesis')),
  percentage: needs(percentage),
  operations: needs(list),
};
const dependencies: Rules = { installDependencies: may(truth) };
const endpoints: Rules = { useEcsFaultInjectionEndpoints: may(truth) };
const flows: Rules = { flowsPercent: may(load), sources: may(list) };
const delay: Rules = { delayMilliseconds: may(integer), jitterMilliseconds: may(integer) };
const loss: Rules = { lossPercent: may(load) };
const port: Rules = { port: needs({ kind: 'integer', range: 'port' }), trafficType: needs(choice('ingress', 'egress')) };
const fisPod: Rules = {
  kubernetesServiceAccount: needs(text),
  fisPodContainerImage: may(text),
  maxErrorsPercent: may(load),
  fisPodLabels: may(text),
  fisPodAnnotations: may(text),
};
const podPolicy: Rules = { fisPodSecurityPolicy: may(choice('privileged', 'baseline', 'restricted')) };
const stressors: Rules = { percent: may(load), workers: may(integer) };

const roles = { Roles: 'aws:iam:role' };
const volumes = { Volumes: 'aws:ec2:ebs-volume' };
const instances = { Instances: 'aws:ec2:instance' };
const tasks = { Tasks: 'aws:ecs:task' };
const pods = { Pods: 'aws:eks:pod' };
const streams = { KinesisStreams: 'aws:kinesis:stream' };
const subnets = { Subnets: 'aws:ec2:subnet' };

const shape = (actionId: string, targets: ActionShape['targets'], parameters: Rules = {}, targetsBy?: ActionShape['targetsBy']): ActionShape => ({
  actionId,
  targets,
  parameters,
  ...(targetsBy === undefined ? {} : { targetsBy }),
});

export const actionsNotInLab: readonly ActionShape[] = [
  shape(
    'aws:arc:start-zonal-autoshift',
    { ManagedResources: 'aws:arc:zonal-shift-managed-resource' },
    {
      ...duration,
      availabilityZoneIdentifier: needs(text),
      managedResourceTypes: needs({ kind: 'list', items: { pattern: /^(ASG|ALB|NLB|EKS)$/, what: 'ASG, ALB, NLB or EKS' } }),
      zonalAutoshiftStatus: may(choice('ENABLED', 'DISABLED', 'ANY')),
    },
  ),
  shape(
    'aws:directconnect:virtual-interface-disconnect',
    { VirtualInterfaces: 'aws:directconnect:virtual-interface' },
    { duration: needs({ kind: 'duration', bounds: 'virtualInterface' }) },
  ),
  shape('aws:dsql:cluster-connection-failure', { Clusters: 'aws:dsql:cluster' }, { ...duration, percentage: needs(percentage) }),
  shape('aws:dynamodb:global-table-pause-replication', { Tables: 'aws:dynamodb:global-table' }, duration),
  shape('aws:ebs:pause-volume-io', volumes, { duration: needs({ kind: 'duration', bounds: 'volumeIo' }) }),
  shape('aws:ebs:volume-io-latency', volumes, {
    duration: needs({ kind: 'duration', bounds: 'volumeIo' }),
    readIOPercentage: may({ kind: 'number', range: 'ioPercentage' }),
    readIOLatencyMilliseconds: may({ kind: 'integer', range: 'ioLatencyMs' }),
    writeIOPercentage: may({ kind: 'number', range: 'ioPercentage' }),
    writeIOLatencyMilliseconds: may({ kind: 'integer', range: 'ioLatencyMs' }),
  }),
  shape(
    'aws:ec2:api-insufficient-instance-capacity-error',
    roles,
    { ...duration, availabilityZoneIdentifiers: needs(list), percentage: needs(percentage) },
    'arns',
  ),
  shape(
    'aws:ec2:asg-insufficient-instance-capacity-error',
    { AutoScalingGroups: 'aws:ec2:autoscaling-group' },
    { ...duration, availabilityZoneIdentifiers: needs(list), percentage: may(percentage) },
  ),
  shape('aws:ec2:reboot-instances', instances),
  shape(
    'aws:ec2:send-spot-instance-interruptions',
    { SpotInstances: 'aws:ec2:spot-instance' },
    { durationBeforeInterruption: needs({ kind: 'duration', bounds: 'spotInterruption' }) },
  ),
  shape('aws:ec2:stop-instances', instances, {
    startInstancesAfterDuration: may({ kind: 'duration' }),
    completeIfInstancesTerminated: may(truth),
  }),
  shape('aws:ec2:terminate-instances', instances),
  shape('aws:ecs:drain-container-instances', { Clusters: 'aws:ecs:cluster' }, { ...duration, drainagePercentage: needs(percentage) }),
  shape('aws:ecs:stop-task', tasks),
  shape('aws:ecs:task-cpu-stress', tasks, { ...stress, ...stressors, ...dependencies }),
  shape('aws:ecs:task-io-stress', tasks, { ...stress, ...stressors, ...dependencies }),
  shape('aws:ecs:task-kill-process', tasks, { processName: needs(text), signal: may(choice('SIGTERM', 'SIGKILL')), ...dependencies }),
  shape('aws:ecs:task-network-blackhole-port', tasks, {
    ...stress,
    ...port,
    protocol: may(choice('tcp', 'udp')),
    ...dependencies,
    ...endpoints,
  }),
  shape('aws:ecs:task-network-latency', tasks, { ...stress, ...delay, ...flows, ...dependencies, ...endpoints }),
  shape('aws:ecs:task-network-packet-loss', tasks, { ...stress, ...loss, ...flows, ...dependencies, ...endpoints }),
  shape(
    'aws:eks:inject-kubernetes-custom-resource',
    { Cluster: 'aws:eks:cluster' },
    {
      kubernetesApiVersion: needs(choice('chaos-mesh.org/v1alpha1', 'litmuschaos.io/v1alpha1')),
      kubernetesKind: needs(text),
      kubernetesNamespace: needs(text),
      kubernetesSpec: needs({ kind: 'json' }),
      maxDuration: needs({ kind: 'duration' }),
    },
    'one-arn',
  ),
  shape('aws:eks:pod-cpu-stress', pods, { ...stress, ...stressors, ...fisPod, ...podPolicy }),
  shape('aws:eks:pod-delete', pods, { gracePeriodSeconds: may(integer), ...fisPod, ...podPolicy }),
  shape('aws:eks:pod-io-stress', pods, { ...stress, ...stressors, ...fisPod, ...podPolicy }),
  shape('aws:eks:pod-memory-stress', pods, { ...stress, ...stressors, ...fisPod, ...podPolicy }),
  shape('aws:eks:pod-network-blackhole-port', pods, { ...stress, ...port, protocol: needs(choice('tcp', 'udp')), ...fisPod }),
  shape('aws:eks:pod-network-latency', pods, { ...stress, interface: may(list), ...delay, ...flows, ...fisPod }),
  shape('aws:eks:pod-network-packet-loss', pods, { ...stress, interface: may(list), ...loss, ...flows, ...fisPod }),
  shape('aws:eks:terminate-nodegroup-instances', { Nodegroups: 'aws:eks:nodegroup' }, { instanceTerminationPercentage: needs(percentage) }),
  shape('aws:elasticache:interrupt-cluster-az-power', { ReplicationGroups: 'aws:elasticache:redis-replicationgroup' }, duration),
  shape('aws:elasticache:replicationgroup-interrupt-az-power', { ReplicationGroups: 'aws:elasticache:replicationgroup' }, duration),
  shape('aws:fis:inject-api-internal-error', roles, apiError),
  shape('aws:fis:inject-api-throttle-error', roles, apiError),
  shape('aws:fis:inject-api-unavailable-error', roles, apiError),
  shape('aws:kinesis:stream-expired-iterator-exception', streams, { ...duration, percentage: needs(percentage) }),
  shape('aws:kinesis:stream-provisioned-throughput-exception', streams, { ...duration, percentage: needs(percentage) }),
  shape('aws:memorydb:multi-region-cluster-pause-replication', { MultiRegionClusters: 'aws:memorydb:multi-region-cluster' }, duration),
  shape('aws:network:disrupt-connectivity', subnets, {
    ...duration,
    scope: needs(choice('all', 'availability-zone', 'dynamodb', 'prefix-list', 's3', 's3express', 'vpc')),
    prefixListIdentifier: may(text),
  }),
  shape('aws:network:disrupt-vpc-endpoint', { VPCEndpoints: 'aws:ec2:vpc-endpoint' }, duration),
  shape('aws:network:route-table-disrupt-cross-region-connectivity', subnets, { ...duration, region: needs(text) }),
  shape(
    'aws:network:transit-gateway-disrupt-cross-region-connectivity',
    { TransitGateways: 'aws:ec2:transit-gateway' },
    { ...duration, region: needs(text) },
  ),
  shape('aws:rds:failover-db-cluster', { Clusters: 'aws:rds:cluster' }),
  shape('aws:rds:reboot-db-instances', { DBInstances: 'aws:rds:db' }, { forceFailover: may(truth) }),
  shape(
    'aws:s3:bucket-pause-replication',
    { Buckets: 'aws:s3:bucket' },
    { ...duration, region: needs(text), destinationBuckets: may(list), prefixes: may(list) },
    'tags',
  ),
  shape('aws:ssm:send-command', instances, {
    documentArn: needs(text),
    documentVersion: may(text),
    documentParameters: may({ kind: 'json-object' }),
    ...duration,
  }),
];
