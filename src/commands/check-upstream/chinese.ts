import type { Finding } from './findings.ts';
import type { Words } from './words.ts';

const types: Words['types'] = {
  null: 'null',
  boolean: '布尔值',
  number: '数字',
  string: '字符串',
  list: '数组',
  object: '对象',
  long: 'long',
  int: 'int',
  text: '字符串',
  flag: '布尔值',
};

function finding(found: Finding): string {
  switch (found.kind) {
    case 'missing':
      return '缺失';
    case 'null':
      return '为 null，接口文档未说明可为 null';
    case 'unknown-field':
      return '接口文档中没有此字段';
    case 'wrong-type':
      return `应为 ${types[found.wanted]}，返回的是${types[found.came]}`;
    case 'unreadable':
      return 'schema 无法读取';
    case 'milliseconds':
      return '应为秒，返回的是毫秒';
    case 'seconds':
      return '应为毫秒，返回的是秒';
    case 'too-early':
      return `早于 ${found.than}`;
    case 'longer-than-possible':
      return '超过从开始到结束的时间：单位可能不是秒';
    case 'negative':
      return '小于 0';
    case 'no-coding':
      return '不是内容编码；字符集只取自 content-type';
    case 'malformed':
      return '不是合法的 Unicode 文本';
    case 'unlisted':
      return `既不是 ${Object.keys(found.listed).join(' 也不是 ')}`;
    case 'other-id':
      return '与请求的 ID 不一致：网关会拒绝整个返回';
    case 'form':
      return '格式与接口文档的示例不同';
    default:
      return found satisfies never;
  }
}

export const chinese: Words = {
  columns: ['字段', '返回内容', 'schema 的结果', '与接口文档的差异'],
  types,
  absent: '无',
  masked: '已隐藏',
  purposes: {
    'token-in-header': 'token 放在 Header',
    'token-in-body': 'token 放在 Body',
    'unknown-id': '不存在的 ID',
    'wrong-token': '错误的 token',
    again: '再次查询',
  },
  unexpected: {
    'token-in-header': '没有返回记录',
    'token-in-body': '没有返回记录',
    'unknown-id': '既未拒绝，也不是无记录的成功返回',
    'wrong-token': '未被拒绝',
    again: '这一次没有返回记录',
  },
  noUsableAnswer: '没有可用的返回',
  noRecord: '成功，无记录',
  record: '有记录',
  statuses: '出现过的业务状态码：',
  mapping: '要让网关识别其含义，请设置：',
  noMapping: '除 0 以外，没有出现其他业务状态码。',
  ambiguous: (status) => `${status} 既表示 token 错误，又表示 ID 不存在，无法映射。`,
  times: (count, min, median, max) => `${count} 次调用的耗时：最短 ${min}，中位数 ${median}，最长 ${max}。`,
  fits: '全部符合接口文档。',
  differs: (count) => `与接口文档有 ${count} 处差异：`,
  finding,
  usage: '用法：npm run check-upstream -- ID（一个存在的会议；环境变量 UPSTREAM_URL 和 UPSTREAM_TOKEN）',
  noUpstream: 'UPSTREAM_URL：未设置；请设为要检查的上游地址',
  noToken: 'UPSTREAM_TOKEN：未设置，且没有终端可供输入',
  unusableToken: 'token 无法发送：必须是 1 到 8192 个可打印的 ASCII 字符，不含空格',
  tokenAsArgument:
    'token 不能作为参数：其他进程和 shell 历史记录都能看到。请设置 UPSTREAM_TOKEN，或不设置并按提示输入。参数只接受一个 ID。',
  askToken: 'token（不回显）：',
};
