import { describe, expect, it } from 'vitest';
import { IdleEnvironments } from './environments.ts';

const any = (): boolean => true;

describe('idle environments', () => {
  it('are reused most recently used first, and reclaimed once idle for the lifetime', () => {
    const idle = new IdleEnvironments<string>(600_000);
    idle.put('old', 0);
    idle.put('young', 100);
    expect(idle.take(200, any)).toBe('young');
    idle.put('young', 300);
    expect(idle.reap(600_000)).toEqual(['old']);
    expect(idle.take(600_300, any)).toBeUndefined();
    expect(idle.reap(600_300)).toEqual(['young']);
    expect(idle.size).toBe(0);
  });

  it('passes over what cannot be used now', () => {
    const idle = new IdleEnvironments<string>(600_000);
    for (const each of ['a', 'b', 'c']) idle.put(each, 0);
    expect(idle.take(1, (each) => each !== 'c')).toBe('b');
    expect(idle.drain((each) => each === 'a')).toEqual(['a']);
    expect(idle.take(1, any)).toBe('c');
  });
});
