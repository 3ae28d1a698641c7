import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { AwsClients } from '../core/aws-clients.ts';
import { messageOf } from '../core/errors.ts';
import { settingNamed } from './settings/index.ts';
import type { ChaosContext, DeployedFault, UndoEntry, UndoOutcome } from './types.ts';

export const undoRoot = '/proofload/undo';

/** What stands in a fault's pointer while no run uses it: a person who starts the experiment by hand. */
export const manualRun = 'manual';

/**
 * Reads the value that the fault will change and stores it on the site, before anything is changed; also tells the
 * fault's document the run's id. From here on `recover` can restore it from anywhere.
 */
export async function registerUndo(fault: DeployedFault, context: ChaosContext): Promise<UndoEntry> {
  const { clients, runId } = context;
  const found = await settingNamed(fault.setting).read(clients, fault.resource);
  const entry: UndoEntry = {
    runId,
    place: `${undoRoot}/${runId}/${fault.resource}`,
    fault: fault.name,
    setting: fault.setting,
    resource: fault.resource,
    found,
    set: fault.set,
  };
  const { setting, resource, set } = entry;
  const text = JSON.stringify({ setting, resource, found, set, fault: fault.name });
  await clients.ssm.send(new PutParameterCommand({ Name: entry.place, Type: 'String', Value: text, Overwrite: true }));
  await clients.ssm.send(new PutParameterCommand({ Name: fault.pointer, Type: 'String', Value: runId, Overwrite: true }));
  context.journal({ at: context.clock.now(), kind: 'undo-registered', fault: fault.name, resource, setting, found, set, place: entry.place });
  return entry;
}

/** Lets the pointer say again that no run uses the fault. */
export async function releasePointer(fault: Pick<DeployedFault, 'pointer'>, clients: AwsClients): Promise<void> {
  await clients.ssm.send(new PutParameterCommand({ Name: fault.pointer, Type: 'String', Value: manualRun, Overwrite: true }));
}

/**
 * Puts back what was found, if the value is still the fault's: compare-and-set. What somebody else changed meanwhile is
 * left alone. Never throws: a failure is an outcome, with the command that a person can run.
 */
export async function undo(entry: UndoEntry, clients: AwsClients): Promise<UndoOutcome> {
  const { runId, fault, resource, found, set } = entry;
  const about = { runId, fault, resource };
  const command = commandFor(entry);
  try {
    const setting = settingNamed(entry.setting);
    const now = await setting.read(clients, resource);
    if (now === found) {
      await forget(entry, clients);
      return { ...about, outcome: 'already-restored', detail: `${entry.setting} is ${now}, as it was found` };
    }
    if (now !== set) {
      const detail = `${entry.setting} is ${now}: neither what was found (${found}) nor what the fault set (${set}); somebody else changed it, and it is left alone`;
      return { ...about, outcome: 'changed-by-other', detail, command };
    }
    await setting.write(clients, resource, found);
    const after = await setting.read(clients, resource);
    if (after !== found) return { ...about, outcome: 'failed', detail: `${entry.setting} was set to ${found} and reads ${after}`, command };
    await forget(entry, clients);
    return { ...about, outcome: 'restored', detail: `${entry.setting} restored from ${set} to ${found}` };
  } catch (thrown) {
    return {
      ...about,
      outcome: 'failed',
      detail: `${entry.setting} could not be restored to ${found}: ${messageOf(thrown)}`,
      ...(command ? { command } : {}),
    };
  }
}

function commandFor(entry: UndoEntry): string {
  try {
    return settingNamed(entry.setting).command(entry.resource, entry.found);
  } catch {
    return `aws ssm get-parameter --name ${entry.place}`;
  }
}

/** Removes the undo data; the fault's own document may have done so already. */
async function forget(entry: UndoEntry, clients: AwsClients): Promise<void> {
  try {
    await clients.ssm.send(new DeleteParameterCommand({ Name: entry.place }));
  } catch (thrown) {
    if (!(thrown instanceof Error && thrown.name === 'ParameterNotFound')) throw thrown;
  }
}
