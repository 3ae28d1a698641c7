export type { ParameterValue } from './parameters.ts';
export { referencesIn } from './references.ts';
export { defaultStackName, type StackSource } from './source.ts';
export { planStack, type StackPlan } from './stack-plan.ts';
export { checkSupported } from './support.ts';
export { parseTemplate, readTemplate } from './template.ts';
export { templateError } from './template-error.ts';
export type { Template, TemplateResource } from './types.ts';
