import { requireNode } from './require-node.js';

function run(version: string) {
  const said: string[] = [];
  const codes: number[] = [];
  const stderr = { write: (text: string) => said.push(text) };
  requireNode({ version, execPath: '/usr/bin/node', stderr, exit: (code) => void codes.push(code) });
  return { said: said.join(''), codes };
}

describe('requireNode', () => {
  it.each(['v22.19.0', 'v22.20.1', 'v24.0.0', 'v100.1.0'])('lets %s run', (version) => {
    expect(run(version)).toEqual({ said: '', codes: [] });
  });

  it.each(['v18.0.0', 'v20.20.2', 'v22.18.9'])('says what is missing on %s', (version) => {
    const { said, codes } = run(version);
    expect(codes).toEqual([78]);
    for (const word of [version, '/usr/bin/node', '22.19', 'npm start']) expect(said).toContain(word);
    expect(said.trimEnd().split('\n')).toHaveLength(1);
  });
});
