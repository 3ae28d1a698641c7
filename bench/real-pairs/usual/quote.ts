import { quoteAfter } from '../quote.ts';

export const handler = () => quoteAfter(150);
