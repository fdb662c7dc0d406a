/** Requests of one caller. */
interface Tally {
  requests: number;
  ill: number;
}

interface Bucket {
  readonly begunAt: number;
  readonly tallies: Map<string, Tally>;
}

export const windowMs = 5000;
const bucketMs = 500;
const minRequests = 20;
const minIllShare = 0.5;
/** Tolerance for rounding errors of the running sum. */
const rounding = 1e-9;
/** Limits the memory. Further callers are not counted. */
const maxCallers = 10_000;

/** The failure rate of each caller's requests in the last 5 s. */
export class FailureWindow {
  #buckets: Bucket[] = [];
  readonly #callers = new Map<string, Tally>();
  #requests = 0;
  /** The sum of the callers' failure rates. */
  #shares = 0;
  #illCallers = 0;

  /**
   * Whether the callers' failure rates are at least 50 % on average, over at least 20 requests. Each caller counts once. If there are
   * several callers and only one fails, it is false: the upstream serves the others.
   */
  isIll(now: number): boolean {
    this.#forgetOld(now);
    const callers = this.#callers.size;
    return (
      this.#requests >= minRequests &&
      this.#shares >= callers * minIllShare - rounding &&
      (callers === 1 || this.#illCallers > 1)
    );
  }

  /** Callers with at least one failed request. */
  illCallers(): readonly string[] {
    return [...this.#callers].filter(([, { ill }]) => ill > 0).map(([key]) => key);
  }

  /** @param requests 0 registers a caller without counting a request. */
  add(key: string, { requests, ill }: Readonly<Tally>, now: number): void {
    this.#forgetOld(now);
    let all = this.#callers.get(key);
    if (!all) {
      if (this.#callers.size >= maxCallers) return;
      this.#callers.set(key, (all = { requests: 0, ill: 0 }));
    }
    let newest = this.#buckets.at(-1);
    if (!newest || now - newest.begunAt >= bucketMs)
      this.#buckets.push((newest = { begunAt: now, tallies: new Map() }));
    let tally = newest.tallies.get(key);
    if (!tally) newest.tallies.set(key, (tally = { requests: 0, ill: 0 }));
    tally.requests += requests;
    tally.ill += ill;
    this.#change(all, requests, ill);
  }

  clear(): void {
    this.#buckets = [];
    this.#callers.clear();
    this.#requests = this.#shares = this.#illCallers = 0;
  }

  #forgetOld(now: number): void {
    for (
      let oldest = this.#buckets[0];
      oldest && now - oldest.begunAt >= windowMs;
      oldest = this.#buckets[0]
    ) {
      this.#buckets.shift();
      for (const [key, { requests, ill }] of oldest.tallies) {
        const all = this.#callers.get(key);
        if (all) this.#change(all, -requests, -ill);
        if (!this.#buckets.some(({ tallies }) => tallies.has(key))) this.#callers.delete(key);
      }
    }
  }

  #change(all: Tally, requests: number, ill: number): void {
    this.#shares -= shareOf(all);
    if (all.ill > 0) this.#illCallers -= 1;
    all.requests += requests;
    all.ill += ill;
    this.#requests += requests;
    this.#shares += shareOf(all);
    if (all.ill > 0) this.#illCallers += 1;
  }
}

const shareOf = ({ requests, ill }: Tally) => (requests === 0 ? 0 : ill / requests);
