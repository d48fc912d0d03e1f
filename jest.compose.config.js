import projects from './jest.config.js';

const [, system] = projects.projects;

/** `npm run test:compose`: what needs a Docker engine and the stack of docker-compose.yml, up and healthy. */
export default {
  projects: [{ ...system, displayName: 'compose', testMatch: ['<rootDir>/test/compose/**/*.compose.ts'] }],
  // They stop one another's services.
  maxWorkers: 1,
};
