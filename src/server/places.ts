/** Bytes of request bodies that the process holds at once. */
const maxBodyBytes = 64 * 1024 * 1024;

/** What requests under way take of the process: each a place, and the bytes of its body. Both are bounded. */
export class Places {
  readonly #maxRequests: number;
  /** The bytes of each request's body, by what stands for the request: its response, or its operation on a WebSocket. */
  readonly #taken = new Map<object, number>();
  #bytes = 0;

  constructor(maxRequests: number) {
    this.#maxRequests = maxRequests;
  }

  /** Requests under way. */
  get requests(): number {
    return this.#taken.size;
  }

  /** Bytes of their bodies. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether there was a place for one more request. It takes it until it gives it back. */
  take(request: object): boolean {
    if (this.#taken.size >= this.#maxRequests) return false;
    this.#taken.set(request, 0);
    return true;
  }

  /** Whether there was room for so many more bytes of this request's body. */
  hold(request: object, bytes: number): boolean {
    if (!this.reserve(bytes)) return false;
    this.#taken.set(request, (this.#taken.get(request) ?? 0) + bytes);
    return true;
  }

  /** Whether there was room for so many more bytes that are no request yet. They are freed by a negative number. */
  reserve(bytes: number): boolean {
    if (bytes > 0 && this.#bytes + bytes > maxBodyBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Frees what a request has taken. A second time does nothing: a stream gives it back before it has ended. */
  giveBack(request: object): void {
    this.#bytes -= this.#taken.get(request) ?? 0;
    this.#taken.delete(request);
  }
}
