/** Maximum bytes of request bodies in memory, for the process. */
const maxBodyBytes = 64 * 1024 * 1024;

/** Limits the requests in progress, and the bytes of their bodies, for the process. */
export class Places {
  readonly #maxRequests: number;
  #requests = 0;
  #bytes = 0;

  constructor(maxRequests: number) {
    this.#maxRequests = maxRequests;
  }

  /** Requests in progress. */
  get requests(): number {
    return this.#requests;
  }

  /** Reserved bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a place for a request. Undefined if none is free. */
  take(): Place | undefined {
    if (this.#requests >= this.#maxRequests) return undefined;
    this.#requests += 1;
    return new Place(this);
  }

  /** Called by a place, once. */
  free(bytes: number): void {
    this.#requests -= 1;
    this.#bytes -= bytes;
  }

  /** Reserves bytes, also for what is no request yet. Returns false if there is no room. A negative number frees them. */
  reserve(bytes: number): boolean {
    if (bytes > 0 && this.#bytes + bytes > maxBodyBytes) return false;
    this.#bytes += bytes;
    return true;
  }
}

/** The place of one request, which holds it. A table of all requests would keep finished ones in memory (docs/decisions/0012). */
export class Place {
  readonly #places: Places;
  #bytes = 0;
  #isTaken = true;

  constructor(places: Places) {
    this.#places = places;
  }

  /** Reserves more bytes for the body of the request, until `giveBack`. Returns false if there is no room. */
  hold(bytes: number): boolean {
    if (!this.#isTaken || !this.#places.reserve(bytes)) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Frees the place and its bytes. A second call does nothing: a stream gives its place back before it ends. */
  giveBack(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    this.#places.free(this.#bytes);
  }
}
