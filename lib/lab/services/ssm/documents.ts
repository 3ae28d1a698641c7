import { createHash } from 'node:crypto';
import type {
  CreateDocumentCommandInput,
  GetDocumentCommandInput,
  ListDocumentsCommandInput,
  UpdateDocumentCommandInput,
  UpdateDocumentDefaultVersionCommandInput,
} from '@aws-sdk/client-ssm';
import { parse, stringify } from 'yaml';
import { AwsError } from '../../../core/errors.ts';
import { dateOf } from '../../../core/time-format.ts';
import { parseDocument } from '../../../models/ssm/document.ts';
import type { AutomationDocument } from '../../../models/ssm/types.ts';
import type { LabContext, Operation } from '../../contract.ts';
import { pageOf } from '../paging.ts';
import { invalidDocument, invalidNextToken, notSupported, required, validation } from './errors.ts';
import { type Tags, tagList, tagMap } from './tags.ts';

type Format = 'YAML' | 'JSON';

export interface DocumentVersion {
  readonly version: number;
  readonly versionName: string | undefined;
  readonly content: string;
  readonly format: Format;
  readonly parsed: AutomationDocument;
  readonly createdMs: number;
}

interface StoredDocument {
  readonly name: string;
  readonly versions: DocumentVersion[];
  defaultVersion: number;
  readonly tags: Tags;
}

/** Automation documents with their versions. */
export interface DocumentStore {
  readonly operations: Readonly<Record<string, Operation>>;
  find(name: string): StoredDocument | undefined;
  /** The version by its number, `$LATEST`, `$DEFAULT` or, when absent, the default one. */
  version(document: StoredDocument, version: string | undefined): DocumentVersion | undefined;
  create(input: CreateDocumentCommandInput): StoredDocument;
  remove(name: string): void;
}

export function createDocumentStore(context: LabContext): DocumentStore {
  const documents = new Map<string, StoredDocument>();
  const find = (name: string): StoredDocument | undefined => documents.get(bareName(name));
  const create = (input: CreateDocumentCommandInput): StoredDocument => {
    const document = newDocument(context, documents, input);
    documents.set(document.name, document);
    return document;
  };
  const remove = (name: string): void => {
    if (!documents.delete(bareName(name))) throw invalidDocument(name);
  };
  const get = (name: string | undefined): StoredDocument => {
    const document = find(required(name, 'name'));
    if (!document) throw invalidDocument(name ?? '');
    return document;
  };
  const operations: Record<string, Operation> = {
    CreateDocument: { act: (input: CreateDocumentCommandInput) => described(create(input), '$LATEST', context, 'DocumentDescription') },
    UpdateDocument: { act: (input: UpdateDocumentCommandInput) => updated(context, get(input.Name), input) },
    UpdateDocumentDefaultVersion: { act: (input: UpdateDocumentDefaultVersionCommandInput) => withDefault(get(input.Name), input) },
    GetDocument: { act: (input: GetDocumentCommandInput) => content(get(input.Name), input) },
    DescribeDocument: {
      act: (input: { Name?: string; DocumentVersion?: string }) => described(get(input.Name), input.DocumentVersion, context, 'Document'),
    },
    DeleteDocument: {
      act: (input: { Name?: string }) => {
        remove(required(input.Name, 'name'));
        return {};
      },
    },
    ListDocuments: { act: (input: ListDocumentsCommandInput) => listed([...documents.values()], input, context) },
  };
  return { find, create, remove, version: versionOf, operations };
}

