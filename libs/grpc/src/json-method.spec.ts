import { GetUserRequest, GetUserResponse, UserStatus } from './contracts.js';
import { jsonMethod } from './json-method.js';

describe('jsonMethod', () => {
  const getUser = jsonMethod('gatehouse.tenant.v1.UserService/GetUser');

  it('writes JSON as the message that the contract describes, whichever case its names are in', () => {
    const list = jsonMethod('gatehouse.tenant.v1.UserService/ListUsers');
    expect(list.requestSerialize({ page_size: 5 })).toEqual(list.requestSerialize({ pageSize: 5 }));
    expect(GetUserRequest.decode(getUser.requestSerialize({ id: 'u1' }))).toMatchObject({ id: 'u1' });
  });

  it('reads an answer as JSON, with times and enums in words', () => {
    const named = { id: 'u1', username: 'alice', email: '', displayName: '', etag: '', platformRoles: [] };
    const user = { ...named, status: UserStatus.ACTIVE, createTime: new Date(0) };
    const bytes = Buffer.from(GetUserResponse.encode({ user }).finish());
    expect(getUser.responseDeserialize(bytes)).toMatchObject({
      user: { id: 'u1', username: 'alice', status: 'USER_STATUS_ACTIVE', createTime: '1970-01-01T00:00:00Z' },
    });
  });

  it.each(['gatehouse.tenant.v1.UserService/GetNobody', 'gatehouse.tenant.v1.Nobody/Get', 'nothing'])(
    'says that there is no call %s',
    (name) => {
      expect(() => jsonMethod(name)).toThrow(`There is no call ${name}.`);
    },
  );

  it('refuses what the contract does not know', () => {
    expect(() => getUser.requestSerialize({ nobody: 1 })).toThrow('nobody');
  });
});
