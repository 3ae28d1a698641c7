import { startSagaLab } from './lab.ts';
import { profileThreads } from './profile.ts';

/**
 * A child process that serves the saga. Prints one line of JSON: endpoint, url, folder and names. Then answers lines on its input: `profile` starts a
 * CPU profile of all of its threads, `report` ends it and prints where they were; `stop` ends the lab.
 */
const saga = await startSagaLab(1);
const { lab, folder, names } = saga;
console.log(JSON.stringify({ endpoint: lab.endpoint, url: Object.values(lab.frontDoors())[0], folder, names }));

let report: (() => Promise<object>) | undefined;
process.stdin.on('data', async (data) => {
  const command = String(data).trim();
  if (command === 'profile') {
    report = await profileThreads();
    console.log('{}');
  } else if (command === 'report') console.log(JSON.stringify(await report?.()));
  else {
    await saga.stop();
    process.exit();
  }
});
