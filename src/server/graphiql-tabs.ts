/** What GraphiQL's tabs ask for: one ID for each thing that is worth a look. */
export interface Samples {
  readonly token: string;
  /** The conference that is shown first. */
  readonly conferenceId: string;
  /** One whose numbers change from second to second. */
  readonly movingId: string;
  /** One that fails. */
  readonly failingId: string;
}

/** Where the upstream is a real one: what to put in is the reader's own. */
export const placeholders: Samples = {
  // No usable credential because of the spaces: who forgets to replace it is told so without a call.
  token: '<put your token here>',
  conferenceId: 'put-an-ID-here',
  movingId: 'put-an-ID-here',
  failingId: 'no-such-conference',
};

/** The documents of GraphiQL's tabs, commented in English and in Chinese. */
export function graphiqlTabs({ conferenceId, movingId, failingId }: Samples): [string, ...string[]] {
  return [
    `# One conference by its ID. Press play, or Ctrl-Enter. The token is below, under Headers.
# Ctrl-Space offers more fields; the book on the left says what each means.
#
# 按会议 ID 查询一个会议。点击运行按钮,或按 Ctrl-Enter。token 在下方的 Headers 中。
# 按 Ctrl-Space 可补全更多字段;左侧的书本图标是字段说明。

query Conference {
  conference(tempConferenceId: "${conferenceId}") {
    title
    status
    startTime
    durationSeconds
    isRecorded
    host {
      name
      location
    }
    counters {
      attendees
    }
  }
}
`,
    `# Several at once. One fails: it is null in its place, the error's path names the place, and
# the others are there all the same. Branch on extensions.code, never on the message.
#
# 一次查询多个会议。其中一个失败:它的位置为 null,错误的 path 指明位置,其余照常返回。
# 请根据 extensions.code 判断错误,不要依赖 message。

query OneFails {
  conferences(tempConferenceIds: ["${conferenceId}", "${failingId}", "${movingId}"]) {
    tempConferenceId
    title
    status
  }
}
`,
    `# A number that moves: press play again after a few seconds.
# observedAt is when the upstream said it: how old the answer is.
#
# 会变化的数字:过几秒再运行一次。
# observedAt 是上游给出数据的时间,即数据的新旧程度。

query Moving {
  conference(tempConferenceId: "${movingId}") {
    title
    observedAt
    durationSeconds
    counters {
      attendees
    }
  }
}
`,
    `# What the counters count. Only attendees counts people who are there now; connections and shares
# count events: somebody who reconnects counts again, so they do not add up. null is not 0.
#
# 各计数的含义。只有 attendees 是当前参会人数;connections 和 shares 是次数:
# 重连会再次计数,所以相加不等于参会人数。null 不是 0。

query Counters {
  conference(tempConferenceId: "${movingId}") {
    title
    counters {
      attendees # people there now | 当前参会人数
      voipConnections # connections over the network | 网络语音连接次数
      pstnConnections # connections by telephone | 电话语音连接次数
      videoShares # times that video was shared | 启用视频共享次数
      screenShares # times that a screen was shared | 启用屏幕共享次数
      mcuAttendees # video hardware (MCU) | 硬件视频参会数量
      boxAttendees # room boxes | 盒子参会数量
      rawAttendees # attendees before the correction | 修正前的原始参会人数
      rawPstnAttendees # people on the telephone, likewise | 修正前的原始电话语音人数
    }
  }
}
`,
  ];
}
