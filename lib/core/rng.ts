import { randomBytes } from 'node:crypto';

/** Seeded randomness; two generators of one seed give the same sequence. */
export interface Rng {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, belowExclusive). */
  int(belowExclusive: number): number;
  /** A generator of its own, decided by this one's seed and the label alone: adding a consumer elsewhere does not shift it. */
  fork(label: string): Rng;
  /** A version-4 UUID. */
  uuid(): string;
  /** `digits` lower-case hexadecimal digits. */
  hex(digits: number): string;
}

/** A fresh seed from the operating system, for runs that name none; it is recorded. */
export function randomSeed(): string {
  return randomBytes(8).toString('hex');
}

/** Generator sfc32 (Chris Doty-Humphrey, PractRand), seeded from any text by the cyrb128 hash. */
export function seededRng(seed: string): Rng {
  let [a, b, c, d] = hash128(seed);
  const uint32 = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) uint32();
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits) text += eightDigits(uint32());
    return text.length === digits ? text : text.slice(0, digits);
  };
  return {
    next: () => uint32() / 4_294_967_296,
    int: (belowExclusive) => Math.floor((uint32() / 4_294_967_296) * belowExclusive),
    fork: (label) => seededRng(`${seed}/${label}`),
    hex,
    uuid: () => {
      const [first, second, third, last] = [uint32(), uint32(), uint32(), uint32()];
      const versioned = (second & 0xffff0fff) | 0x4000;
      const variant = (third & 0x3fffffff) | 0x80000000;
      const words = `${pairOf(versioned >>> 24)}${pairOf(versioned >>> 16)}-${pairOf(versioned >>> 8)}${pairOf(versioned)}`;
      return `${eightDigits(first)}-${words}-${pairOf(variant >>> 24)}${pairOf(variant >>> 16)}-${pairOf(variant >>> 8)}${pairOf(variant)}${eightDigits(last)}`;
    },
  };
}

/** The two digits of each byte: ids are made at every call of the lab. */
const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function pairOf(word: number): string {
  return pairs[word & 255] as string;
}

function eightDigits(word: number): string {
  return pairOf(word >>> 24) + pairOf(word >>> 16) + pairOf(word >>> 8) + pairOf(word);
}

function hash128(text: string): [number, number, number, number] {
  let [h1, h2, h3, h4] = [1779033703, 3144134277, 1013904242, 2773480762];
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ k, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ k, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ k, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ k, 2716044179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179);
  h1 ^= h2 ^ h3 ^ h4;
  return [h1 | 0, (h2 ^ h1) | 0, (h3 ^ h1) | 0, (h4 ^ h1) | 0];
}
