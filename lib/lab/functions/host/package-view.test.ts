import { describe, expect, it } from 'vitest';
import { packageView } from './package-view.ts';

class Client {}

function realPackage(): Record<string, unknown> {
  const exports: Record<string, unknown> = { Client, GetCommand: class GetCommand {}, version: 3 };
  return Object.defineProperty(exports, '__esModule', { value: true });
}

describe('A package as an environment sees it', () => {
  it('has the exports of the real one, its own in their place, made once and when asked for', () => {
    let made = 0;
    const real = realPackage();
    const view = packageView(real, new Map([['Client', () => ({ made: ++made })]]));
    expect(made).toBe(0);
    expect(view['GetCommand']).toBe(real['GetCommand']);
    expect([view['Client'], view['Client']]).toEqual([{ made: 1 }, { made: 1 }]);
    expect(Object.keys(view)).toEqual(Object.keys(real));
    expect(Object.getOwnPropertyNames(view)).toContain('__esModule');
    expect({ ...view }).toEqual({ ...real, Client: { made: 1 } });
    expect(['version' in view, 'missing' in view]).toEqual([true, false]);
  });

  it('can be patched without another seeing it', () => {
    const real = realPackage();
    const own = new Map([['Client', () => 'wrapped']]);
    const [patched, other] = [packageView(real, own), packageView(real, own)];
    patched['version'] = 4;
    delete patched['GetCommand'];
    Object.defineProperty(patched, 'added', { get: () => 'yes', enumerable: true });
    expect([patched['version'], 'GetCommand' in patched, patched['added'], patched['Client']]).toEqual([4, false, 'yes', 'wrapped']);
    expect(Object.keys(patched)).toEqual(['Client', 'version', 'added']);
    expect([other['version'], 'GetCommand' in other, 'added' in other, real['version']]).toEqual([3, true, false, 3]);
  });
});
