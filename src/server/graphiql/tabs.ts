/** The token and the IDs in GraphiQL's tabs. */
export interface Samples {
  readonly token: string;
  /** The conference that is shown first. */
  readonly conferenceId: string;
  /** A conference whose counters change every second. */
  readonly movingId: string;
  /** An ID that fails. */
  readonly failingId: string;
}

/** For a real upstream: the reader replaces them. */
export const placeholders: Samples = {
  // The spaces make it an unusable credential: a reader who forgets to replace it gets UNAUTHENTICATED, without a call upstream.
  token: '<put your token here>',
  conferenceId: 'put-an-ID-here',
  movingId: 'put-an-ID-here',
  failingId: 'no-such-conference',
};

/** The documents of GraphiQL's tabs, with comments in English and Chinese. */
export function graphiqlTabs(
  { conferenceId, movingId, failingId }: Samples,
  excludeTags: readonly string[],
): [string, ...string[]] {
  // The first query must work unchanged, also with a schema that leaves `host` out.
  const host = excludeTags.includes('pii') ? '' : '\n    host {\n      name\n      location\n    }';
  return [
    `# One conference. Press play, or Ctrl-Enter.
# The token is below, under Headers. Ctrl-Space
# offers fields; the top icon on the left opens
# the documentation.
#
# 查询一个会议：点击运行按钮，或按 Ctrl-Enter。
# token 在下方的 Headers 中。按 Ctrl-Space 补全
# 字段；左上角的图标可打开文档。

query Conference {
  conference(tempConferenceId: "${conferenceId}") {
    title
    status
    startTime
    durationSeconds
    isRecorded${host}
    counters {
      attendees
    }
  }
}
`,
    `# Several conferences; one of them fails. It is
# null, the path of the error names its place, and
# the others are there. In your code, check
# extensions.code, never the message.
#
# 一次查询多个会议，其中一个失败：其位置为 null，
# 错误的 path 指明位置，其余照常返回。请根据
# extensions.code 判断，不要依赖 message。

query OneFails {
  conferences(tempConferenceIds: [
    "${conferenceId}"
    "${failingId}"
    "${movingId}"
  ]) {
    tempConferenceId
    title
    status
  }
}
`,
    `# Numbers that change: press play again after a
# few seconds. observedAt is the time of the
# upstream's answer.
#
# 会变化的数字：过几秒再运行一次。
# observedAt 是上游给出这些数据的时间。

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
    `# Live: press play, and watch. A new result comes
# each time a selected value has changed. Press
# stop to end it.
#
# 实时订阅：点击运行后保持观看，所选内容有变化时
# 自动更新；点击停止按钮结束。

subscription Watch {
  conference(tempConferenceId: "${movingId}") {
    title
    status
    counters {
      attendees
      voipConnections
    }
  }
}
`,
    `# What the counters count. attendees are people
# who are there now. Connections and shares are
# events: a person who reconnects counts again, so
# they do not add up to attendees. null is not 0.
#
# 各计数的含义。attendees 是当前参会人数；
# connections 和 shares 是次数：重连会再次计数，
# 相加不等于参会人数。null 不等于 0。

query Counters {
  conference(tempConferenceId: "${movingId}") {
    title
    counters {
      # people there now | 参会人数
      attendees
      # connections by network | 网络语音连接次数
      voipConnections
      # connections by phone | 电话语音连接次数
      pstnConnections
      # times video was shared | 启用视频共享次数
      videoShares
      # times a screen was | 启用屏幕共享次数
      screenShares
      # video hardware (MCU) | 硬件视频参会数量
      mcuAttendees
      # room boxes | 盒子参会数量
      boxAttendees
      # before correction: attendees | 原始参会人数
      rawAttendees
      # and people on the phone | 原始电话语音人数
      rawPstnAttendees
    }
  }
}
`,
  ];
}
