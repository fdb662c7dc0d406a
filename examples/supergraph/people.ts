import type { Subgraph } from './subgraph.ts';

/** Users and organizations: the people of the gateway's simulator, under the IDs that its records name. */
const users = [
  { id: '10001', name: '张三', email: 'zhangsan@example.com', organizationId: '2001' },
  { id: '10002', name: '李四', email: 'lisi@example.com', organizationId: '2001' },
  { id: '10003', name: '王五', email: 'wangwu@example.com', organizationId: '2002' },
  { id: '10004', name: '赵六', email: 'zhaoliu@example.com', organizationId: '2001' },
  { id: '10005', name: '孙七', email: 'sunqi@example.com', organizationId: '2001' },
  { id: '10006', name: '周八', email: 'zhouba@example.com', organizationId: '2001' },
  { id: '10007', name: '吴九', email: 'wujiu@example.com', organizationId: '2002' },
  { id: '10008', name: '郑十', email: 'zhengshi@example.com', organizationId: '2001' },
];

const findUser = ({ id }: { id: string }) => users.find((user) => user.id === id);

export const people: Subgraph = {
  name: 'people',
  schema: new URL('people.graphql', import.meta.url),
  resolvers: {
    Query: { user: (_query, { id }: { id: string }) => findUser({ id }) },
    User: {
      __resolveReference: findUser,
      organization: ({ organizationId }: (typeof users)[number]) => ({ id: organizationId }),
    },
    Organization: {
      members: ({ id }: { id: string }) => users.filter(({ organizationId }) => organizationId === id),
    },
  },
};
