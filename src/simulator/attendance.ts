import type { ConferenceRecord } from './example.ts';

type Device = 'voip' | 'pstn' | 'mcu' | 'box';

/** How many people take part by each kind of device. */
export type Crowd = Readonly<Record<Device, number>>;

/** The counters of the contract's record. */
export type Attendance = Pick<ConferenceRecord, Extract<keyof ConferenceRecord, `${string}Cnt`>>;

interface Participant {
  readonly device: Device;
  /** Seconds from the start to the first joining. */
  readonly joinsAfter: number;
  /** Seconds between joining and leaving; Infinity for one who never leaves. */
  readonly stays: number;
  /** Seconds between leaving and joining again. */
  readonly away: number;
}

/** The statistics notice only after so many seconds that somebody has left; the correction takes that back. */
const unnoticedSeconds = 5;

function participants(crowd: Crowd, paceSeconds: number): Participant[] {
  const devices: Device[] = [
    ...Array<Device>(crowd.voip).fill('voip'),
    ...Array<Device>(crowd.pstn).fill('pstn'),
    ...Array<Device>(crowd.mcu).fill('mcu'),
    ...Array<Device>(crowd.box).fill('box'),
  ];
  // The multipliers only scatter: with these, no two seconds differ by more than two people. The first is the host, who stays.
  return devices.map((device, place) => ({
    device,
    joinsAfter: place * paceSeconds,
    stays: place === 0 ? Infinity : paceSeconds * 12 + ((place * 43) % (paceSeconds * 11)),
    away: paceSeconds + ((place * 31) % (paceSeconds * 5)),
  }));
}

/**
 * Who takes part `elapsed` seconds after the start. People come one by one, `paceSeconds` apart, leave and come back;
 * every coming is a connection, so connections only grow and are never fewer than the people.
 */
export function attendance(crowd: Crowd, paceSeconds: number, elapsed: number): Attendance {
  const joined = participants(crowd, paceSeconds).filter(({ joinsAfter }) => joinsAfter <= elapsed);
  const people = joined.map(({ device, joinsAfter, stays, away }) => {
    const since = elapsed - joinsAfter;
    const sinceLastJoining = since % (stays + away);
    return {
      device,
      connections: 1 + Math.floor(since / (stays + away)),
      present: sinceLastJoining < stays,
      counted: sinceLastJoining < stays + unnoticedSeconds,
    };
  });
  const connections = (devices: readonly Device[]): number =>
    people.reduce((sum, one) => sum + (devices.includes(one.device) ? one.connections : 0), 0);
  const present = (device: Device): number =>
    people.filter((one) => one.present && one.device === device).length;
  return {
    attendeeCnt: people.filter((one) => one.present).length,
    voipCnt: connections(['voip', 'mcu', 'box']),
    pstnCnt: connections(['pstn']),
    videoCnt: Math.floor(elapsed / (paceSeconds * 8)),
    desktopCnt: Math.floor(elapsed / (paceSeconds * 13)),
    mcuCnt: present('mcu'),
    boxCnt: present('box'),
    rawAttendeeCnt: people.filter((one) => one.counted).length,
    rawPstnCnt: people.filter((one) => one.counted && one.device === 'pstn').length,
  };
}
