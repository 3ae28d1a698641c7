import { describe, expect, it } from 'vitest';
import { billedDurationMs, gigabyteSeconds } from './billing.ts';
import { CpuEstimate, cpuFactor, extraCpuMs } from './cpu.ts';

describe('CPU as memory buys it', () => {
  it('is one vCPU at 1,769 MB and no faster above', () => {
    expect(cpuFactor(128, 1769)).toBeCloseTo(13.82, 2);
    expect(cpuFactor(1769, 1769)).toBe(1);
    expect(cpuFactor(10_240, 1769)).toBe(1);
  });

  it('holds a reply back by what is missing, never the other way', () => {
    expect(extraCpuMs(2, 884.5, 1769, 1)).toBe(2);
    expect(extraCpuMs(2, 1769, 1769, 1.5)).toBe(1);
    expect(extraCpuMs(2, 3008, 1769, 0.5)).toBe(0);
  });

  it('is learnt as a mean that follows', () => {
    const cpu = new CpuEstimate();
    expect(cpu.meanMs).toBe(0);
    cpu.add(3);
    cpu.add(1);
    expect(cpu.meanMs).toBe(2);
    for (let i = 0; i < 500; i++) cpu.add(10);
    expect(cpu.meanMs).toBeCloseTo(10, 3);
  });
});

describe('billing', () => {
  it('rounds up to the millisecond, init included', () => {
    expect(billedDurationMs(2.01, 0)).toBe(3);
    expect(billedDurationMs(2.5, 130.6)).toBe(134);
    expect(gigabyteSeconds(512, 200)).toBe(0.1);
  });
});
