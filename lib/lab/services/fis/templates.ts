import { dateOf } from '../../../core/time-format.ts';
import { type FisLimits, fisLimits } from '../../../models/fis/limits.ts';
import { requireMembers } from '../../../models/fis/refusals.ts';
import type { ExperimentTemplate, TemplateInput } from '../../../models/fis/types.ts';
import { validatedTemplate } from '../../../models/fis/validate.ts';
import type { LabContext, Operation } from '../../contract.ts';
import { conflict, notFound, quotaExceeded } from './errors.ts';
import { type PageInput, page } from './page.ts';

export interface StoredTemplate {
  readonly id: string;
  readonly arn: string;
  readonly template: ExperimentTemplate;
  readonly tags: Map<string, string>;
  readonly createdMs: number;
  readonly updatedMs: number;
}

export interface TemplateStore {
  readonly operations: Readonly<Record<string, Operation>>;
  get(id: string | undefined): StoredTemplate;
  create(input: TemplateInput & { readonly clientToken?: string }): StoredTemplate;
  remove(id: string | undefined): StoredTemplate;
  /** Tags of the template with this ARN. */
  tagsOf(arn: string): Map<string, string> | undefined;
}

/** Experiment templates: validated when they are made or changed, so that an experiment can rely on them. */
export function createTemplateStore(context: LabContext): TemplateStore {
  const templates = new Map<string, StoredTemplate>();
  const tokens = new Map<string, { readonly id: string; readonly asked: string }>();
  const limits = fisLimits(context.quotas);

  const get = (id: string | undefined): StoredTemplate => {
    const found = templates.get(id ?? '');
    if (!found) throw notFound(`Experiment template ${id}`);
    return found;
  };
  const create = (input: TemplateInput & { readonly clientToken?: string }): StoredTemplate => {
    const { clientToken, ...asked } = input;
    const earlier = tokens.get(clientToken ?? '');
    if (earlier && earlier.asked === JSON.stringify(asked)) return get(earlier.id);
    if (earlier) throw conflict('The clientToken was used for another experiment template.');
    const stored = newTemplate(asked, templates.size, limits, context);
    templates.set(stored.id, stored);
    if (clientToken) tokens.set(clientToken, { id: stored.id, asked: JSON.stringify(asked) });
    return stored;
  };
  const update = ({ id, ...changes }: TemplateInput & { readonly id?: string }): StoredTemplate => {
    const known = get(id);
    const template = validatedTemplate({ ...known.template, ...changes, tags: Object.fromEntries(known.tags) }, limits);
    const updated = { ...known, template, updatedMs: context.clock.now() };
    templates.set(known.id, updated);
    return updated;
  };
  const remove = (id: string | undefined): StoredTemplate => {
    const known = get(id);
    templates.delete(known.id);
    return known;
  };
  const reply = (stored: StoredTemplate): object => ({ experimentTemplate: described(stored) });
  return {
    get,
    create,
    remove,
    tagsOf: (arn) => [...templates.values()].find((each) => each.arn === arn)?.tags,
    operations: {
      CreateExperimentTemplate: {
        act: (input: TemplateInput & { clientToken?: string }) => {
          requireMembers({ clientToken: input.clientToken });
          return reply(create(input));
        },
      },
      GetExperimentTemplate: { act: (input: { id?: string }) => reply(get(input.id)) },
      UpdateExperimentTemplate: { act: (input: TemplateInput & { id?: string }) => reply(update(input)) },
      DeleteExperimentTemplate: { act: (input: { id?: string }) => reply(remove(input.id)) },
      ListExperimentTemplates: { act: (input: PageInput) => page([...templates.values()].map(summary), input, 'experimentTemplates') },
    },
  };
}

function newTemplate(input: TemplateInput, existing: number, limits: FisLimits, context: LabContext): StoredTemplate {
  const template = validatedTemplate(input, limits);
  if (existing >= limits.templates) throw quotaExceeded(`An account can have at most ${limits.templates} experiment templates in a Region.`);
  const id = `EXT${fisId(context)}`;
  const nowMs = context.clock.now();
  const tags = new Map(Object.entries(template.tags));
  return { id, arn: context.arn('fis', `experiment-template/${id}`), template, tags, createdMs: nowMs, updatedMs: nowMs };
}

const idAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789';

/** The random part of FIS's ids, which look like `EXTDo5aLVkDzHgsrJ` (lengths as AWS's examples have them). */
export function fisId(context: LabContext): string {
  return Array.from({ length: 14 }, () => idAlphabet[context.rng.int(idAlphabet.length)]).join('');
}

function summary(stored: StoredTemplate): object {
  return {
    id: stored.id,
    arn: stored.arn,
    description: stored.template.description,
    creationTime: dateOf(stored.createdMs),
    lastUpdateTime: dateOf(stored.updatedMs),
    tags: Object.fromEntries(stored.tags),
  };
}

function described(stored: StoredTemplate): object {
  const { template } = stored;
  return {
    ...summary(stored),
    targets: template.targets,
    actions: template.actions,
    stopConditions: template.stopConditions,
    roleArn: template.roleArn,
    experimentOptions: template.experimentOptions,
    targetAccountConfigurationsCount: 0,
    ...(template.logConfiguration === undefined ? {} : { logConfiguration: template.logConfiguration }),
  };
}
