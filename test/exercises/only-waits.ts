import { defineExercise } from 'proofload';
import { withFault } from './checkout.ts';

export default defineExercise({ ...withFault('../faults/only-waits.yaml'), name: 'test/only-waits' });
