/** Where a function's code appears to lie, as on Lambda. */
export const taskRoot = '/var/task';
