import { startRaisedLab } from '../raised-lab.ts';

/** A child process that serves an empty lab with Step Functions' rates raised. Prints its port. */
const lab = await startRaisedLab((quota) => /^states\..*-(refill|bucket)$/.test(quota), 1e9);
console.log(new URL(lab.endpoint).port);
