/**
 * How uncertain a sum over seconds is when the seconds are not independent.
 *
 * The sum of n dependent terms has about n times the *long-run* variance, the spectral density at frequency 0, and not the terms' own variance. It is
 * estimated by equally weighted cosines (Lazarus, Lewis, Stock & Watson, "HAR Inference: Recommendations for Practice", JBES 36, 2018):
 *
 *     L_j = sqrt(2/n) * sum_t e_t cos(pi j (t + 1/2) / n),   j = 1..K          variance of the sum = n * mean(L_j^2)
 *
 * The L_j are nearly independent and normal with the long-run variance, so that the estimate has K degrees of freedom and ratios to it follow Student's
 * law. The cosines are orthogonal to a constant: no mean needs to be taken off first.
 */

/**
 * How many cosines, that is degrees of freedom, a span of `seconds` gives: its cube root, 5 for two minutes and 10 for fifteen. Cosine j has a period of
 * 2n/j seconds, so that the shortest is 48 s long in two minutes and three minutes long in fifteen, and noise with a memory well below that looks flat
 * to them. More would tell little more (Student's 97.5 % point is 2.09 at two times 10 degrees, 1.96 at infinity) and be fooled by longer memories.
 */
export function degreesFor(seconds: number): number {
  return Math.ceil(Math.cbrt(seconds) - 1e-9);
}

/** The K cosines over n points, one after the other, each times sqrt(2/n). */
export function cosines(n: number, degrees: number): Float64Array {
  const table = new Float64Array(n * degrees);
  const scale = Math.sqrt(2 / n);
  for (let j = 1; j <= degrees; j++) {
    for (let t = 0; t < n; t++) table[(j - 1) * n + t] = scale * Math.cos((Math.PI * j * (t + 0.5)) / n);
  }
  return table;
}

/** The variance of the sum of a series, with `table` from `cosines` over the series' length. */
export function varianceOfSum(series: Float64Array, table: Float64Array): number {
  const n = series.length;
  const degrees = table.length / n;
  let total = 0;
  for (let from = 0; from < table.length; from += n) {
    let sum = 0;
    for (let t = 0; t < n; t++) sum += (series[t] as number) * (table[from + t] as number);
    total += sum * sum;
  }
  return (n * total) / degrees;
}
