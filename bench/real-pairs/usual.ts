import { release } from './exercise.ts';

export default release('./usual.yaml');
