import { defineExercise } from 'proofload';
import { fastCheckout } from './checkout.ts';

export default defineExercise({ ...fastCheckout, name: 'test/no-fault' });
