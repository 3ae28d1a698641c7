export { noValue, resolveIntrinsics } from './intrinsics.ts';
export { Lines } from './lines.ts';
export type { ParameterDeclaration, ParameterValue } from './parameters.ts';
export { defaultStackName, type StackSource } from './source.ts';
export { planStack, type ResolvedResource, type StackPlan, type StackSetting } from './stack-plan.ts';
export { checkSupported, type SupportedType } from './support.ts';
export { parseTemplate, readTemplate } from './template.ts';
export { templateError } from './template-error.ts';
export type { Template, TemplateOutput, TemplateResource } from './types.ts';