/** An ARN's document name, or the name itself. */
function bareName(nameOrArn: string): string {
  return /^arn:[^:]+:ssm:[^:]*:[^:]*:(?:document|automation-definition)\/([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

function versionOf(document: StoredDocument, version: string | undefined): DocumentVersion | undefined {
  if (version === '$LATEST') return document.versions.at(-1);
  const wanted = version === undefined || version === '$DEFAULT' ? document.defaultVersion : Number(version);
  return document.versions.find((each) => each.version === wanted);
}

function existingVersion(document: StoredDocument, version: string | undefined): DocumentVersion {
  const found = versionOf(document, version);
  if (!found) throw new AwsError('InvalidDocumentVersion', `The document ${document.name} has no version ${version}.`);
  return found;
}

function newDocument(context: LabContext, documents: ReadonlyMap<string, StoredDocument>, input: CreateDocumentCommandInput): StoredDocument {
  const name = required(input.Name, 'name');
  const limit = context.quotas.number('ssm.documents');
  if (!/^[a-zA-Z0-9_\-.]{3,128}$/.test(name)) throw validation(`The document name ${name} must have 3 to 128 letters, digits and _-.`);
  if (/^(aws|amazon|amzn)/i.test(name)) throw validation(`The document name ${name} begins with a reserved prefix.`);
  if (input.DocumentType !== 'Automation') throw notSupported(`A document of the type ${input.DocumentType ?? 'Command'}`);
  if (input.Attachments?.length || input.Requires?.length) throw notSupported('A document with attachments or requirements');
  if (documents.has(name)) throw new AwsError('DocumentAlreadyExists', `Document with same name ${name} already exists`);
  if (documents.size >= limit) throw new AwsError('DocumentLimitExceeded', `An account can have at most ${limit} documents in a Region.`);
  const first = newVersion(context, 1, required(input.Content, 'content'), input.DocumentFormat, input.VersionName);
  return { name, versions: [first], defaultVersion: 1, tags: tagMap(input.Tags) };
}

function newVersion(context: LabContext, version: number, text: string, format: string = 'JSON', versionName?: string): DocumentVersion {
  if (format !== 'JSON' && format !== 'YAML') throw notSupported(`The document format ${format}`);
  const maxBytes = context.quotas.number('ssm.document-size');
  if (Buffer.byteLength(text) > maxBytes) throw new AwsError('MaxDocumentSizeExceeded', `A document can have at most ${maxBytes} bytes.`);
  const parsed = parseDocument(text, format, { sleepMaxSec: context.quotas.number('ssm.sleep-max') });
  return { version, versionName, content: text, format, parsed, createdMs: context.clock.now() };
}

function updated(context: LabContext, document: StoredDocument, input: UpdateDocumentCommandInput): object {
  const latest = document.versions.at(-1);
  const text = required(input.Content, 'content');
  if (latest?.content === text)
    throw new AwsError(
      'DuplicateDocumentContent',
      'The content of the association document matches another document. Change the content of the document and try again.',
    );
  const limit = context.quotas.number('ssm.document-versions');
  if (document.versions.length >= limit) throw new AwsError('DocumentVersionLimitExceeded', `A document can have at most ${limit} versions.`);
  document.versions.push(newVersion(context, (latest?.version ?? 0) + 1, text, input.DocumentFormat ?? latest?.format, input.VersionName));
  return described(document, '$LATEST', context, 'DocumentDescription');
}

function withDefault(document: StoredDocument, input: UpdateDocumentDefaultVersionCommandInput): object {
  const { version } = existingVersion(document, required(input.DocumentVersion, 'documentVersion'));
  document.defaultVersion = version;
  return { Description: { Name: document.name, DefaultVersion: String(version) } };
}

function content(document: StoredDocument, input: GetDocumentCommandInput): object {
  const version = existingVersion(document, input.DocumentVersion);
  const format = (input.DocumentFormat ?? version.format) as Format;
  const text =
    format === version.format ? version.content : format === 'YAML' ? stringify(JSON.parse(version.content)) : JSON.stringify(parse(version.content));
  return {
    Name: document.name,
    DocumentVersion: String(version.version),
    VersionName: version.versionName,
    CreatedDate: dateOf(version.createdMs),
    Status: 'Active',
    Content: text,
    DocumentType: 'Automation',
    DocumentFormat: format,
  };
}

function described(document: StoredDocument, version: string | undefined, context: LabContext, member: 'Document' | 'DocumentDescription'): object {
  const chosen = existingVersion(document, version);
  const parameters = Object.entries(chosen.parsed.parameters).map(([Name, rule]) => ({
    Name,
    Type: rule.type,
    Description: rule.description,
    ...(rule.default === undefined ? {} : { DefaultValue: typeof rule.default === 'string' ? rule.default : JSON.stringify(rule.default) }),
  }));
  const description = {
    ...identifier(document, chosen, context),
    Hash: createHash('sha256').update(chosen.content).digest('hex'),
    HashType: 'Sha256',
    Status: 'Active',
    Description: chosen.parsed.description,
    Parameters: parameters,
    LatestVersion: String(document.versions.at(-1)?.version),
    DefaultVersion: String(document.defaultVersion),
  };
  return { [member]: description };
}

function identifier(document: StoredDocument, version: DocumentVersion, context: LabContext) {
  return {
    Name: document.name,
    CreatedDate: dateOf(version.createdMs),
    Owner: context.account,
    VersionName: version.versionName,
    PlatformTypes: ['Windows', 'Linux', 'MacOS'],
    DocumentVersion: String(version.version),
    DocumentType: 'Automation',
    SchemaVersion: '0.3',
    DocumentFormat: version.format,
    Tags: tagList(document.tags),
  };
}

function listed(documents: readonly StoredDocument[], input: ListDocumentsCommandInput, context: LabContext): object {
  const old = (input.DocumentFilterList ?? []).map((filter) => ({ Key: filter.key, Values: [filter.value ?? ''] }));
  const filters = [...(input.Filters ?? []), ...old];
  const matching = documents.filter((document) => filters.every(({ Key = '', Values = [] }) => passes(document, Key, Values)));
  const page = pageOf(matching, input.NextToken, input.MaxResults ?? 10);
  if (!page) throw invalidNextToken();
  const DocumentIdentifiers = page.items.map((document) => identifier(document, existingVersion(document, undefined), context));
  return { DocumentIdentifiers, ...(page.next ? { NextToken: page.next } : {}) };
}

function passes(document: StoredDocument, key: string, values: readonly string[]): boolean {
  if (key === 'Name') return values.some((value) => document.name.startsWith(value));
  if (key === 'Owner') return values.some((value) => ['Self', 'All', 'Private'].includes(value));
  if (key === 'DocumentType') return values.includes('Automation');
  if (key === 'PlatformTypes') return true;
  if (key.startsWith('tag:')) return values.includes(document.tags.get(key.slice('tag:'.length)) ?? '');
  throw new AwsError('InvalidFilterKey', `The filter key ${key} is not valid.`);
}
