import type { Numbers } from '../../../core/numbers.ts';
import { type S3Location, s3Location } from './location.ts';

/** Where an extension that works in a function's environments looks, and how often. */
export interface ExtensionSettings {
  readonly location: S3Location;
  readonly slowPollMs: number;
  readonly hotPollMs: number;
  /** How long an invocation waits for a poll under way; 0 not at all. */
  readonly pollMaxWaitMs: number;
  readonly logsInfo: boolean;
}

interface ExtensionNumbers {
  readonly slowPollSec: number;
  readonly slowPollMinSec: number;
  readonly hotPollSec: number;
}

/** From config/quotas/fis.yaml. */
export function extensionNumbers(quotas: Numbers): ExtensionNumbers {
  return {
    slowPollSec: quotas.number('fis.extension-slow-poll'),
    slowPollMinSec: quotas.number('fis.extension-slow-poll-min'),
    hotPollSec: quotas.number('fis.extension-hot-poll'),
  };
}

/** What of a function decides whether the extension works in it. */
interface ExtendedFunction {
  readonly layers: readonly string[];
  readonly architecture: string;
  readonly variables: Readonly<Record<string, string>>;
}

const wrapper = '/opt/aws-fis/bootstrap';

/**
 * The extension of a function, undefined where something is missing: its layer (of the function's own architecture), its wrapper, or a
 * location.
 */
export function extensionSettings({ layers, architecture, variables }: ExtendedFunction, numbers: ExtensionNumbers): ExtensionSettings | undefined {
  const location = s3Location(variables['AWS_FIS_CONFIGURATION_LOCATION']);
  if (!layers.some((arn) => isExtensionLayer(arn, architecture)) || variables['AWS_LAMBDA_EXEC_WRAPPER'] !== wrapper || !location) return undefined;
  return {
    location,
    slowPollMs: slowPollSec(variables, numbers) * 1000,
    hotPollMs: numbers.hotPollSec * 1000,
    pollMaxWaitMs: wholeNumber(variables['AWS_FIS_POLL_MAX_WAIT_MILLISECONDS']) ?? 0,
    logsInfo: (variables['AWS_FIS_LOG_LEVEL'] ?? 'INFO') === 'INFO',
  };
}

/** The slow interval that a function's variables ask for; one below the minimum silently means the default. */
export function slowPollSec(variables: ExtendedFunction['variables'], numbers: ExtensionNumbers): number {
  const asked = wholeNumber(variables['AWS_FIS_SLOW_POLL_INTERVAL_SECONDS']);
  return asked !== undefined && asked >= numbers.slowPollMinSec ? asked : numbers.slowPollSec;
}

/** Whether a layer's ARN is that of the extension; AWS writes its name in both cases. */
export function isExtensionLayer(arn: string, architecture: string): boolean {
  return arn.toLowerCase().split(':')[6] === `aws-fis-extension-${architecture}`;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
