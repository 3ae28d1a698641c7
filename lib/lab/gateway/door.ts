import type { FrontDoorRequest, FrontDoorResponse, LabService, MetricSeries, MetricSink } from '../contract.ts';
import type { Meter } from './meter.ts';
import { excessSeries, modelledSeries } from './pipeline.ts';

/** The front doors of one service, as the HTTP server sees them. */
export interface Door {
  readonly prefix: string;
  /** `path` still begins with the id of the door: `<id>/...`. */
  serve(request: FrontDoorRequest): Promise<FrontDoorResponse>;
}

/** The front doors of all services; each request's usage is metered, and its times go to `<service>.Request`. */
export function openDoors(services: readonly LabService[], meter: Meter, metrics: MetricSink): Door[] {
  return services.flatMap(({ name, frontDoors }) => {
    if (!frontDoors) return [];
    let excess: MetricSeries | undefined;
    let modelled: MetricSeries | undefined;
    const serve = async (request: FrontDoorRequest): Promise<FrontDoorResponse> => {
      const slash = request.path.indexOf('/');
      const id = slash < 0 ? request.path : request.path.slice(0, slash);
      const response = await frontDoors.serve(id, { ...request, path: slash < 0 ? '/' : request.path.slice(slash) });
      if (response.usage) meter.add(response.usage);
      excess ??= excessSeries(metrics, `${name}.Request`);
      modelled ??= modelledSeries(metrics, `${name}.Request`);
      if (response.modelledMs !== undefined) modelled.add(response.modelledMs);
      return { ...response, excess };
    };
    return [{ prefix: frontDoors.prefix, serve }];
  });
}
