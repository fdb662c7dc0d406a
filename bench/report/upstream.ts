// A process of its own: the contract's endpoint as cheaply as Node can, so that the other servers are what is measured. It reads
// only what the report's servers send: a content-length, and an ID without an escape.
import { createServer, type Socket } from 'node:net';

const record = {
  eventId: 1165158,
  title: '产品发布会',
  billingCode: '990001_239848688',
  customerCode: '990001',
  pcode2: '123456',
  hostId: 10001,
  hostName: '张三',
  hostEmail: 'zhangsan@example.com',
  hostMobile: '13800000000',
  hostOrgId: 2001,
  hostIp: '10.0.0.1',
  hostLocation: '上海',
  startTime: 1715600000,
  stopTime: 0,
  confDuration: 3600,
  isSecureConf: false,
  isRecord: true,
  dataCenter: '阿里云',
  status: 2,
  attendeeCnt: 15,
  voipCnt: 10,
  pstnCnt: 2,
  videoCnt: 8,
  desktopCnt: 3,
  mcuCnt: 0,
  boxCnt: 0,
  rawAttendeeCnt: 15,
  rawPstnCnt: 2,
};

/** The answer in two pieces, between which the ID goes. It is as long as the pieces and the ID. */
function template(fields: object) {
  const text = JSON.stringify({
    status: 0,
    result: { ...fields, tempConferenceId: '<ID>' },
    msg: 'success',
    request_id: 'rtsas-172371014-1774514768.581757447.258',
    timestamp: 1774514768581,
    request_duration: '68.5ms',
  });
  // Written byte for byte: UTF-8 as latin1.
  const [before = '', after = ''] = Buffer.from(text).toString('latin1').split('<ID>');
  return (id: string) => {
    const length = before.length + id.length + after.length;
    return `HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=UTF-8\r\ncontent-length: ${length}\r\n\r\n${before}${id}${after}`;
  };
}

const answer = template(record);
/** For IDs that begin with `bad`: one field cannot be what the schema says. */
const badAnswer = template({ ...record, confDuration: 'an hour' });

let calls = 0;

const server = createServer((socket) => {
  let waiting = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    waiting = answerAll(socket, waiting + chunk);
  });
});

/** Answers what is complete, and gives back the rest. */
function answerAll(socket: Socket, text: string): string {
  for (;;) {
    const headEnd = text.indexOf('\r\n\r\n');
    if (headEnd < 0) return text;
    const head = text.slice(0, headEnd);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    const end = headEnd + 4 + length;
    if (text.length < end) return text;
    const [, id = ''] = /"tempConferenceId":"([^"]*)"/.exec(text.slice(headEnd + 4, end)) ?? [];
    calls += 1;
    socket.write(id.startsWith('bad') ? badAnswer(id) : answer(id), 'latin1');
    text = text.slice(end);
  }
}

// Any message asks how many calls there were since the last.
process.on('message', () => {
  process.send?.(calls);
  calls = 0;
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
