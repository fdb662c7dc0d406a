/** Every text of the page. */
export const en = {
  title: 'Conferences, live',
  languageName: 'English',
  language: 'Language',
  count: (count: number) => (count === 1 ? '1 conference' : `${count} conferences`),
  simulator: 'Simulator',
  simulatorHint: 'These conferences are made up by the embedded simulator.',

  connection: {
    connecting: 'Connecting…',
    live: 'Live',
    over: 'Nothing more to come',
    waiting: 'Reconnecting…',
    refused: 'Not connected',
    paused: 'Paused',
  },

  add: {
    label: 'Conference ID',
    placeholder: 'e.g. 56039682',
    button: 'Watch',
    alreadyWatched: (id: string) => `${id} is already on the list.`,
    none: 'No conference on the list',
    noneHint:
      'Add a temporary conference ID above. The list is kept in the address of this page, so it can be bookmarked and shared.',
  },

  token: {
    button: 'Token',
    title: 'Sign in',
    why: 'Conferences are shown to whom the conferencing service lets see them. Enter your token.',
    refused: 'The token is not accepted, or no longer. Enter a new one.',
    label: 'Token',
    submit: 'Use this token',
    cancel: 'Cancel',
    kept: 'Kept in the memory of this page alone: gone when it is closed or reloaded.',
    malformed: 'A token has visible ASCII characters only, no spaces.',
  },

  notice: {
    waitingTitle: 'No connection to the gateway',
    waiting: (seconds: number) =>
      seconds > 0
        ? `The numbers below are the last that came. Trying again in ${seconds} s.`
        : 'The numbers below are the last that came. Trying again…',
    tooManyTitle: 'Too many conferences are being watched',
    tooManyWaiting: (seconds: number) =>
      seconds > 0
        ? `The gateway takes no more for now. Remove some, or wait: trying again in ${seconds} s.`
        : 'The gateway takes no more for now. Remove some, or wait: trying again…',
    tooManyAtOnce: (count: number) =>
      `${count} conferences are more than one page may watch. Remove some.`,
    refusedTitle: 'The gateway refuses this page',
    retryNow: 'Try now',
    retry: 'Try again',
  },

  status: { IN_PROGRESS: 'In progress', ENDED: 'Ended', UNKNOWN: 'Unknown status' },
  statusCode: (code: number | null) => (code === null ? 'Unknown status' : `Unknown status (${code})`),
  untitled: 'Untitled conference',
  conferenceId: 'ID',
  dataCenter: 'Data centre',

  secure: { yes: 'Confidential', no: 'Not confidential', unknown: 'Confidentiality unknown' },
  recorded: { yes: 'Recording', no: 'Not recording', unknown: 'Recording unknown' },
  wasRecorded: { yes: 'Recorded', no: 'Not recorded', unknown: 'Recording unknown' },

  attendees: 'attendees',
  attendeesUnknown: 'The number of attendees is not known.',
  trend: (least: string, most: string, minutes: string) =>
    `Attendees over ${minutes}: between ${least} and ${most}.`,
  trendCaption: (least: string, most: string) => (least === most ? least : `${least}–${most}`),
  watchedFor: (minutes: string) => `last ${minutes}`,

  duration: 'Duration',
  started: 'Started',
  ended: 'Ended',
  notStarted: 'Not started',

  counters: {
    now: 'In the conference now',
    atEnd: 'In the conference at its end',
    events: 'So far',
    eventsHint: 'events, not people',
    beforeCorrection: 'Before correction',
    beforeCorrectionHint: 'of the live statistics',
    mcuAttendees: 'Video hardware',
    boxAttendees: 'Room boxes',
    voipConnections: 'VoIP connections',
    pstnConnections: 'Phone connections',
    videoShares: 'Video shares',
    screenShares: 'Screen shares',
    rawAttendees: 'Attendees',
    rawPstnAttendees: 'On the phone',
  },
  unknown: 'unknown',

  host: 'Host',
  hostAccount: (id: string) => `Account ${id}`,
  hostFields: { name: 'Name', email: 'E-mail', mobile: 'Mobile', ip: 'IP address', location: 'Location' },
  show: 'Show',
  hide: 'Hide',
  showHostLabel: (title: string) => `Show the host's personal data: ${title}`,
  hideHostLabel: (title: string) => `Hide the host's personal data: ${title}`,
  masked: 'hidden',
  password: 'Password to join',
  showPasswordLabel: (title: string) => `Show the password to join: ${title}`,
  hidePasswordLabel: (title: string) => `Hide the password to join: ${title}`,
  hiddenIn: (seconds: number) => `hidden again in ${seconds} s`,
  noPassword: 'none',
  asking: 'Asking…',

  fresh: (age: string) => `Updated ${age}`,
  undated: 'Not dated',
  lastKnown: (age: string) => `Last known values, from ${age}`,
  justNow: 'just now',

  problem: {
    loading: 'Loading…',
    notAsked: 'Not asked yet',
    NOT_FOUND: {
      title: 'No such conference',
      hint: 'Check the ID. A temporary ID is void some time after the conference.',
    },
    FORBIDDEN: {
      title: 'Not allowed',
      hint: 'You may not see this conference. Ask its host or your administrator for the right to.',
    },
    BAD_USER_INPUT: { title: 'Not a conference ID', hint: 'Correct the ID.' },
    NO_RECORD: {
      title: 'No record',
      hint: 'The conferencing service knows this ID but has nothing to tell. It is looked for again by itself.',
    },
    UPSTREAM_UNAVAILABLE: {
      title: 'The conferencing service cannot be reached',
      hint: 'It is asked again by itself; nothing need be done.',
    },
    UPSTREAM_TIMEOUT: {
      title: 'The conferencing service does not answer in time',
      hint: 'It is asked again by itself; nothing need be done.',
    },
    UPSTREAM_INVALID_RESPONSE: {
      title: 'The conferencing service sent something unreadable',
      hint: 'It is asked again by itself. If it stays so, report it with the ID of the conference.',
    },
    UPSTREAM_REJECTED: {
      title: 'The conferencing service declines',
      hint: 'It is asked again by itself.',
    },
    OTHER: { title: 'Something went wrong', hint: 'If it stays so, report it with the ID of the conference.' },
  },
  unreadable: (fields: string) => `Not readable: ${fields}`,
  fields: { startTime: 'start', stopTime: 'end', durationSeconds: 'duration', title: 'title', dataCenter: 'data centre' },
  askAgain: 'Ask again',

  moveEarlier: (title: string) => `Move earlier: ${title}`,
  moveLater: (title: string) => `Move later: ${title}`,
  remove: (title: string) => `Remove: ${title}`,

  said: {
    connectionLost: 'The connection to the gateway is lost. The last values stay.',
    connectionBack: 'Connected again.',
    added: (ids: string) => `Added: ${ids}`,
    removed: (title: string) => `Removed: ${title}`,
    moved: (title: string, place: number, count: number) => `${title}: now ${place} of ${count}`,
    ended: (title: string) => `${title} has ended.`,
    stale: (title: string, problem: string) => `${title}: ${problem}`,
    fresh: (title: string) => `${title}: values are up to date again.`,
    attendees: (title: string, attendees: string) => `${title}: ${attendees} attendees`,
  },
  timeZone: (zone: string) => `Times are in your time zone: ${zone}`,
};

/** What a language has to say. */
export type Messages = typeof en;
