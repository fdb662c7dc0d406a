import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCircuit } from '../../../src/upstream/calls/circuit.ts';
import { createCallers } from '../../../src/upstream/calls/callers.ts';
import { createTestClock } from '../../support/clock.ts';

function openCircuit() {
  const clock = createTestClock();
  const states: string[] = [];
  const callers = createCallers(clock);
  /** A caller whose token the upstream has accepted. */
  const acceptedCaller = (key: string) => {
    const caller = callers.find(key);
    callers.accept(caller);
    return caller;
  };
  const caller = acceptedCaller('caller');
  const circuit = createCircuit({
    clock,
    emit: (event) => {
      if (event.event === 'circuitChanged') states.push(event.state);
    },
  });
  /** Makes `times` requests; `ill` says whether they fail. */
  const settle = (ill: boolean | undefined, times = 1) => {
    for (let nth = 0; nth < times; nth++) circuit.ask(caller)?.settle(caller, ill);
  };
  return { clock, circuit, states, callers, acceptedCaller, caller, settle };
}

describe('a circuit breaker', () => {
  it.each([
    { ill: 19, well: 0, state: 'closed' },
    { ill: 20, well: 0, state: 'open' },
    { ill: 10, well: 10, state: 'open' },
    { ill: 9, well: 11, state: 'closed' },
    { ill: 49, well: 51, state: 'closed' },
    { ill: 50, well: 50, state: 'open' },
  ])('is $state after $well successful and $ill failed requests', ({ ill, well, state }) => {
    const { circuit, settle } = openCircuit();
    settle(false, well);
    settle(true, ill);
    expect(circuit.state).toBe(state);
  });

  it('forgets failures that are older than 5 s', () => {
    const { clock, circuit, settle } = openCircuit();
    settle(true, 19);
    clock.advance(5000);
    settle(true, 19);
    expect(circuit.state).toBe('closed');
    settle(true);
    expect(circuit.state).toBe('open');
  });

  it('opens within 5 s of the first failure, however the 20 failures are spread', () => {
    const { clock, circuit, settle } = openCircuit();
    for (let nth = 0; nth < 20; nth++) {
      settle(true);
      if (nth < 19) clock.advance(5000 / 20);
    }
    expect(circuit.state).toBe('open');
  });

  it('does not count outcomes that say nothing about the upstream', () => {
    const { circuit, settle } = openCircuit();
    settle(undefined, 1000);
    settle(true, 19);
    expect(circuit.state).toBe('closed');
    settle(true);
    expect(circuit.state).toBe('open');
  });

  it('opens once, however many requests from before fail after it has opened', () => {
    const { clock, circuit, states, caller } = openCircuit();
    const leaves = Array.from({ length: 100 }, () => circuit.ask(caller));
    for (const leave of leaves.slice(0, 20)) leave?.settle(caller, true);
    clock.advance(900);
    for (const leave of leaves.slice(20)) leave?.settle(caller, true);
    expect(states).toEqual(['open']);
    expect(circuit.untilTrialMs).toBe(100);
  });

  it('reports once that it opens and once that it closes, but no trials', () => {
    const { clock, settle, states } = openCircuit();
    settle(true, 20);
    for (let nth = 0; nth < 60; nth++) {
      clock.advance(1000);
      settle(true);
    }
    clock.advance(1000);
    settle(false);
    expect(states).toEqual(['open', 'closed']);
  });
});

describe('an open circuit breaker', () => {
  it('lets one request through per second, and all after one has succeeded', () => {
    const { clock, circuit, caller, settle } = openCircuit();
    settle(true, 20);
    expect(circuit.ask(caller)).toBeUndefined();
    clock.advance(999);
    expect(circuit.ask(caller)).toBeUndefined();
    clock.advance(1);
    const trial = circuit.ask(caller);
    expect(trial).toBeDefined();
    expect(circuit.state).toBe('half-open');
    expect(circuit.ask(caller)).toBeUndefined();
    trial?.settle(caller, true);
    expect(circuit.ask(caller)).toBeUndefined();
    clock.advance(1000);
    circuit.ask(caller)?.settle(caller, false);
    expect(circuit.state).toBe('closed');
    expect(circuit.ask(caller)).toBeDefined();
  });

  it('starts again without the failures from before', () => {
    const { clock, circuit, settle } = openCircuit();
    settle(true, 20);
    clock.advance(1000);
    settle(false);
    settle(true, 19);
    expect(circuit.state).toBe('closed');
  });

  it('allows another trial at once after one without a verdict', () => {
    const { clock, circuit, settle, caller } = openCircuit();
    settle(true, 20);
    clock.advance(1000);
    settle(undefined);
    expect(circuit.refuses(caller)).toBe(false);
    expect(circuit.ask(caller)).toBeDefined();
  });

  it('is not held open by a trial that stalls', () => {
    const { clock, circuit, settle, caller } = openCircuit();
    settle(true, 20);
    clock.advance(1000);
    const stalled = circuit.ask(caller);
    clock.advance(1000);
    circuit.ask(caller)?.settle(caller, false);
    expect(circuit.state).toBe('closed');
    stalled?.settle(caller, true);
    expect(circuit.state).toBe('closed');
  });

  it('lets no additional trial through when an older one ends late', () => {
    const { clock, circuit, settle, caller } = openCircuit();
    settle(true, 20);
    clock.advance(1000);
    const stalled = circuit.ask(caller);
    clock.advance(1000);
    const newest = circuit.ask(caller);
    for (const ill of [undefined, true]) {
      stalled?.settle(caller, ill);
      expect(circuit.state).toBe('half-open');
      expect(circuit.ask(caller)).toBeUndefined();
    }
    newest?.settle(caller, false);
    expect(circuit.state).toBe('closed');
  });

  it('also closes with an older trial that succeeds late, and reports it once', () => {
    const { clock, circuit, settle, states, caller } = openCircuit();
    settle(true, 20);
    clock.advance(1000);
    const stalled = circuit.ask(caller);
    clock.advance(1000);
    const newest = circuit.ask(caller);
    stalled?.settle(caller, false);
    expect(circuit.state).toBe('closed');
    newest?.settle(caller, false);
    expect(states).toEqual(['open', 'closed']);
  });

  it('ignores requests that were sent before it opened', () => {
    const { circuit, settle, caller } = openCircuit();
    const early = circuit.ask(caller);
    settle(true, 20);
    early?.settle(caller, false);
    expect(circuit.state).toBe('open');
  });
});

