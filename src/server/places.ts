import type { ServerResponse } from 'node:http';

/** Bytes of request bodies that the process holds at once. */
const maxBodyBytes = 64 * 1024 * 1024;

/** What requests under way take of the process: each a place, and the bytes of its body. Both are bounded. */
export class Places {
  readonly #maxRequests: number;
  /** The bytes of each request's body, by its response. */
  readonly #taken = new Map<ServerResponse, number>();
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
  take(response: ServerResponse): boolean {
    if (this.#taken.size >= this.#maxRequests) return false;
    this.#taken.set(response, 0);
    return true;
  }

  /** Whether there was room for so many more bytes of this request's body. */
  hold(response: ServerResponse, bytes: number): boolean {
    const held = this.#taken.get(response) ?? 0;
    if (this.#bytes + bytes > maxBodyBytes) return false;
    this.#bytes += bytes;
    this.#taken.set(response, held + bytes);
    return true;
  }

  /** Frees what a request has taken. A second time does nothing: a stream gives it back before it has ended. */
  giveBack(response: ServerResponse): void {
    this.#bytes -= this.#taken.get(response) ?? 0;
    this.#taken.delete(response);
  }
}
