/**
 * Tails and quantiles of the laws that the tests refer to. Accurate to about 1e-12 (the tests hold them to SciPy's figures), by the incomplete
 * gamma and beta functions: series and continued fractions of Abramowitz & Stegun 6.5 and 26.5, evaluated by Lentz's method.
 */

/** Coefficients of Lanczos' approximation with g = 7. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
  9.9843695780195716e-6, 1.5056327351493116e-7,
];

function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  const sum = lanczos.reduce((total, coefficient, i) => (i === 0 ? coefficient : total + coefficient / (x - 1 + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** b0 + a1/(b1 + a2/(b2 + ...)) by the modified method of Lentz; `step(i)` gives [ai, bi]. */
function continuedFraction(b0: number, step: (i: number) => [number, number]): number {
  const tiny = 1e-300;
  let f = b0 || tiny;
  let [c, d] = [f, 0];
  for (let i = 1; i <= 10_000; i++) {
    const [a, b] = step(i);
    d = 1 / (b + a * d || tiny);
    c = b + a / c || tiny;
    f *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return f;
}

/** Q(a, x) = Gamma(a, x) / Gamma(a): the upper tail of the gamma law. */
function gammaUpperTail(a: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x >= a + 1) return scale / continuedFraction(x + 1 - a, (i) => [-i * (i - a), x + 2 * i + 1 - a]);
  let [term, sum] = [1 / a, 1 / a];
  for (let i = 1; term > sum * 1e-17; i++) {
    term *= x / (a + i);
    sum += term;
  }
  return 1 - scale * sum;
}

/** I_x(a, b): the beta law's distribution function. */
function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
  const scale = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const fraction = continuedFraction(1, (i) => {
    const m = Math.floor(i / 2);
    const numerator = i % 2 === 0 ? m * (b - m) : -(a + m) * (a + b + m);
    return [(numerator * x) / ((a + i - 1) * (a + i)), 1];
  });
  return scale / fraction;
}

/** P(Z > z) of the standard normal law. */
export function normalUpperTail(z: number): number {
  const tail = 0.5 * gammaUpperTail(0.5, (z * z) / 2);
  return z >= 0 ? tail : 1 - tail;
}

/** P(T > t) of Student's law; `degrees` may be broken and may be infinite. */
export function studentUpperTail(t: number, degrees: number): number {
  if (degrees === Number.POSITIVE_INFINITY) return normalUpperTail(t);
  if (!Number.isFinite(t)) return t > 0 ? 0 : 1;
  const tail = 0.5 * betaCdf(degrees / (degrees + t * t), degrees / 2, 0.5);
  return t >= 0 ? tail : 1 - tail;
}

/** P(X <= k) of the binomial law of n draws with chance p. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : betaCdf(1 - p, n - k, k + 1);
}

/** The p-quantile of the standard normal law. */
export function normalQuantile(p: number): number {
  return p < 0.5 ? -quantileByTail(1 - p, normalUpperTail) : quantileByTail(p, normalUpperTail);
}

/** The p-quantile of Student's law. */
export function studentQuantile(p: number, degrees: number): number {
  const tail = (t: number): number => studentUpperTail(t, degrees);
  return p < 0.5 ? -quantileByTail(1 - p, tail) : quantileByTail(p, tail);
}

/** The p-quantile of the chi-square law. */
export function chiSquareQuantile(p: number, degrees: number): number {
  return quantileByTail(p, (x) => gammaUpperTail(degrees / 2, x / 2));
}

/** The x >= 0 whose upper tail is 1 - p, by bisection. */
function quantileByTail(p: number, upperTail: (x: number) => number): number {
  if (p >= 1) return Number.POSITIVE_INFINITY;
  let [low, high] = [0, 1];
  while (upperTail(high) > 1 - p) high *= 2;
  for (let i = 0; i < 80 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2;
    if (upperTail(middle) > 1 - p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
