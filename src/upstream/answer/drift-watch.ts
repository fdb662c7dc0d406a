import type { Emit } from '../../observe/events.ts';
import type { RawRecord } from '../contract.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Drift } from './drift.ts';

/** Limits memory and log if the upstream keeps sending new field names. The other kinds are limited by the number of fields in the contract. */
const maxNewFields = 32;

/** Checks each record: emits `drift` once for each deviation, and `driftSeen` for every record that has it. */
export function createDriftWatch(emit: Emit) {
  const told = new Set<string>();
  let newFields = 0;
  const tell = (endpoint: string, { kind, field }: Drift) => {
    const key = `${endpoint} ${kind} ${field}`;
    if (told.has(key)) return;
    if (kind === 'new') {
      if (newFields === maxNewFields) return;
      newFields += 1;
    }
    told.add(key);
    emit({ event: 'drift', endpoint, kind, field });
  };
  const see = (endpoint: string, { kind, field }: Drift) => {
    tell(endpoint, { kind, field });
    emit({ event: 'driftSeen', endpoint, kind, field });
  };
  return {
    /** For drift outside the record; `field` comes from a closed list. */
    tell: ({ name }: Endpoint, drift: Drift): void => see(name, drift),
    watch({ name: endpoint, driftOf }: Endpoint, record: RawRecord): void {
      const drift = driftOf(record);
      if (drift.length === 0) return;
      let hasNew = false;
      for (const { kind, field } of drift) {
        if (kind !== 'new') {
          see(endpoint, { kind, field });
          continue;
        }
        hasNew = true;
        // `driftSeen` never has the name of a new field, because it becomes a metric's label.
        tell(endpoint, { kind, field });
      }
      if (hasNew) emit({ event: 'driftSeen', endpoint, kind: 'new', field: undefined });
    },
  };
}
