import { status } from '@grpc/grpc-js';

import { Refusal } from '@libs/errors';
import {
  AccountServiceService,
  type ConfirmEmailRequest,
  type ConfirmEmailResponse,
  type FindUserByLoginRequest,
  type EndingMessage,
  type GetAccountRequest,
  type GetAccountResponse,
  type OpenAccountRequest,
  type OpenAccountResponse,
  type OpenInvitedAccountRequest,
  type ListEndingsRequest,
  type Tenant,
  TenantEndingServiceService,
  TenantStatus,
  toGrpcStatus,
  type User,
  UserOrigin,
  UserServiceService,
  UserStatus,
} from '@libs/grpc';
import { newId } from '@libs/persistence';
import { type FakePeer, fakeService, startFakePeer } from '@libs/testing';

type Fault = 'none' | 'before it is applied' | 'after it is applied';

/** Users and tenants in memory, behind a real socket. A fault is what a killed process looks like from outside. */
export class FakeTenantService {
  readonly users = new Map<string, User>();
  readonly tenants = new Map<string, Tenant & { ownerId: string }>();
  private readonly endings: EndingMessage[] = [];
  openAccountCalls = 0;
  /** What was told of confirmed addresses, in order. */
  readonly confirmations: ConfirmEmailRequest[] = [];
  /** Of the next calls of OpenAccount. */
  fault: Fault = 'none';

  private peer: FakePeer | undefined;

  static async start(): Promise<FakeTenantService> {
    const fake = new FakeTenantService();
    fake.peer = await startFakePeer(
      fakeService(AccountServiceService, {
        openAccount: answering((request: OpenAccountRequest) => fake.openAccount(request)),
        confirmEmail: answering((request: ConfirmEmailRequest) => fake.confirmEmail(request)),
        openInvitedAccount: answering((request: OpenInvitedAccountRequest) => fake.openInvited(request)),
        getAccount: answering((request: GetAccountRequest) => fake.getAccount(request)),
      }),
      fakeService(TenantEndingServiceService, {
        listEndings: answering(({ after }: ListEndingsRequest) => ({ endings: fake.endings.slice(after) })),
      }),
      fakeService(UserServiceService, {
        findUserByLogin: answering(({ login }: FindUserByLoginRequest) => ({
          user: fake.findByLogin(login),
          claimant: fake.claimantOf(login),
        })),
      }),
    );
    return fake;
  }

  get address(): string {
    return this.peer?.address ?? '';
  }

  stop(): void {
    this.peer?.stop();
  }

  /** Is read when an event wakes the service, or after seconds. */
  end(kind: string, subjectId: string, endTime: Date): void {
    this.endings.push({ position: this.endings.length + 1, kind, subjectId, tenantId: '', endTime });
  }

  disable(userId: string): void {
    const user = this.users.get(userId);
    if (user !== undefined) user.status = UserStatus.DISABLED;
  }

  /** As an operator does it. */
  invite(email: string): string {
    const id = newId();
    const user = { id, username: id, email, displayName: '', platformRoles: [], status: UserStatus.INVITED, etag: '1' };
    this.users.set(id, { ...user, origin: UserOrigin.OPERATOR, createTime: new Date() });
    return id;
  }

  private openInvited({ userId, email, username }: OpenInvitedAccountRequest): OpenAccountResponse {
    if (this.fault === 'before it is applied') throw gone();
    const user = this.users.get(userId);
    const isAgain = user?.status === UserStatus.ACTIVE && user.username === username;
    if (user?.email !== email || !(isAgain || user.status === UserStatus.INVITED)) {
      throw new Refusal('RESOURCE_CONFLICT');
    }
    if (!isAgain) {
      this.refuseTaken(username);
      this.users.delete(userId);
      const names = { userId, tenantId: newId(), username, email, displayName: username, tenantName: username };
      this.make({ ...names, platformRoles: [] });
    }
    if (this.fault === 'after it is applied') throw gone();
    return { user: this.users.get(userId), tenant: [...this.tenants.values()].find((one) => one.ownerId === userId) };
  }

  private openAccount(request: OpenAccountRequest): OpenAccountResponse {
    this.openAccountCalls += 1;
    if (this.fault === 'before it is applied') throw gone();
    const opened = this.users.get(request.userId) === undefined ? this.make(request) : this.opened(request);
    if (this.fault === 'after it is applied') throw gone();
    return opened;
  }

  private opened({ userId, tenantId }: OpenAccountRequest): OpenAccountResponse {
    return { user: this.users.get(userId), tenant: this.tenants.get(tenantId) };
  }

  private make(request: OpenAccountRequest): OpenAccountResponse {
    this.refuseTaken(request.username);
    const { userId: id, username, email, displayName, platformRoles } = request;
    const createTime = new Date();
    const user = { id, username, email, displayName, platformRoles, status: UserStatus.ACTIVE, createTime, etag: '1' };
    const tenant = {
      id: request.tenantId,
      name: request.tenantName,
      status: TenantStatus.ACTIVE,
      createTime,
      etag: '1',
    };
    this.users.set(id, { ...user, origin: UserOrigin.REGISTRATION });
    this.tenants.set(tenant.id, { ...tenant, ownerId: id });
    return { user, tenant };
  }

  private refuseTaken(username: string): void {
    if (![...this.users.values()].some((user) => user.username === username)) return;
    const errors = [{ field: 'username', code: 'TAKEN', message: 'is taken' }];
    throw new Refusal('RESOURCE_NAME_TAKEN', { errors });
  }

  private confirmEmail({ userId, email, isFirst }: ConfirmEmailRequest): ConfirmEmailResponse {
    if (this.fault === 'before it is applied') throw gone();
    const user = this.users.get(userId);
    if (user === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    const holder = this.findByLogin(email);
    if (holder !== undefined && holder.id !== userId && holder.emailVerified === true) {
      throw new Refusal('RESOURCE_CONFLICT');
    }
    this.confirmations.push({ userId, email, isFirst });
    Object.assign(user, { email, emailVerified: true });
    return {};
  }

  private getAccount({ userId, tenantId }: GetAccountRequest): GetAccountResponse {
    const user = this.users.get(userId);
    const tenant = [...this.tenants.values()].find(
      ({ id, ownerId }) => ownerId === userId && (tenantId === '' || id === tenantId),
    );
    return {
      user,
      tenant,
      roles: tenant === undefined ? [] : ['owner', ...(user?.platformRoles ?? [])],
      permissions: [],
    };
  }

  private findByLogin(login: string): User | undefined {
    if (/\p{C}/u.test(login)) throw new Refusal('REQUEST_INVALID');
    const wanted = login.toLowerCase();
    const found = [...this.users.values()].filter(({ username, email }) => username === wanted || email === wanted);
    return found.find(({ emailVerified }) => emailVerified === true) ?? found.at(-1);
  }

  /** Of those who entered an address, the latest, when it is somebody else's. */
  private claimantOf(login: string): User | undefined {
    const entered = [...this.users.values()].filter(({ email }) => email === login.toLowerCase());
    const latest = entered.findLast(({ emailVerified }) => emailVerified !== true);
    return entered.some(({ emailVerified }) => emailVerified === true) ? latest : undefined;
  }
}

const gone = (): Error => Object.assign(new Error('the connection was lost'), { code: status.UNAVAILABLE });

const answering =
  <Q, A>(answer: (request: Q) => A) =>
  async (request: Q): Promise<A> => {
    try {
      return answer(request);
    } catch (error) {
      throw error instanceof Refusal ? Object.assign(new Error(error.message), toGrpcStatus(error)) : error;
    }
  };
