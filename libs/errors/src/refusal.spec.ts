import { catalogue, type ErrorCode, isErrorCode } from './catalogue.js';
import { problemSchemaOf } from './problem-schema.js';
import { toProblem } from './problem.js';
import { invalidField, Refusal } from './refusal.js';

const at = { instance: '/projects', requestId: 'request-1' };

describe('Refusal', () => {
  it('keeps what the caller may see apart from what is for the log', () => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.7');
    const refusal = new Refusal('SERVICE_UNAVAILABLE', {
      detail: 'Try later.',
      internal: 'tenant-service is down',
      cause,
    });
    expect(refusal.cause).toBe(cause);
    expect(refusal.message).toBe('tenant-service is down');

    const shown = JSON.stringify(toProblem(refusal, at));
    expect(shown).toContain('Try later.');
    expect(shown).not.toMatch(/tenant-service|10\.0\.0\.7/);
  });

  it('shows what the caller needs to go on, and lets it replace nothing of the problem', () => {
    const members = { challenge: { token: 't' }, status: 200, code: 'NONE' };
    const problem = toProblem(new Refusal('AUTH_SECOND_FACTOR_REQUIRED', { members }), at);
    expect(problem).toMatchObject({ challenge: { token: 't' }, status: 401, code: 'AUTH_SECOND_FACTOR_REQUIRED' });
  });

  it('says when to come back to what is not there for the moment, and to nothing else', () => {
    expect(new Refusal('SERVICE_UNAVAILABLE').headers).toEqual({ 'retry-after': '1' });
    expect(new Refusal('SERVICE_OVERLOADED', { headers: { 'retry-after': '7' } }).headers).toEqual({
      'retry-after': '7',
    });
    expect(new Refusal('SERVICE_TIMEOUT').headers).toEqual({});
  });

  it('names one bad field', () => {
    expect(invalidField('pageToken', 'INVALID_FORMAT', 'Send it as it came.')).toMatchObject({
      code: 'REQUEST_INVALID',
      errors: [{ field: 'pageToken', code: 'INVALID_FORMAT', message: 'Send it as it came.' }],
    });
  });
});

describe('toProblem', () => {
  it('has the members of RFC 9457 and ours, and none that is empty', () => {
    expect(toProblem(new Refusal('RESOURCE_NOT_FOUND'), at)).toEqual({
      type: 'urn:gatehouse:error:resource-not-found',
      title: 'There is no such thing',
      status: 404,
      instance: '/projects',
      code: 'RESOURCE_NOT_FOUND',
      requestId: 'request-1',
    });
  });
});

const codes = Object.keys(catalogue) as ErrorCode[];
const sentences = /^[A-Z`].*\.$/;

describe('the catalogue', () => {
  it.each(Object.entries(catalogue))('describes %s with a status that fits its kind', (code, entry) => {
    expect(code).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/);
    expect(entry.status).toBeGreaterThanOrEqual(400);
    expect(entry.status).toBeLessThan(600);
    expect(entry.title).not.toMatch(/[.!]$/);
    expect(entry.remedy).toMatch(/\.$/);
  });

  it.each(codes)('says in sentences what makes Gatehouse answer %s, and what to look at then', (code) => {
    for (const text of [catalogue[code].cause, catalogue[code].check]) {
      expect(text).toMatch(sentences);
      expect(text.split(' ').length).toBeGreaterThanOrEqual(4);
    }
  });

  it('says no two times the same', () => {
    const texts = codes.flatMap((code) => [catalogue[code].cause, catalogue[code].check]);
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
  });

  it.each(codes)('keeps cause and check of %s out of the problem and of its schema', (code) => {
    const { cause, check } = catalogue[code];
    const shown = JSON.stringify([toProblem(new Refusal(code), at), problemSchemaOf(code)]);
    for (const text of [cause, check]) expect(shown).not.toContain(JSON.stringify(text).slice(1, -1));
  });

  it.each([
    { area: 'AUTH_', status: 401 },
    { area: 'ACCESS_', status: 403 },
  ])('answers everything in $area with $status', ({ area, status }) => {
    const entries = Object.entries(catalogue).filter(([code]) => code.startsWith(area));
    expect(new Set(entries.map(([, entry]) => entry.status))).toEqual(new Set([status]));
  });

  it('knows its own codes, and not what every object has', () => {
    expect(codes.every(isErrorCode)).toBe(true);
    expect(['toString', '__proto__', 'internal', ''].some(isErrorCode)).toBe(false);
  });
});
