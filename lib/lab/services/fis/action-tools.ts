import type { TemplateAction } from '../../../models/fis/types.ts';
import type { LabContext } from '../../contract.ts';
import type { FaultConfigurations } from '../../functions/fault-configurations.ts';

export type ActionEnding = { readonly status: 'completed' | 'stopped' } | { readonly status: 'failed'; readonly reason: string };

export interface ActionTools {
  readonly context: LabContext;
  /** Aborts when the experiment stops: the action cleans up and ends as stopped. */
  readonly stopped: AbortSignal;
  /** Aborts when the lab stops: everything is dropped. */
  readonly closing: AbortSignal;
  readonly experimentId: string;
  readonly action: TemplateAction;
  /** ARNs of the experiment's targets. */
  readonly resolved: Readonly<Record<string, readonly string[]>>;
  /** Where the extension of functions reads its faults. */
  readonly faults: FaultConfigurations;
  /** The action does what it is for. */
  onRunning(): void;
}

/** False when the experiment was stopped meanwhile. */
export async function sleptWell(ms: number, { context, stopped, closing }: ActionTools): Promise<boolean> {
  try {
    await context.clock.sleep(ms, AbortSignal.any([stopped, closing]));
    return true;
  } catch (error) {
    if (closing.aborted) throw error;
    return false;
  }
}