describe('whatever the outcomes of requests,', () => {
  it("the circuit breaker closes within 2 s of the upstream's recovery if requests come", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ ill: fc.option(fc.boolean(), { nil: undefined }), afterMs: fc.nat({ max: 1500 }) }),
          {
            maxLength: 200,
          },
        ),
        (requests) => {
          const { clock, circuit, caller } = openCircuit();
          for (const { ill, afterMs } of requests) {
            circuit.ask(caller)?.settle(caller, ill);
            clock.advance(afterMs);
          }
          for (let ms = 0; ms < 2000; ms += 50) {
            clock.advance(50);
            circuit.ask(caller)?.settle(caller, false);
          }
          expect(circuit.state).toBe('closed');
        },
      ),
    );
  });
});

describe('a circuit breaker with several callers', () => {
  /** A circuit breaker and a function that makes requests of each of these callers. */
  function openFor(names: readonly string[]) {
    const opened = openCircuit();
    const callers = names.map((name) => opened.acceptedCaller(name));
    const settleAll = (ill: boolean, times: number) => {
      for (let nth = 0; nth < times; nth++)
        for (const caller of callers) opened.circuit.ask(caller)?.settle(caller, ill);
    };
    return { ...opened, callers, settleAll };
  }
  const others = Array.from({ length: 5 }, (_, nth) => `other ${nth}`);

  it('is not opened by one of them, however many requests it sends', () => {
    const { circuit, settle, settleAll } = openFor(others);
    settleAll(false, 1);
    settle(true, 10_000);
    expect(circuit.state).toBe('closed');
  });

  it('is not opened by one of two', () => {
    const { circuit, settle, settleAll } = openFor(['other']);
    settleAll(false, 1);
    settle(true, 10_000);
    expect(circuit.state).toBe('closed');
    settleAll(true, 1);
    expect(circuit.state).toBe('open');
  });

  it.each([
    { ill: 1, well: 1, state: 'open' },
    { ill: 4, well: 5, state: 'closed' },
  ])('is $state if $ill of $well + $ill requests of each caller fail', ({ ill, well, state }) => {
    const { circuit, settleAll } = openFor(others);
    settleAll(false, well * 4);
    settleAll(true, ill * 4);
    expect(circuit.state).toBe(state);
  });

  it('is opened by unknown callers only if no accepted caller sends requests', () => {
    const { clock, circuit, callers, settle } = openCircuit();
    const askAsUnknown = () => {
      for (let nth = 0; nth < 30; nth++) {
        const unknown = callers.find(`made up ${nth}`);
        circuit.ask(unknown)?.settle(unknown, true);
      }
    };
    settle(false);
    askAsUnknown();
    expect(circuit.state).toBe('closed');
    clock.advance(5000);
    askAsUnknown();
    expect(circuit.state).toBe('open');
  });

  it('gives its trial to a caller without failures, if there is one', () => {
    const { clock, circuit, caller, acceptedCaller, settle } = openCircuit();
    settle(true, 20);
    const other = acceptedCaller('other');
    expect(circuit.ask(other)).toBeUndefined();
    clock.advance(1000);
    expect(circuit.ask(caller)).toBeUndefined();
    const trial = circuit.ask(other);
    expect(trial).toBeDefined();
    trial?.settle(other, false);
    // The circuit breaker has seen the other caller succeed, so the failures of one caller do not open it again.
    settle(true, 1000);
    expect(circuit.state).toBe('closed');
  });

  it('lets a caller with failures try half a second later, if no other caller comes', () => {
    const { clock, circuit, caller, acceptedCaller, settle } = openCircuit();
    settle(true, 20);
    circuit.ask(acceptedCaller('other'));
    clock.advance(1499);
    expect(circuit.ask(caller)).toBeUndefined();
    clock.advance(1);
    expect(circuit.ask(caller)).toBeDefined();
  });
});
