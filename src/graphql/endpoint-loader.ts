import DataLoader from 'dataloader';
import type { Answer } from '../upstream/answer/answer.ts';
import type { Endpoint } from '../upstream/endpoint.ts';
import { Batch } from './batch.ts';

/** Its `schedule` is called at the first load of a tick. It must make sure that `gather` is called after the last. */
export interface LoadScheduler {
  schedule(): void;
}

/** The loader of one operation for one endpoint. `gather` only counts: the operation begins the batches when all endpoints are counted. */
export class EndpointLoader {
  readonly endpoint: Endpoint;
  readonly #loader: DataLoader<string, Answer>;
  #dispatch: (() => void) | undefined;
  #batch: Batch<Answer> | undefined;

  constructor(endpoint: Endpoint, scheduler: LoadScheduler) {
    this.endpoint = endpoint;
    this.#loader = new DataLoader<string, Answer>((ids) => this.#take(ids), {
      batchScheduleFn: (dispatch) => {
        this.#dispatch = dispatch;
        scheduler.schedule();
      },
    });
  }

  load(id: string): Promise<Answer> {
    return this.#loader.load(id);
  }

  /** Makes a batch of the IDs that were loaded since the last one, and returns their number. */
  gather(): number {
    const dispatch = this.#dispatch;
    this.#dispatch = undefined;
    this.#batch = undefined;
    // DataLoader calls `#take` in here: later, the IDs would not be counted.
    dispatch?.();
    return this.batch?.ids.length ?? 0;
  }

  /** The batch of the last `gather`; undefined if there was no ID. */
  get batch(): Batch<Answer> | undefined {
    return this.#batch;
  }

  #take(ids: readonly string[]): Promise<readonly (Answer | Error)[]> {
    return new Promise((resolve) => {
      this.#batch = new Batch(this.endpoint, ids, resolve);
    });
  }
}
