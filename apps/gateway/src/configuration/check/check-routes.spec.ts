import { gatewayConfiguration } from './gateway-configuration.js';

const service = 'echo';
const services = { echo: { instances: [{ url: 'http://127.0.0.1:1' }] } };

/** Where the mistakes of a configuration with these routes are. */
function mistakesOf(...routes: object[]): string[] {
  const result = gatewayConfiguration.safeParse({
    services,
    routes: routes.map((route, index) => ({ id: `r${index}`, path: `/r${index}`, ...route })),
  });
  return (result.error?.issues ?? []).map(({ path }) => path.slice(1).join('.'));
}

describe('routes', () => {
  it.each([
    { what: 'with one service', route: { service } },
    { what: 'with a redirect', route: { redirect: { to: '/b' } } },
    { what: 'with an answer', route: { answer: { status: 410 } } },
    { what: 'for a host with a star', route: { service, host: '*.example.com' } },
    { what: 'whose prefix is stripped', route: { service, path: '/api/**', stripPrefix: '/api' } },
    { what: 'with an encoded slash in its path', route: { service, path: '/a%2Fb', encodedSlashes: 'keep' } },
    {
      what: 'with cors and changes to other headers',
      route: { service, cors: { origins: ['*'] }, answerHeaders: { set: { 'X-Frame-Options': 'DENY' } } },
    },
    {
      what: 'with predicates on different names',
      route: { service, headers: [{ name: 'X' }, { name: 'Y' }], query: [{ name: 'x' }, { name: 'X' }] },
    },
  ])('may be $what', ({ route }) => {
    expect(mistakesOf(route)).toEqual([]);
  });

  it.each([
    { what: 'that lead nowhere', route: {}, at: ['0'] },
    { what: 'that lead to two things', route: { service, redirect: { to: '/b' } }, at: ['0'] },
    { what: 'with a star inside a host', route: { service, host: 'a.*.com' }, at: ['0.host'] },
    { what: 'with a star alone', route: { service, host: '*' }, at: ['0.host'] },
    { what: 'with a host and a port', route: { service, host: 'a.example:80' }, at: ['0.host'] },
    { what: 'with a host in upper case', route: { service, host: 'A.example' }, at: ['0.host'] },
    { what: 'with an encoded slash in their path', route: { service, path: '/a%2Fb' }, at: ['0.path'] },
    {
      what: 'with an encoded slash in lower case',
      route: { service, path: '/a%2fb', encodedSlashes: 'keep' },
      at: ['0.path'],
    },
    {
      what: 'that hide what is never reachable',
      route: { service, path: '/internal%2Fusers', encodedSlashes: 'keep' },
      at: ['0.path'],
    },
    { what: 'with a prefix they do not have', route: { service, stripPrefix: '/b' }, at: ['0.stripPrefix'] },
    {
      what: 'stripped to what is never reachable',
      route: { service, path: '/api/internal/**', stripPrefix: '/api' },
      at: ['0.stripPrefix'],
    },
    {
      what: 'with a rewrite and a prefix',
      route: { service, path: '/a/b', rewrite: '/c', stripPrefix: '/a' },
      at: ['0.stripPrefix'],
    },
    {
      what: 'with a rewrite to nothing',
      route: { answer: {}, rewrite: '/b', requestHeaders: { remove: ['X-A'] } },
      at: ['0.rewrite', '0.requestHeaders'],
    },
    {
      what: 'with a redirect that cannot be filled in',
      route: { redirect: { to: 'https://a.example/{x}/**' } },
      at: ['0.redirect.to', '0.redirect.to'],
    },
    {
      what: 'with a redirect that leaves the scheme open',
      route: { redirect: { to: '//evil/' } },
      at: ['0.redirect.to'],
    },
    { what: 'with a body where there is none', route: { answer: { status: 204, body: 'x' } }, at: ['0.answer.body'] },
    {
      what: 'with one header twice',
      route: { service, headers: [{ name: 'X-A' }, { name: 'x-a', is: '1' }] },
      at: ['0.headers.1.name'],
    },
    {
      what: 'with one parameter twice',
      route: { service, query: [{ name: 'a' }, { name: 'a', is: '1' }] },
      at: ['0.query.1.name'],
    },
    {
      what: 'with two conditions on one header',
      route: { service, headers: [{ name: 'X-A', is: '1', present: true }] },
      at: ['0.headers.0'],
    },
    {
      what: 'chosen by what a client says about itself',
      route: { service, headers: [{ name: 'X-Roles', is: 'admin' }, { name: 'x_user_id' }, { name: 'Forwarded' }] },
      at: ['0.headers.0.name', '0.headers.1.name'],
    },
    {
      what: 'with two hands on a header of cors',
      route: {
        service,
        cors: { origins: ['*'] },
        answerHeaders: { set: { 'Access-Control-Max-Age': '1' }, remove: ['access-control-allow-origin'] },
      },
      at: ['0.answerHeaders.set.Access-Control-Max-Age', '0.answerHeaders.remove.0'],
    },
    {
      what: 'that set who the caller is',
      route: { service, requestHeaders: { set: { X_User_Id: '1' } } },
      at: ['0.requestHeaders.set.X_User_Id'],
    },
  ])('may not be $what', ({ route, at }) => {
    expect(mistakesOf(route)).toEqual(at);
  });

  it('may be equally specific only if their priority says which goes first', () => {
    const [one, two] = ['A', 'B'].map((name) => ({ service, path: '/x', headers: [{ name }] }));
    expect(mistakesOf({ ...one }, { ...two })).toEqual(['1.path']);
    expect(mistakesOf({ ...one, priority: 1 }, { ...two })).toEqual([]);
  });

  it('say with whom they collide', () => {
    const result = gatewayConfiguration.safeParse({
      services,
      routes: [
        { id: 'old', path: '/a/{x}', service },
        { id: 'new', path: '/a/{y}', service },
      ],
    });
    expect(result.error?.issues[0]?.message).toMatch(/the same requests as the route old/);
  });

  it('are found with their place though another part is wrong', () => {
    expect(mistakesOf({ service: 'nobody' }, { service, host: 'UPPER' }, {})).toEqual(['1.host', '0.service', '2']);
  });
});
