/** The lower bound of the Wilson score interval: how large a share is at least, given `hits` of `calls`. */
export function wilsonLowerBound(hits: number, calls: number, zScore: number): number {
  const share = hits / calls;
  const z2 = zScore * zScore;
  const centre = share + z2 / (2 * calls);
  const margin = zScore * Math.sqrt((share * (1 - share) + z2 / (4 * calls)) / calls);
  return (centre - margin) / (1 + z2 / calls);
}
