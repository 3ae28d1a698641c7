import { defineExercise } from 'proofload';
import { withFault } from './checkout.ts';

export default defineExercise({ ...withFault('../faults/no-restore.yaml'), name: 'test/no-restore' });
