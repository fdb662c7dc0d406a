import type { Messages } from './en.ts';

export const zh: Messages = {
  title: '会议实时看板',
  languageName: '中文',
  language: '语言',
  count: (count) => `${count} 个会议`,
  simulator: '模拟器',
  simulatorHint: '以下会议由内置模拟器虚构。',

  connection: {
    connecting: '正在连接…',
    live: '实时',
    over: '不会再有变化',
    waiting: '正在重连…',
    refused: '未连接',
    paused: '已暂停',
  },

  add: {
    label: '会议 ID',
    placeholder: '例如 56039682',
    button: '关注',
    alreadyWatched: (id) => `${id} 已在列表中。`,
    none: '列表中还没有会议',
    noneHint: '请在上方输入临时会议 ID。列表保存在本页地址中，可以收藏，也可以分享。',
  },

  token: {
    button: 'Token',
    title: '登录',
    why: '会议信息只对有权限的人显示，请输入您的 token。',
    refused: 'token 无效或已过期，请输入新的 token。',
    label: 'Token',
    submit: '使用此 token',
    cancel: '取消',
    kept: '仅保存在本页内存中，关闭或刷新页面后即清除。',
    malformed: 'token 只能包含可见的 ASCII 字符，不能有空格。',
  },

  notice: {
    waitingTitle: '与网关的连接已断开',
    waiting: (seconds) =>
      seconds > 0
        ? `下方为最后收到的数据，${seconds} 秒后重试。`
        : '下方为最后收到的数据，正在重试…',
    tooManyTitle: '关注的会议过多',
    tooManyWaiting: (seconds) =>
      seconds > 0
        ? `网关暂时无法接受更多会议。请移除一部分，或等待 ${seconds} 秒后自动重试。`
        : '网关暂时无法接受更多会议。请移除一部分，或等待自动重试…',
    tooManyAtOnce: (count) => `${count} 个会议超出了单个页面的上限，请移除一部分。`,
    refusedTitle: '网关拒绝了本页的请求',
    retryNow: '立即重试',
    retry: '重试',
  },

  status: { IN_PROGRESS: '进行中', ENDED: '已结束', UNKNOWN: '状态未知' },
  statusCode: (code) => (code === null ? '状态未知' : `状态未知（${code}）`),
  untitled: '无主题会议',
  conferenceId: '会议 ID',
  dataCenter: '数据中心',

  secure: { yes: '保密会议', no: '非保密', unknown: '是否保密未知' },
  recorded: { yes: '录制中', no: '未录制', unknown: '是否录制未知' },
  wasRecorded: { yes: '已录制', no: '未录制', unknown: '是否录制未知' },

  attendees: '参会人数',
  attendeesUnknown: '参会人数未知。',
  trend: (least, most, minutes) => `最近 ${minutes}的参会人数：${least} 至 ${most}。`,
  trendCaption: (least, most) => (least === most ? least : `${least}–${most}`),
  watchedFor: (minutes) => `最近 ${minutes}`,

  duration: '会议时长',
  started: '开始时间',
  ended: '结束时间',
  notStarted: '尚未开始',

  counters: {
    now: '当前参会',
    atEnd: '结束时参会',
    events: '累计次数',
    eventsHint: '按次数统计，不是人数',
    beforeCorrection: '修正前',
    beforeCorrectionHint: '实时统计的原始数据',
    mcuAttendees: '硬件视频',
    boxAttendees: '盒子',
    voipConnections: '网络语音连接',
    pstnConnections: '电话语音连接',
    videoShares: '视频共享',
    screenShares: '屏幕共享',
    rawAttendees: '参会人数',
    rawPstnAttendees: '电话语音人数',
  },
  unknown: '未知',

  host: '主持人',
  hostAccount: (id) => `用户 ${id}`,
  hostFields: { name: '姓名', email: '邮箱', mobile: '手机', ip: 'IP 地址', location: '地理位置' },
  show: '显示',
  hide: '隐藏',
  showHostLabel: (title) => `显示主持人个人信息：${title}`,
  hideHostLabel: (title) => `隐藏主持人个人信息：${title}`,
  masked: '已隐藏',
  password: '参会人密码',
  showPasswordLabel: (title) => `显示参会人密码：${title}`,
  hidePasswordLabel: (title) => `隐藏参会人密码：${title}`,
  hiddenIn: (seconds) => `${seconds} 秒后自动隐藏`,
  noPassword: '无',
  asking: '正在查询…',

  fresh: (age) => `${age}更新`,
  undated: '更新时间未知',
  lastKnown: (age) => `${age}的数据，暂无更新`,
  justNow: '刚刚',

  problem: {
    loading: '正在加载…',
    notAsked: '尚未查询',
    NOT_FOUND: { title: '会议不存在', hint: '请检查会议 ID。会议结束一段时间后，临时 ID 会失效。' },
    FORBIDDEN: { title: '没有权限', hint: '您无权查看此会议，请联系主持人或管理员开通权限。' },
    BAD_USER_INPUT: { title: '会议 ID 无效', hint: '请更正会议 ID。' },
    NO_RECORD: { title: '没有记录', hint: '会议服务没有返回此会议的数据，系统会自动继续查询。' },
    UPSTREAM_UNAVAILABLE: { title: '会议服务无法访问', hint: '系统会自动重试，无需操作。' },
    UPSTREAM_TIMEOUT: { title: '会议服务响应超时', hint: '系统会自动重试，无需操作。' },
    UPSTREAM_INVALID_RESPONSE: {
      title: '会议服务返回的数据无法识别',
      hint: '系统会自动重试。如持续出现，请连同会议 ID 一并反馈。',
    },
    UPSTREAM_REJECTED: { title: '会议服务拒绝了请求', hint: '系统会自动重试。' },
    OTHER: { title: '出现错误', hint: '如持续出现，请连同会议 ID 一并反馈。' },
  },
  unreadable: (fields) => `无法识别：${fields}`,
  fields: { startTime: '开始时间', stopTime: '结束时间', durationSeconds: '会议时长', title: '会议主题', dataCenter: '数据中心' },
  askAgain: '重新查询',

  moveEarlier: (title) => `前移：${title}`,
  moveLater: (title) => `后移：${title}`,
  remove: (title) => `移除：${title}`,

  said: {
    connectionLost: '与网关的连接已断开，保留最后的数据。',
    connectionBack: '已重新连接。',
    added: (ids) => `已添加：${ids}`,
    removed: (title) => `已移除：${title}`,
    moved: (title, place, count) => `${title}：第 ${place} 个，共 ${count} 个`,
    ended: (title) => `${title}已结束。`,
    stale: (title, problem) => `${title}：${problem}`,
    fresh: (title) => `${title}：数据已恢复更新。`,
    attendees: (title, attendees) => `${title}：参会 ${attendees} 人`,
  },
  timeZone: (zone) => `时间均为您所在时区：${zone}`,
};
