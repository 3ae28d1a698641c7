import { defineExercise } from 'proofload';
import { withFault } from './checkout.ts';

export default defineExercise({ ...withFault(), name: 'test/throttle' });
