/** A market on a loopback address that speaks Yahoo's and Stooq's formats, and makes faults on request. */
export { type BarsFileMarketOptions, marketFromBarsFile } from './bars-file-market.ts';
export { FAST_TIMING, type Timing } from './delivery.ts';
export { drawFault, type RandomFaults, TRANSIENT_KINDS } from './fault-draw.ts';
export { FaultPlan, type FaultRule } from './fault-plan.ts';
export {
  type DataFault,
  type Endpoint,
  type Expectation,
  FAULT_KINDS,
  FAULTS,
  type Fault,
  type FaultInfo,
  type FaultKind,
  type TransportFault,
} from './faults.ts';
export { type Instrument, stooqSymbol, type TradedBar } from './instrument.ts';
export { type Instant, Market, type MarketOptions } from './market.ts';
export { hash, type Random, random } from './random.ts';
export {
  type AppliedFault,
  type MarketServer,
  type MarketServerOptions,
  type RequestRecord,
  startMarket,
} from './server.ts';
export { type SyntheticOptions, syntheticMarket } from './synthetic.ts';
export { type Exchange, LONDON, NASDAQ, NYSE, sessionOf, TOKYO } from './trading-hours.ts';
