import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { AwsClients } from '../core/aws-clients.ts';
import { messageOf } from '../core/errors.ts';
import { siteFlags } from './commands.ts';
import { settingNamed } from './settings/index.ts';
import type { ChaosContext, DeployedFault, UndoEntry, UndoOutcome } from './types.ts';
import { refusePendingUndo, undoPlace } from './undo-entries.ts';

/** What stands in a fault's pointer while no run uses it: a person who starts the experiment by hand. */
export const manualRun = 'manual';

/** A setting that shall be changed: a fault's, or one of what a run adds itself, which may rest on what is found. */
type Change = Pick<DeployedFault, 'name' | 'setting' | 'resource' | 'pointer'> & { readonly set: string | ((found: string) => string) };

/**
 * Reads the value that the fault will change and stores it on the site, before anything is changed; also tells the
 * fault's document the run's id. From here on `recover` can restore it from anywhere.
 * @throws ProofloadError `undo-pending` when an earlier run has not restored this setting
 */
export async function registerUndo(fault: Change, context: ChaosContext): Promise<UndoEntry> {
  const { clients, runId } = context;
  await refusePendingUndo(clients, fault);
  const { name, setting, resource } = fault;
  const found = await settingNamed(setting).read(clients, resource);
  const set = typeof fault.set === 'string' ? fault.set : fault.set(found);
  const entry: UndoEntry = { runId, place: undoPlace(runId, resource), fault: name, setting, resource, found, set };
  const text = JSON.stringify({ setting, resource, found, set, fault: name });
  await clients.ssm.send(new PutParameterCommand({ Name: entry.place, Type: 'String', Value: text, Overwrite: true }));
  try {
    await point(fault, runId, clients);
  } catch (thrown) {
    // Nothing was changed yet: an entry that no list knows would only keep later runs from starting.
    await clients.ssm.send(new DeleteParameterCommand({ Name: entry.place }));
    throw thrown;
  }
  context.journal({ at: context.clock.now(), kind: 'undo-registered', fault: name, resource, setting, found, set, place: entry.place });
  return entry;
}

/** Lets the pointer say again that no run uses the fault. */
export async function releasePointer(fault: Pick<DeployedFault, 'pointer'>, clients: AwsClients): Promise<void> {
  await point(fault, manualRun, clients);
}

async function point({ pointer }: Pick<DeployedFault, 'pointer'>, runId: string, clients: AwsClients): Promise<void> {
  if (pointer === undefined) return;
  await clients.ssm.send(new PutParameterCommand({ Name: pointer, Type: 'String', Value: runId, Overwrite: true }));
}

/**
 * Puts back what was found, if the value is still the fault's: compare-and-set. What somebody else changed meanwhile is
 * left alone. Never throws: a failure is an outcome, with the command that a person can run.
 */
export async function undo(registered: UndoEntry, clients: AwsClients): Promise<UndoOutcome> {
  // The document looked last before it applied: what it stored then is what must come back.
  const entry = { ...registered, found: (await storedFound(registered, clients).catch(() => undefined)) ?? registered.found };
  const { runId, fault, resource, found, set } = entry;
  const about = { runId, fault, resource };
  const command = await undoCommand(entry, clients);
  try {
    const setting = settingNamed(entry.setting);
    const now = await setting.read(clients, resource);
    const stored = await storedFound(entry, clients);
    if (stored === undefined && now !== set)
      return { ...about, outcome: 'already-restored', detail: `${entry.setting} is ${now}; the fault's document has restored it` };
    if (now === found) {
      const detail = setting.nothingToRestore ?? `${entry.setting} is ${now}, as it was found`;
      return { ...about, ...(await forgotten(entry, clients, 'already-restored', detail)) };
    }
    if (now !== set) {
      const keep = `aws ssm delete-parameter --name ${entry.place}${await siteFlags(clients)}`;
      const detail =
        `${entry.setting} is ${now}, neither what was found (${found}) nor what the fault set (${set}): ` +
        `somebody else changed it, and it is left alone; to keep it so, forget the undo: ${keep}`;
      return { ...about, outcome: 'changed-by-other', detail, command };
    }
    await setting.write(clients, resource, found);
    const after = await setting.read(clients, resource);
    if (after !== found) return { ...about, outcome: 'failed', detail: `${entry.setting} was set to ${found} and reads ${after}`, command };
    return { ...about, ...(await forgotten(entry, clients, 'restored', `${entry.setting} restored from ${set} to ${found}`)) };
  } catch (thrown) {
    return { ...about, outcome: 'failed', detail: `${entry.setting} could not be restored to ${found}: ${messageOf(thrown)}`, command };
  }
}

/** The value found, as the site has it stored now; undefined where nothing is stored any more: the document restored and forgot it. */
async function storedFound({ place }: UndoEntry, clients: AwsClients): Promise<string | undefined> {
  try {
    const { Parameter } = await clients.ssm.send(new GetParameterCommand({ Name: place }));
    return (JSON.parse(Parameter?.Value ?? '{}') as { found?: string }).found;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'ParameterNotFound') return undefined;
    throw thrown;
  }
}

/** The command with which a person restores what `entry` says; for a setting that this version does not know, shows what is stored. */
export async function undoCommand(entry: UndoEntry, clients: AwsClients): Promise<string> {
  const flags = await siteFlags(clients);
  try {
    return settingNamed(entry.setting).command(entry.resource, entry.found) + flags;
  } catch {
    return `aws ssm get-parameter --name ${entry.place}${flags}`;
  }
}

/**
 * Removes the undo data, which the fault's own document may have done already. Data that stays does no harm: the setting
 * is as it was found, and the next `recover` removes it; the outcome says so.
 */
async function forgotten(
  entry: UndoEntry,
  clients: AwsClients,
  outcome: 'restored' | 'already-restored',
  detail: string,
): Promise<Pick<UndoOutcome, 'outcome' | 'detail'>> {
  try {
    await clients.ssm.send(new DeleteParameterCommand({ Name: entry.place }));
  } catch (thrown) {
    const isGone = thrown instanceof Error && thrown.name === 'ParameterNotFound';
    if (!isGone) return { outcome, detail: `${detail}; its undo data stays in ${entry.place}: ${messageOf(thrown)}` };
  }
  return { outcome, detail };
}
