/** Maximum bytes of request bodies in memory, for the process. */
const maxBodyBytes = 64 * 1024 * 1024;

/** Limits the requests in progress, and the bytes of their bodies, for the process. */
export class Places {
  readonly #maxRequests: number;
  /** The bytes of each request's body. The key stands for the request: its response, or its operation on a WebSocket. */
  readonly #taken = new Map<object, number>();
  #bytes = 0;

  constructor(maxRequests: number) {
    this.#maxRequests = maxRequests;
  }

  /** Requests in progress. */
  get requests(): number {
    return this.#taken.size;
  }

  /** Reserved bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a place for a request, until `giveBack`. Returns false if none is free. */
  take(request: object): boolean {
    if (this.#taken.size >= this.#maxRequests) return false;
    this.#taken.set(request, 0);
    return true;
  }

  /** Reserves more bytes for the body of a request that has a place, until `giveBack`. Returns false if there is no room. */
  hold(request: object, bytes: number): boolean {
    if (!this.reserve(bytes)) return false;
    this.#taken.set(request, (this.#taken.get(request) ?? 0) + bytes);
    return true;
  }

  /** Reserves bytes that belong to no request yet. Returns false if there is no room. A negative number frees them. */
  reserve(bytes: number): boolean {
    if (bytes > 0 && this.#bytes + bytes > maxBodyBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Frees the place and the bytes of a request. A second call does nothing: a stream gives its place back before it ends. */
  giveBack(request: object): void {
    this.#bytes -= this.#taken.get(request) ?? 0;
    this.#taken.delete(request);
  }
}
