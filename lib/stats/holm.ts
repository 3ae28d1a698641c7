/**
 * P-values of several objectives, corrected so that the chance of finding any change where there is none stays at the significance that each is then held
 * against, whatever the dependence between them (Holm, "A simple sequentially rejective multiple test procedure", 1979): the i-th smallest of m is
 * multiplied by m - i + 1, and none is smaller than one before it. In the order given.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  const corrected = pValues.slice();
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues[index] ?? 1) * (pValues.length - rank)));
    corrected[index] = largest;
  });
  return corrected;
}
