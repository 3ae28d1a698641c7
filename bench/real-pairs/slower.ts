import { release } from './exercise.ts';

export default release('./slower.yaml');
