import type { KnownCaller } from './callers.ts';
import { hangMs } from './hold-back.ts';

/** A call in flight. */
interface InFlight {
  readonly caller: KnownCaller;
  readonly begunAt: number;
  /** Whether the caller was not accepted when the call began. */
  readonly isUnknown: boolean;
}

/** How the turns are shared among callers now. */
interface Shares {
  /** Turns of callers that were not accepted when their turn began. */
  readonly unknownTurns: number;
  /** A quarter of all turns. */
  readonly quarter: number;
}

/**
 * The call that hangs and may be ended, so that a caller without a call in flight gets its turn: the oldest one of the caller with the most
 * calls in flight. Undefined if there is none.
 *
 * @param turns in the order of their start.
 */
export function findHanging<Turn extends InFlight>(
  turns: Iterable<Turn>,
  caller: KnownCaller,
  now: number,
  shares: Shares,
): Turn | undefined {
  let found: Turn | undefined;
  for (const turn of turns) {
    if (now - turn.begunAt <= hangMs) break;
    if (mayTake(caller, turn, shares) && !(found && found.caller.held >= turn.caller.held)) found = turn;
  }
  return found;
}

function mayTake(
  caller: KnownCaller,
  { caller: other, isUnknown }: InFlight,
  { unknownTurns, quarter }: Shares,
): boolean {
  if (caller.isAccepted && isUnknown && unknownTurns > quarter) return true;
  // Otherwise made-up tokens could end the calls of accepted callers.
  return other.held > 1 && (caller.isAccepted || isUnknown || unknownTurns < quarter);
}
