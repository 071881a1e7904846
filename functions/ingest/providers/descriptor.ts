import type { z } from 'zod';
import { INTERVALS, type Interval } from '../../shared/constants.ts';
import type { Policy } from './policy.ts';
import type { FileProvider, Listing, Provider } from './provider.ts';

/** An environment variable that a provider reads. */
export interface Variable {
  /**
   * A secret's id, which lets Fetch read that secret; an origin in place of the vendor's own; a file's path; or how to
   * read the file.
   */
  readonly holds: 'secret' | 'origin' | 'file' | 'file-format';
  readonly isRequired: boolean;
  /** The form of the value. Its message completes `NAME is "value": `. */
  readonly schema: z.ZodType<string>;
  /** A noun phrase for --help and docs/providers.md: `the key for Stooq`. */
  readonly purpose: string;
}

/** The variables of a provider, by name. */
export type Variables = Readonly<Record<string, Variable>>;

/** The values of some variables: only those that are not required may be missing. */
export type Values<V extends Variables> = {
  readonly [K in keyof V]: V[K]['isRequired'] extends true ? string : string | undefined;
};

/** The requests that a provider can answer. Everything else is refused before a request is sent. */
export interface Capabilities {
  readonly intervals: readonly Interval[];
  /** Whether it reports splits and dividends. */
  readonly actions: boolean;
  /** The fields of its descriptions, without those that only explain others; empty where it describes no instrument. */
  readonly listing: readonly Exclude<keyof Listing, 'symbol' | 'currency'>[];
  /** Symbols that one request may name. Above 1, the client has `fetchMany`. */
  readonly symbolsPerRequest: number;
}

/** How a vendor writes symbols. Both directions give undefined where the other side has no such symbol. */
export interface SymbolMapping {
  toVendor(symbol: string): string | undefined;
  fromVendor(code: string): string | undefined;
}

/** The part that files and vendors share. */
interface CommonDescriptor<N extends string, V extends Variables> {
  /** As in PROVIDER and --provider, and as the database stores the source of a bar. */
  readonly name: N;
  /** As messages and documents write it. */
  readonly title: string;
  readonly capabilities: Capabilities;
  readonly variables: V;
}

/** A file of bars. */
export interface FileDescriptor<N extends string = string, V extends Variables = Variables>
  extends CommonDescriptor<N, V> {
  readonly kind: 'file';
  open(values: Values<V>): Promise<FileProvider>;
}

/** A vendor that is reached over the network. */
export interface VendorDescriptor<N extends string = string, V extends Variables = Variables>
  extends CommonDescriptor<N, V> {
  readonly kind: 'vendor';
  readonly policy: Policy;
  readonly symbols: SymbolMapping;
  /**
   * Whether the client keeps the policy itself, with `guardRequests`: one of its answers may need several requests, or
   * none.
   */
  readonly pacesRequests?: boolean;
  /**
   * Opens a client that sends each request once: `openProvider` adds pace, retries and the breaker, unless the client
   * has them. It imports the client lazily, so that importing the registry loads no vendor's library.
   */
  open(values: Values<V>, policy: Policy): Promise<Provider>;
}

export type Descriptor<N extends string = string> = FileDescriptor<N> | VendorDescriptor<N>;

/** The providers that there are to choose from. */
export type Registry = readonly Descriptor[];

/** Checks the descriptor of a file against its own variables. */
export const defineFile = <const N extends string, const V extends Variables>(
  descriptor: FileDescriptor<N, V>,
): FileDescriptor<N, V> => descriptor;

/** Checks the descriptor of a vendor against its own variables. */
export const defineVendor = <const N extends string, const V extends Variables>(
  descriptor: VendorDescriptor<N, V>,
): VendorDescriptor<N, V> => descriptor;

/** The vendors among some providers. */
export function vendorsOf(registry: Registry): VendorDescriptor[] {
  return registry.filter((descriptor) => descriptor.kind === 'vendor');
}

/** The intervals that at least one of some providers has. */
export function intervalsOf(descriptors: Registry): Interval[] {
  return INTERVALS.filter((interval) =>
    descriptors.some(({ capabilities }) => capabilities.intervals.includes(interval)),
  );
}

/** How many instruments a vendor serves in an hour and a day, at one request each. */
export interface Allowance {
  /** The value of PROVIDER. */
  readonly provider: string;
  readonly title: string;
  readonly requestsPerHour: number;
  readonly requestsPerDay?: number;
}

/**
 * The allowance that bounds the instruments of a run: that of its only vendor, if it has one. With several vendors, the
 * others serve the rest.
 */
export function allowanceOf(chosen: Registry): Allowance | undefined {
  const [vendor] = chosen;
  if (chosen.length !== 1 || vendor?.kind !== 'vendor') return undefined;
  const { requestsPerHour, requestsPerDay } = vendor.policy;
  if (requestsPerHour === undefined || vendor.capabilities.symbolsPerRequest > 1) return undefined;
  return {
    provider: vendor.name,
    title: vendor.title,
    requestsPerHour,
    ...(requestsPerDay !== undefined && { requestsPerDay }),
  };
}
