import { LogLevels } from './log-levels.js';

describe('LogLevels', () => {
  it('has one level for all, and others for some', () => {
    const levels = new LogLevels('info');
    levels.set('Sql', 'debug');
    levels.set('Chatter', 'silent');
    expect(levels.isEnabled('Sql', 'debug')).toBe(true);
    expect(levels.isEnabled('Other', 'debug')).toBe(false);
    expect(levels.isEnabled('Other', 'info')).toBe(true);
    expect(levels.isEnabled('Chatter', 'fatal')).toBe(false);
    levels.setRoot('error');
    expect(levels.isEnabled('Other', 'info')).toBe(false);
    levels.setRoot(undefined);
    expect(levels.isEnabled('Other', 'info')).toBe(true);
  });

  it('tells the level that lets all of them through', () => {
    const levels = new LogLevels('info');
    const told: string[] = [];
    levels.onChange((widest) => told.push(widest));
    levels.set('Sql', 'trace');
    levels.set('Sql', undefined);
    levels.setRoot('silent');
    expect(told).toEqual(['trace', 'info', 'silent']);
  });

  it('remembers no more names than a process has loggers', () => {
    const levels = new LogLevels('info');
    for (let index = 0; index < 2_000; index++) levels.isEnabled(`logger-${index}`, 'info');
    expect(levels.names.length).toBeLessThanOrEqual(500);
    const taken = Array.from({ length: 2_000 }, (_, index) => levels.set(`other-${index}`, 'debug'));
    expect(taken.filter(Boolean).length).toBeLessThanOrEqual(500);
  });
});
