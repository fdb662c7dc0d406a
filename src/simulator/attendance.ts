import type { ConferenceRecord } from './example.ts';

type Device = 'voip' | 'pstn' | 'mcu' | 'box';

/** How many people take part, by kind of device. */
export type Crowd = Readonly<Record<Device, number>>;

/** The counters of the contract's record. */
export type Attendance = Pick<ConferenceRecord, Extract<keyof ConferenceRecord, `${string}Cnt`>>;

interface Participant {
  readonly device: Device;
  /** Seconds from the start to the first joining. */
  readonly joinsAfter: number;
  /** Seconds between joining and leaving; Infinity if the participant never leaves. */
  readonly stays: number;
  /** Seconds between leaving and joining again. */
  readonly away: number;
}

/** The upstream's statistics count a participant for so many seconds too long; its correction subtracts them. */
const unnoticedSeconds = 5;

function participants(crowd: Crowd, paceSeconds: number): Participant[] {
  const devices: Device[] = [
    ...Array<Device>(crowd.voip).fill('voip'),
    ...Array<Device>(crowd.pstn).fill('pstn'),
    ...Array<Device>(crowd.mcu).fill('mcu'),
    ...Array<Device>(crowd.box).fill('box'),
  ];
  // The multipliers spread joins and leaves: from one second to the next, the count changes by two at most. The first is the host, who stays.
  return devices.map((device, place) => ({
    device,
    joinsAfter: place * paceSeconds,
    stays: place === 0 ? Infinity : paceSeconds * 12 + ((place * 43) % (paceSeconds * 11)),
    away: paceSeconds + ((place * 31) % (paceSeconds * 5)),
  }));
}

/**
 * The counters `elapsed` seconds after the start. People join one by one, `paceSeconds` apart, leave and come back.
 * Every join counts as a connection, so connections only grow and there are never fewer of them than people.
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
