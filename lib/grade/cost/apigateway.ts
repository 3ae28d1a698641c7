import { httpApiRequests } from '../../models/price.ts';
import { type Biller, metering, missing, usage, used } from './bill.ts';

/** Requests of an HTTP API in units of 512 KB. */
export const httpApiBiller: Biller = {
  types: ['AWS::ApiGatewayV2::Api', 'AWS::Serverless::HttpApi'],
  bill(resource, context) {
    const metric = (name: string) =>
      usage(context, resource, { namespace: 'AWS/ApiGateway', metric: name, dimensions: ['ApiId'] }) ??
      usage(context, resource, { namespace: 'AWS/ApiGateway', metric: name, dimensions: ['ApiId', 'Stage'] });
    const count = metric('Count');
    if (!count) return missing(`${resource.logicalId}: AWS/ApiGateway Count was not collected`);
    const bytes = metric('DataProcessed');
    const unitBytes = metering(context.prices, 'apigateway.http-request-bytes', Number.POSITIVE_INFINITY);
    const complete = count.complete && bytes?.complete !== false;
    const requests = httpApiRequests(count.total, bytes?.total ?? 0, unitBytes);
    return used(context, resource.logicalId, 'apigateway.http-request', requests, count.source, complete);
  },
};

/** Requests of a REST API, whatever their size; CloudWatch counts those too that are throttled and not charged. */
export const restApiBiller: Biller = {
  types: ['AWS::ApiGateway::RestApi'],
  bill(resource, context) {
    const count = usage(context, resource, { namespace: 'AWS/ApiGateway', metric: 'Count', dimensions: ['ApiName'] });
    if (!count) return missing(`${resource.logicalId}: AWS/ApiGateway Count was not collected`);
    return used(context, resource.logicalId, 'apigateway.rest-request', count.total, count.source, count.complete);
  },
};
