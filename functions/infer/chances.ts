/** The two chances that make up the probabilities of SELL, HOLD and BUY. */
export interface TwoChances {
  /** Chance of SELL or BUY: of clearly lagging or beating the average stock. */
  largeMove: number;
  /** Chance of BUY rather than SELL, given one of them; one half if neither can happen. */
  up: number;
}

/** Takes the probabilities apart: a call's size and its direction. */
export function chancesOf({ SELL, BUY }: { SELL: number; BUY: number }): TwoChances {
  const largeMove = SELL + BUY;
  return { largeMove, up: largeMove > 0 ? BUY / largeMove : 0.5 };
}
